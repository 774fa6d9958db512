"""Commands that every screen with one list has."""

from deskterm.screens.action import Action

_PAGED = ("inbox", "solutions", "words")
"""Screens on which Space has nothing else to do."""
_FILTERED = ("letters", "notices", "inbox", "guides", "solutions")
_TABBED = ("letters", "notices", "inbox", "insight")
_LISTS = (*_FILTERED, "graph", "problems", "insight", "words", "workload")


def _move(name: str, keys: str, label: str, text: str, where: tuple[str, ...] = _LISTS) -> Action:
    return Action(f"list_{name}", keys, label, text, "Moving", where, palette=False)


LISTED = (
    _move("down", "j,down", "Down", "One line down."),
    _move("up", "k,up", "Up", "One line up."),
    _move("page_down", "pagedown,ctrl+f", "Page down", "One page down."),
    _move("page_on", "space", "Page down", "One page down.", _PAGED),
    _move("page_up", "pageup,ctrl+b", "Page up", "One page up."),
    _move("first", "g,home", "First", "To the beginning."),
    _move("last", "G,end", "Last", "To the end."),
    _move("next_view", "right_square_bracket,tab", "Next view", "The view on the right.", _TABBED),
    _move("view_before", "left_square_bracket,shift+tab", "View before", "The left one.", _TABBED),
    Action("list_filter", "slash", "Filter", "Find by words.", "View", _FILTERED, footer=8),
)
"""Numbers choose a view; they are plain keys of the screen, not commands with a name."""
