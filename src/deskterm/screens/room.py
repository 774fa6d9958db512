"""Room in the window: where there is too little nothing is laid out, so that any size is fine."""

from typing import TYPE_CHECKING, TypeVar

from textual.geometry import Size

if TYPE_CHECKING:
    from textual.screen import Screen

R = TypeVar("R")

NO_ROOM = "-no-room"
"""The class of a screen or dialog for which the window is too small: nothing of it is laid out."""
SMALLEST = (60, 15)
"""Columns and lines below which one line asks for a larger window."""


def has_room(size: Size) -> bool:
    """Tell whether a window is large enough to lay anything out."""
    return size.width >= SMALLEST[0] and size.height >= SMALLEST[1]


def fits(screen: "Screen[R]", size: Size | None) -> bool:
    """Hide what has no room, or show it again, before Textual lays it out for this size.

    False where the size is over: laid out for it, a screen tells itself of the one before, and two
    that come together would follow each other for ever.

    Text laid out in no columns at all ends the program, and a size can come at any moment: a
    dialog may be half composed, its list not there yet. Textual has no public place for it, so a
    screen's `_refresh_layout` asks for it; nothing in the parts changes.
    """
    if size is not None and size != screen.app.size:
        return False
    size = screen.outer_size if size is None else size
    small = not has_room(size)
    if size and screen.has_class(NO_ROOM) != small:
        screen.set_class(small, NO_ROOM)
        screen.app.stylesheet.update(screen)
    return True


def look_for_size(screen: "Screen[R]") -> None:
    """Give a screen the classes of its breakpoints before its parts are there.

    Textual gives them when it hears of the size, and then styles all parts a second time.
    """
    size, classes = screen.app.size, list[str]()
    steps = (
        (size.width, screen.HORIZONTAL_BREAKPOINTS),
        (size.height, screen.VERTICAL_BREAKPOINTS),
    )
    for length, breakpoints in steps:
        reached = [step for step in breakpoints or () if step[0] <= length]
        classes += [max(reached)[1]] if reached else []
    screen.add_class(*classes)


def may_draw(screen: "Screen[R]") -> bool:
    """Tell whether a screen is to be drawn when Textual draws it; asked by `_compositor_refresh`.

    Not while drawing is held back: it would be thrown away. And where all of it is drawn now, not
    once more in the same turn.
    """
    if screen.app._batch_count:
        return False
    if screen.is_current and screen.size.region in screen._compositor._dirty_regions:
        screen._repaint_required = False
    return True
