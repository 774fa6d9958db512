"""Commands of the screen of notices."""

from deskterm.screens.action import Action

_HERE = ("notices",)


def _verb(name: str, keys: str, label: str, text: str, footer: int = 0) -> Action:
    needs = "notice" if name in ("open", "seen") else ""
    return Action(f"notice_{name}", keys, label, text, "Notices", _HERE, needs=needs, footer=footer)


NOTICES = (
    _verb("open", "enter", "Open", "Open the ticket at what happened.", 2),
    _verb("seen", "space", "Seen", "Mark it as seen and move on.", 3),
    _verb("seen_all", "a", "All seen", "Mark all of them as seen.", 4),
    _verb("wishes", "o", "Told of", "Choose what you are told of, and whether by mail.", 9),
)
