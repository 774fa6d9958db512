"""Commands of the list of guides and of the drawing of one."""

from deskterm.screens.action import Action

_LIST = ("guides",)
_BOTH = ("guides", "graph")


def _move(name: str, keys: str, label: str, text: str) -> Action:
    return Action(name, keys, label, text, "Moving", _BOTH, palette=False)


GUIDES = (
    _move("guides_down", "j,down", "Down", "One line down."),
    _move("guides_up", "k,up", "Up", "One line up."),
    _move("guides_page_down", "pagedown,ctrl+f", "Page down", "One page down."),
    _move("guides_page_up", "pageup,ctrl+b", "Page up", "One page up."),
    _move("guides_first", "g,home", "First", "To the beginning."),
    _move("guides_last", "G,end", "Last", "To the end."),
    Action(
        "guides_open",
        "enter",
        "Draw",
        "Draw the guide with what use tells at every question.",
        "Guides",
        _LIST,
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
    Action("guides_try", "w", "Try", "Walk it without a ticket.", "Guides", _BOTH, footer=4),
    Action(
        "guides_mermaid",
        "c",
        "Copy chart",
        "Copy it as a Mermaid flowchart.",
        "Guides",
        _BOTH,
        footer=5,
    ),
    Action("guides_filter", "slash", "Filter", "Find guides by words.", "Guides", _LIST, footer=6),
)
