"""Commands of the screen of how the desk works."""

from deskterm.screens.action import Action

_HERE = ("insight",)


def _move(name: str, keys: str, label: str, text: str) -> Action:
    return Action(f"insight_{name}", keys, label, text, "Moving", _HERE, palette=False)


def _verb(name: str, keys: str, label: str, text: str, footer: int = 0) -> Action:
    return Action(f"insight_{name}", keys, label, text, "Insight", _HERE, footer=footer)


INSIGHT = (
    _move("down", "j,down", "Down", "One line down."),
    _move("up", "k,up", "Up", "One line up."),
    _move("first", "g,home", "First", "To the first line."),
    _move("last", "G,end", "Last", "To the last line."),
    _verb("open", "enter", "Tickets", "Show the tickets behind the line on the board.", 2),
    _verb("shorter", "left,h", "Shorter", "A shorter period: a year, 90 days, 30 days.", 3),
    _verb("longer", "right,l", "Longer", "A longer period: 30 days, 90 days, a year.", 4),
    _verb("copy", "C", "Copy CSV", "Copy what is shown as CSV to the clipboard.", 6),
    _verb("next_part", "right_square_bracket,tab", "Next part", "Steps, mistakes, customers.", 5),
    _verb("part_before", "left_square_bracket,shift+tab", "Part before", "The part before."),
)
"""1–3 choose a part; they are plain keys of the screen, not commands with a name."""
