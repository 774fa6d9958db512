"""Commands of the words of letters."""

from deskterm.screens.action import Action

_HERE = ("words",)


def _verb(name: str, keys: str, label: str, text: str, footer: int = 0) -> Action:
    return Action(f"words_{name}", keys, label, text, "Letters", _HERE, footer=footer)


WORDS = (
    _verb("edit", "e,enter", "Edit", "Write it in your own words; tried before they are kept.", 2),
    _verb("editor", "E", "Editor", "The same in your own editor.", 3),
    _verb("language", "l", "Language", "To the next language.", 4),
    _verb("show", "v", "View", "As it would look, the template, or the HTML.", 5),
    _verb("ticket", "t", "Ticket", "Fill it with a ticket of yours, by number.", 6),
    _verb("reset", "x", "Reset", "Back to the first words; asks first.", 7),
)
