"""Commands of the screen of notices."""

from deskterm.screens.action import Action

_HERE = ("notices",)


def _move(name: str, keys: str, label: str, text: str) -> Action:
    return Action(f"notice_{name}", keys, label, text, "Moving", _HERE, palette=False)


def _verb(name: str, keys: str, label: str, text: str, footer: int = 0) -> Action:
    needs = name in ("open", "seen")
    return Action(
        f"notice_{name}", keys, label, text, "Notices", _HERE, needs_ticket=needs, footer=footer
    )


NOTICES = (
    _move("down", "j,down", "Down", "One notice down."),
    _move("up", "k,up", "Up", "One notice up."),
    _move("page_down", "pagedown,ctrl+f", "Page down", "One page down."),
    _move("page_up", "pageup,ctrl+b", "Page up", "One page up."),
    _move("first", "g,home", "First", "To the newest."),
    _move("last", "G,end", "Last", "To the oldest."),
    _verb("open", "enter", "Open", "Open the ticket at what happened.", 2),
    _verb("seen", "space", "Seen", "Mark it as seen and move on.", 3),
    _verb("seen_all", "a", "All seen", "Mark all of them as seen.", 4),
    _verb("filter", "slash", "Filter", "Filter by words.", 5),
    _verb("next_view", "right_square_bracket,tab", "Next view", "New, urgent, all."),
    _verb("view_before", "left_square_bracket,shift+tab", "View before", "New, urgent, all."),
    _verb("wishes", "o", "Told of", "Choose what you are told of, and whether by mail.", 6),
)
"""1–3 choose a view; they are plain keys of the screen, not commands with a name."""
