"""Moving in anything that has lines: one set of keys, bound by whatever has the focus.

A part that can be moved through takes `Moving` as its first base and `bound(*MOVES)` among its
BINDINGS. `screens/action_lists/general.py` makes the same records known to help and key map.
"""

from typing import NamedTuple, Protocol

from textual.binding import Binding


class Move(NamedTuple):
    """A way of moving: its id in the key map, its keys, its words."""

    id: str
    keys: str
    label: str
    help: str


MOVES = (
    Move("down", "j,down", "Down", "One line down."),
    Move("up", "k,up", "Up", "One line up."),
    Move("page_down", "pagedown,ctrl+f", "Page down", "One page down."),
    Move("page_up", "pageup,ctrl+b", "Page up", "One page up."),
    Move("first", "g,home", "First", "To the beginning."),
    Move("last", "G,end", "Last", "To the end."),
)
TABS = (
    Move("next_tab", "right_square_bracket,tab", "Next tab", "To the tab on the right."),
    Move("tab_before", "left_square_bracket,shift+tab", "Tab before", "To the tab on the left."),
)


def bound(*moves: Move) -> list[Binding]:
    """Give the bindings of these moves."""
    return [Binding(one.keys, one.id, one.label, id=one.id) for one in moves]


class Movable(Protocol):
    """What can be moved through by lines, by pages and to its ends."""

    def move(self, lines: int) -> None:
        """Move by lines, up where it is negative."""

    def move_page(self, by: int) -> None:
        """Move by pages."""

    def move_to_end(self, last: bool) -> None:
        """Go to the end, or to the beginning."""


class Moving:
    """The actions behind `MOVES`, for a widget that is `Movable`."""

    def action_down(self: Movable) -> None:
        """One line down."""
        self.move(1)

    def action_up(self: Movable) -> None:
        """One line up."""
        self.move(-1)

    def action_page_down(self: Movable) -> None:
        """One page down."""
        self.move_page(1)

    def action_page_up(self: Movable) -> None:
        """One page up."""
        self.move_page(-1)

    def action_first(self: Movable) -> None:
        """To the beginning."""
        self.move_to_end(last=False)

    def action_last(self: Movable) -> None:
        """To the end."""
        self.move_to_end(last=True)
