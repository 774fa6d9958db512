"""Room in the window: where there is too little nothing is laid out, so that any size is fine."""

from typing import TYPE_CHECKING

from textual.geometry import Size
from textual.message_pump import MessagePump

if TYPE_CHECKING:
    from textual.widget import Widget

    class Base(Widget):
        """What is asked of a screen here."""

        def _refresh_layout(self, size: Size | None = None, scroll: bool = False) -> None: ...
else:
    # No screen at run time: Textual takes the style of a class from its first base with styles.
    Base = MessagePump

NO_ROOM = "-no-room"
"""The class of a screen or dialog for which the window is too small: nothing of it is laid out."""
SMALLEST = (60, 15)
"""Columns and lines below which one line asks for a larger window."""


def has_room(size: Size) -> bool:
    """Tell whether a window is large enough to lay anything out."""
    return size.width >= SMALLEST[0] and size.height >= SMALLEST[1]


class Roomy(Base):
    """A screen whose parts are hidden where they have no room; nothing in them changes."""

    def _refresh_layout(self, size: Size | None = None, scroll: bool = False) -> None:
        """Hide what has no room, or show it again, before Textual lays it out for this size.

        Text laid out in no columns at all ends the program, and a size can come at any moment: a
        dialog may be half composed, its list not there yet. Textual has no public place for it.
        """
        size = self.outer_size if size is None else size
        small = not has_room(size)
        if size and self.has_class(NO_ROOM) != small:
            self.set_class(small, NO_ROOM)
            self.app.stylesheet.update(self)
        super()._refresh_layout(size, scroll)
