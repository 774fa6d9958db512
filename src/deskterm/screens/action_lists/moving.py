"""Moving through lists, texts and tabs: the same keys everywhere, remapped once."""

from deskterm.screens.action import EVERYWHERE, Action
from deskterm.widgets.moving import MOVES, TABS

_FILTERED = ("board", "letters", "notices", "inbox", "guides", "solutions")
_TABBED = ("board", "ticket", "letters", "notices", "inbox", "insight")
_PAGED = ("ticket", "inbox", "solutions", "words")
"""Screens on which Space has nothing else to do."""

MOVING = (
    *(Action(*one, "Moving", EVERYWHERE, palette=False, focused=True) for one in MOVES),
    *(Action(*one, "Moving", _TABBED, palette=False, focused=True) for one in TABS),
    Action("page_on", "space", "Page down", "One page down.", "Moving", _PAGED, palette=False),
    Action(
        "filter",
        "slash",
        "Filter",
        "Find by words; on the board with the query language, e.g. is:open vpn.",
        "View",
        _FILTERED,
        footer=8,
    ),
)
"""Digits choose a tab; they are plain keys of the part with tabs, not commands with a name."""
