"""Commands of what the desk knows: guides, solutions, problems."""

from deskterm.screens.action import Action, Making

_GUIDE = ("guide",)
_guide = Making("Guide", _GUIDE)
_answer = Making("Guide", _GUIDE, palette=False)

GUIDE: tuple[Action, ...] = (
    _answer("answer", "enter", "Answer", "Give the answer in hand, the usual one."),
    _answer("answer_yes", "y", "Yes", "Answer yes."),
    _answer("answer_no", "n", "No", "Answer no."),
    _guide("step_back", "left,backspace,h", "Back", "Take the last answer back."),
    _guide("edit_answer", "e", "Edit answer", "Change an earlier answer."),
    _guide("skip_question", "minus", "Skip", "Leave the question out, with a reason."),
    _guide("note_run", "i", "Note", "Keep a note beside this question."),
    _guide("copy_command", "c", "Copy command", "Copy the diagnostic command."),
    _guide("run_command", "R", "Run command", "Run the diagnostic command; it is asked first."),
    _guide("open_session", "v", "Remote", "Open a session to the device; it is asked first."),
    _guide("end_solved", "s", "Solved", "It is solved: say how, before the guide's end."),
    _guide("end_escalated", "greater_than_sign", "Escalate", "Hand over now, with what was done."),
    _guide("hand_over", "a", "Hand over", "Give this run to another technician."),
    _guide("transcript", "t", "Transcript", "Read everything that was answered."),
    _guide("abandon", "x", "Abandon", "Leave the guide for good, with a reason."),
)
"""1–9 answer; they are plain keys of the screen. Esc pauses: the run waits on the ticket."""

_GUIDES = ("guides",)
_DRAWN = ("guides", "graph")
_EDITOR = ("editor",)
_editor = Making("Editor", _EDITOR)

GUIDES = (
    Action(
        "guides_open",
        "enter",
        "Draw",
        "Draw the guide with what use tells at every question.",
        "Guides",
        _GUIDES,
        footer=2,
    ),
    Action(
        "graph_follow",
        "enter",
        "Follow",
        "Go to where a node is drawn, or to where it is named again.",
        "Guides",
        ("graph",),
        footer=2,
    ),
    Action("guides_try", "w", "Try", "Walk it without a ticket.", "Guides", _DRAWN, footer=4),
    Action(
        "guides_mermaid",
        "c",
        "Copy chart",
        "Copy it as a Mermaid flowchart.",
        "Guides",
        _DRAWN,
        footer=5,
    ),
    Action("guides_edit", "e", "Edit", "Change the guide.", "Guides", _DRAWN, footer=3),
    Action(
        "guides_new",
        "n",
        "New",
        "Write a new guide, from a pattern or from a Mermaid file.",
        "Guides",
        _GUIDES,
        footer=9,
    ),
    _editor("editor_save", "ctrl+s", "Save", "Save as a new version; asks why.", 2),
    _editor("editor_try", "ctrl+t", "Try", "Walk the text as it stands; nothing is saved.", 3),
    _editor("editor_form", "f2", "Form", "Change the node in hand in a form, or go back.", 4),
    _editor("editor_external", "f8", "Editor", "Write it in your own editor.", 5),
    Action(
        "finding_open",
        "enter",
        "Jump",
        "Jump to the line of the finding in hand.",
        "Editor",
        _EDITOR,
        palette=False,
    ),
)

_SOLUTIONS = ("solutions",)
_solution = Making("Solutions", _SOLUTIONS, prefix="solution_", needs="solution")

SOLUTION = (
    _solution("read", "enter", "Read", "Read it on the whole screen; Esc goes back.", 2),
    _solution("use", "s", "Use", "Use it on the ticket: proposed, selected, put in the reply.", 3),
    _solution("send", "m", "Send", "Answer the ticket with it at once, as it stands now."),
    _solution("tip", "t", "Tip", "Write its tip to an audience, once a person; asks first."),
    _solution("worked", "plus", "Worked", "It worked on this ticket: counted once a ticket.", 4),
    _solution("failed", "minus", "Did not", "It did not work here: the solution is flagged.", 5),
    _solution(
        "publish", "P", "Publish", "Review and publish: how far trusted, and who may read.", 6
    ),
    _solution("edit", "e", "Edit", "Change it in a form; every edit is kept.", 7),
    _solution("editor", "E", "Editor", "Change all of it in your own editor."),
    _solution("renew", "R", "Renew", "It is still right: flags go, its review is due in a year."),
    _solution("history", "h", "History", "Show or hide every edit, use and rating."),
    _solution("retire", "D", "Retire", "Archive it: kept, but not offered any more."),
    Action(
        "solution_new",
        "n",
        "New",
        "Write a draft; of a resolved ticket with its facts filled in.",
        "Solutions",
        _SOLUTIONS,
    ),
    Action(
        "solution_wanted",
        "w",
        "Write next",
        "What to write next: questions that keep coming, by the time they cost; Enter begins one.",
        "Solutions",
        _SOLUTIONS,
    ),
    Action(
        "solution_stale",
        "o",
        "Old",
        "Show those to look at again, with the reason: due, failing, unused, old drafts; or all.",
        "View",
        _SOLUTIONS,
    ),
    Action(
        "solution_all",
        "a",
        "All",
        "Show all solutions, or those that fit the ticket.",
        "View",
        _SOLUTIONS,
    ),
)

_PROBLEMS = ("problems",)
_problem = Making("Problems", _PROBLEMS, prefix="problem_", needs="problem")

PROBLEMS = (
    _problem("read", "enter", "Read", "Read all that is known of it, or go back to the list.", 2),
    _problem("mark", "comma", "Tickets", "Show its open tickets on the board, all marked.", 3),
    _problem("tell", "r", "Tell", "Answer all requesters, then tell the owners of devices.", 4),
    _problem("owners", "o", "Owners", "Tell the owners of devices that fit, before they call."),
    _problem("edit", "e", "Edit", "Change what is known of it.", 5),
    _problem("measure", "p", "Measure", "Say how it ends: which measure, whose, when, its cost."),
    _problem("merge", "m", "Merge", "Let it be one with another problem, which stays."),
    _problem("split", "s", "Split", "Make some of its tickets a problem of their own."),
    _problem("end", "x", "End", "End it and its announcement; solve its tickets.", 6),
    _problem("track", "t", "Tracker", "Open it in an outside tracker; ask, tell, take over."),
    _problem("announce", "A", "Announce", "Announce it on every board, or end the announcement."),
    _problem(
        "ended", "a", "All", "Show also those that ended, or only the open ones.", 7, needs=""
    ),
)
