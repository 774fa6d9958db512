"""Commands of the guide screen."""

from deskterm.screens.action import Action

_GUIDE = ("guide",)


def _action(name: str, keys: str, label: str, text: str, *, palette: bool = True) -> Action:
    return Action(name, keys, label, text, "Guide", _GUIDE, palette=palette)


GUIDE: tuple[Action, ...] = (
    _action("answer", "enter", "Answer", "Give the answer in hand, the usual one.", palette=False),
    _action("answer_yes", "y", "Yes", "Answer yes.", palette=False),
    _action("answer_no", "n", "No", "Answer no.", palette=False),
    _action("step_back", "left,backspace,h", "Back", "Take the last answer back."),
    _action("edit_answer", "e", "Edit answer", "Change an earlier answer."),
    _action("skip_question", "minus", "Skip", "Leave the question out, with a reason."),
    _action("note_run", "i", "Note", "Keep a note beside this question."),
    _action("copy_command", "c", "Copy command", "Copy the diagnostic command."),
    _action("run_command", "R", "Run command", "Run the diagnostic command; it is asked first."),
    _action("end_solved", "s", "Solved", "It is solved: say how, before the guide's end."),
    _action("end_escalated", "greater_than_sign", "Escalate", "Hand over now, with what was done."),
    _action("hand_over", "a", "Hand over", "Give this run to another technician."),
    _action("transcript", "t", "Transcript", "Read everything that was answered."),
    _action("abandon", "x", "Abandon", "Leave the guide for good, with a reason."),
)
"""1–9 answer; they are plain keys of the screen. Esc pauses: the run waits on the ticket."""
