"""Answers, back, edit, skip, notes, commands: functions with the guide screen as their owner."""

from typing import TYPE_CHECKING

from deskterm.domain.text import clean
from deskterm.screens.guide import endings
from deskterm.widgets.picker import Pick

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from deskterm.guides.view import RunView
    from deskterm.screens.action import Flow
    from deskterm.screens.desk import Diagnosis
    from deskterm.screens.guide.walk_part import Ask, Walks
    from deskterm.screens.guide.walking import Walking


def answer_place(owner: "Walking", place: int) -> None:
    """Give the answer at a place, from 0."""

    def plan(view: "RunView") -> "Ask | None":
        if view.conclusion is not None:
            answer_named(owner, ("finish", "back")[place] if place < 2 else "")
        elif not view.input and place < len(view.options):
            return _answer(view, view.options[place].answer)
        else:
            owner.say(f"There is no answer {place + 1} here.", "warning")
        return None

    owner.turns.plan(plan)


def answer_named(owner: "Walking", name: str) -> None:
    """Do what the line in hand is for."""
    if name == "finish":
        endings.finish_reached(owner)
    elif name == "back":
        step_back(owner)
    elif name:
        answer_place(owner, int(name))


def answer_words(owner: "Walking", text: str) -> None:
    """Give an answer that was typed."""
    owner.turns.plan(lambda view: _answer(view, text) if view.conclusion is None else None)


def answer_yes(owner: "Walking") -> None:
    """Answer yes."""
    _word(owner, "yes")


def answer_no(owner: "Walking") -> None:
    """Answer no."""
    _word(owner, "no")


def _word(owner: "Walking", word: str) -> None:
    def plan(view: "RunView") -> "Ask | None":
        if view.conclusion is not None:
            answer_named(owner, "finish" if word == "yes" else "back")
            return None
        said = [option.answer.casefold() for option in view.options]
        if word in said:
            return _answer(view, view.options[said.index(word)].answer)
        starts = [place for place, answer in enumerate(said) if answer.startswith(word + ",")]
        if len(starts) == 1:
            return _answer(view, view.options[starts[0]].answer)
        owner.say(f"“{word}” is no answer here: press its number.", "warning")
        return None

    owner.turns.plan(plan)


# --- turns ------------------------------------------------------------------------------


def step_back(owner: "Walking") -> None:
    """Take the last answer back."""
    owner.turns.plan(lambda view: lambda walks: walks.back(view.id, view.version))


def skip_question(owner: "Walking") -> None:
    """Leave the question out."""
    if owner.view is None or owner.view.conclusion is not None:
        owner.say("The guide has come to its end.", "warning")
        return
    _line(owner, "Skip this question", "Why?", lambda walks, run, text: walks.skip(run, text))


def note_run(owner: "Walking") -> None:
    """Keep a note."""
    _line(owner, "Note", "", lambda walks, run, text: walks.note(run, text))


def _line(
    owner: "Walking",
    title: str,
    question: str,
    act: "Callable[[Walks, int, str], RunView]",
) -> None:
    from deskterm.screens.dialogs.ask import LineDialog

    def said(text: str | None) -> None:
        if text:
            owner.turns.plan(lambda view: lambda walks: act(walks, view.id, text))

    owner.app.push_screen(LineDialog(title, question, needed="Say it in a line."), said)


def edit_answer(owner: "Walking") -> None:
    """Change an earlier answer."""
    from deskterm.screens.dialogs.ask import PickDialog

    view = owner.view
    if view is None or not view.trail:
        owner.say("Nothing was answered yet.", "warning")
        return

    def chosen(value: str | None) -> None:
        if value:
            _edit(owner, view, int(value))

    offered = [
        Pick(str(place), passed.question, passed.answer)
        for place, passed in reversed(list(enumerate(view.trail)))
    ]
    owner.app.push_screen(PickDialog("Change which answer?", offered), chosen)


def _edit(owner: "Walking", view: "RunView", place: int) -> None:
    from deskterm.screens.dialogs.ask import LineDialog, PickDialog

    passed = view.trail[place]

    def changed(reply: str | None) -> None:
        if reply:
            owner.turns.plan(
                lambda now: lambda walks: walks.edit(now.id, place, reply, now.version)
            )

    if passed.choices:
        offered = [Pick(answer, answer) for answer in passed.choices]
        owner.app.push_screen(PickDialog(passed.question, offered), changed)
    else:
        dialog = LineDialog(passed.question, "", passed.answer, "Type an answer.")
        owner.app.push_screen(dialog, changed)


# --- commands ---------------------------------------------------------------------------


def copy_command(owner: "Walking") -> None:
    """Copy the command as it can be typed into a shell."""
    command = _command(owner)
    if command:
        owner.app.copy_to_clipboard(clean(command, one_line=True))
        owner.say("Copied the command.")


def run_command(owner: "Walking") -> None:
    """Ask, then run the command."""
    from deskterm.screens.dialogs.ask import AskDialog

    command = _command(owner)
    if not command:
        return

    def agreed(yes: bool | None) -> None:
        if yes and owner.view is not None:
            run = owner.view.id
            owner.said = "Running …"
            owner.change(lambda walks: walks.diagnose(run, command), diagnosed)

    def diagnosed(found: "tuple[RunView, Diagnosis, int | None]") -> None:
        view, said, owner.meant = found
        owner.view = view
        owner.said = said.text

    question = f"{command}\n\nIts output is kept on the ticket, where customers do not see it."
    owner.app.push_screen(AskDialog("Run this on your machine?", question), agreed)


def _command(owner: "Walking") -> str:
    view = owner.view
    if view is not None and view.command:
        return view.command
    trouble = view.command_trouble if view else ""
    owner.say(trouble or "This question has no command.", "warning")
    return ""


def _answer(view: "RunView", reply: str) -> "Ask":
    return lambda walks: walks.answer(view.id, reply, view.version)


def answer(owner: "Walking") -> None:
    """Give the answer in hand, or what is typed."""
    owner.walk.answer()


def open_session(owner: "Walking") -> None:
    """Open a session to the device of the ticket that the guide is walked on."""
    from deskterm.screens.flows.remote import begin

    view = owner.view
    if view is None or view.ticket is None:
        owner.desk_app.say("A rehearsal has no ticket, and so no device.", "warning")
    else:
        begin(owner, view.ticket)


FLOWS: "Mapping[str, Flow]" = {
    "answer": answer,
    "answer_yes": answer_yes,
    "answer_no": answer_no,
    "step_back": step_back,
    "skip_question": skip_question,
    "note_run": note_run,
    "edit_answer": edit_answer,
    "copy_command": copy_command,
    "run_command": run_command,
    "open_session": open_session,
}
