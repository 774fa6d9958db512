"""Commands of the solutions screen."""

from deskterm.screens.action import Action

_HERE = ("solutions",)


def _verb(name: str, keys: str, label: str, text: str, footer: int = 0) -> Action:
    return Action(
        f"solution_{name}",
        keys,
        label,
        text,
        "Solutions",
        _HERE,
        needs="solution",
        footer=footer,
    )


SOLUTION = (
    _verb("read", "enter", "Read", "Read it on the whole screen; Esc goes back.", 2),
    _verb("use", "s", "Use", "Use it on the ticket: proposed, selected, put in the reply.", 3),
    _verb("send", "m", "Send", "Answer the ticket with it at once, as it stands now."),
    _verb("worked", "plus", "Worked", "It worked on this ticket: counted once a ticket.", 4),
    _verb("failed", "minus", "Did not", "It did not work here: the solution is flagged.", 5),
    _verb("publish", "P", "Publish", "Review and publish: how far trusted, and who may read.", 6),
    _verb("edit", "e", "Edit", "Change it in a form; every edit is kept.", 7),
    _verb("editor", "E", "Editor", "Change all of it in your own editor."),
    _verb("renew", "R", "Renew", "It is still right: flags go, its review is due in a year."),
    _verb("history", "h", "History", "Show or hide every edit, use and rating."),
    _verb("retire", "D", "Retire", "Archive it: kept, but not offered any more."),
    Action(
        "solution_new",
        "n",
        "New",
        "Write a draft; of a resolved ticket with its facts filled in.",
        "Solutions",
        _HERE,
    ),
    Action(
        "solution_wanted",
        "w",
        "Write next",
        "What to write next: questions that keep coming, by the time they cost; Enter begins one.",
        "Solutions",
        _HERE,
    ),
    Action(
        "solution_stale",
        "o",
        "Old",
        "Show those to look at again, with the reason: due, failing, unused, old drafts; or all.",
        "View",
        _HERE,
    ),
    Action(
        "solution_all",
        "a",
        "All",
        "Show all solutions, or those that fit the ticket.",
        "View",
        _HERE,
    ),
)
