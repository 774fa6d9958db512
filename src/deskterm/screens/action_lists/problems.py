"""Commands of the screen of problems."""

from deskterm.screens.action import Action

_HERE = ("problems",)


def _verb(name: str, keys: str, label: str, text: str, footer: int = 0) -> Action:
    needs = "problem" if name != "ended" else ""
    return Action(
        f"problem_{name}", keys, label, text, "Problems", _HERE, needs=needs, footer=footer
    )


PROBLEMS = (
    _verb("read", "enter", "Read", "Read all that is known of it, or go back to the list.", 2),
    _verb("mark", "comma", "Tickets", "Show its open tickets on the board, all marked.", 3),
    _verb("tell", "r", "Tell", "Tell the owners of devices that fit, before they call.", 4),
    _verb("edit", "e", "Edit", "Change what is known of it.", 5),
    _verb("end", "x", "End", "End it and its announcement; solve its tickets.", 6),
    _verb("announce", "A", "Announce", "Announce it on every board, or end the announcement."),
    _verb("ended", "a", "All", "Show also those that ended, or only the open ones.", 7),
)
