"""Commands of the screen of how the desk works."""

from deskterm.screens.action import Action

_HERE = ("insight",)


def _verb(name: str, keys: str, label: str, text: str, footer: int = 0) -> Action:
    return Action(f"insight_{name}", keys, label, text, "Insight", _HERE, footer=footer)


INSIGHT = (
    _verb("open", "enter", "Tickets", "Show the tickets behind the line on the board.", 2),
    _verb("shorter", "left,h", "Shorter", "A shorter period: a year, 90 days, 30 days.", 3),
    _verb("longer", "right,l", "Longer", "A longer period: 30 days, 90 days, a year.", 4),
    _verb("copy", "C", "Copy CSV", "Copy what is shown as CSV to the clipboard.", 6),
)
