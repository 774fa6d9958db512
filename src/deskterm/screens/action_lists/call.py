"""Commands of the call intake. Its keys work while typing; letters and digits go into the form."""

from deskterm.screens.action import Action

_CALL = ("call",)


def _save(name: str, keys: str, label: str, text: str, footer: int) -> Action:
    return Action(name, keys, label, text, "Saving", _CALL, footer=footer)


def _form(name: str, keys: str, label: str, text: str, footer: int = 0) -> Action:
    return Action(name, keys, label, text, "The call", _CALL, footer=footer)


CALL = (
    _save("save", "ctrl+s", "Save", "Log the call as a new ticket.", 2),
    _save("save_guide", "ctrl+g", "Save+guide", "Log it and walk through a guide.", 3),
    _save("save_take", "ctrl+t", "Save+take", "Log it, take it and open it.", 4),
    _save("solved_now", "ctrl+r", "Solved now", "Log it solved, verified and closed.", 5),
    _form("call_urgent", "f2", "Urgent", "Switch urgent on or off, from every field.", 6),
    _form("call_channel", "f3", "Channel", "Phone, walk-up, chat and so on, from every field."),
    _form("call_category", "f4", "Category", "Take the category that triage proposes."),
    _form("call_same", "ctrl+l", "Same", "Link it to the open ticket that reads the same.", 7),
    _form("call_anew", "ctrl+n", "Anew", "Begin anew; what stands in the form is forgotten."),
)
