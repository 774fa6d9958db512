"""Marking in a list whose verbs act on many lines at once: its keys, and which lines are marked."""

from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

from deskterm.widgets.moving import Move

MARKS = (
    Move("mark", "space", "Mark", "Mark the ticket and move on."),
    Move("mark_range", "v", "Range", "Start a range; moving extends it; v again ends it."),
    Move("extend_down", "shift+down", "Range down", "Mark and extend the range downwards."),
    Move("extend_up", "shift+up", "Range up", "Mark and extend the range upwards."),
    Move("mark_all", "asterisk", "Mark all", "Mark all tickets in the filter, or none."),
)


class Marks:
    """Marked ticket numbers, and the range being drawn; `told` is called after every change."""

    def __init__(self, told: Callable[[], None]) -> None:
        self.ids: set[int] = set()
        self._told = told
        self._anchor: int | None = None
        self._before: set[int] = set()

    @property
    def ranging(self) -> bool:
        """True while a range follows the cursor."""
        return self._anchor is not None

    def toggle(self, number: int) -> None:
        """Mark it, or take the mark away."""
        self.ids ^= {number}
        self._told()

    def add(self, numbers: Iterable[int]) -> None:
        """Mark these too."""
        self.ids.update(numbers)
        self._told()

    def clear(self) -> None:
        """Forget all marks and the range."""
        self.ids = set()
        self.end()

    def start(self, place: int) -> None:
        """Start a range at this place of the table."""
        self._anchor = place
        self._before = set(self.ids)

    def extend(self, order: Sequence[int], place: int) -> None:
        """Mark everything between the start of the range and this place."""
        if self._anchor is not None:
            first, last = sorted((self._anchor, place))
            self.ids = self._before | set(order[first : last + 1])
            self._told()

    def end(self) -> None:
        """End the range; its marks stay."""
        self._anchor = None
        self._before = set()
        self._told()


class Markable(Protocol):
    """What has lines that can be marked."""

    marks: Marks
    ids: Sequence[int]
    cursor: int

    @property
    def cursor_id(self) -> int | None:
        """What stands under the cursor."""

    def move(self, lines: int, extend: bool = False) -> None:
        """Move by lines; with `extend` a range of marks follows."""


class Marking:
    """The actions behind `MARKS`, for a widget that is `Markable`."""

    def action_mark(self: Markable) -> None:
        """Mark or unmark what is under the cursor, and move on."""
        if self.cursor_id is not None:
            self.marks.toggle(self.cursor_id)
            self.move(1)

    def action_mark_range(self: Markable) -> None:
        """Start a range at the cursor, or end the one that runs."""
        if self.marks.ranging:
            self.marks.end()
        elif self.cursor_id is not None:
            self.marks.start(self.cursor)
            self.marks.extend(self.ids, self.cursor)

    def action_extend_down(self: Markable) -> None:
        """Extend the range down."""
        self.move(1, extend=True)

    def action_extend_up(self: Markable) -> None:
        """Extend the range up."""
        self.move(-1, extend=True)

    def action_mark_all(self: Markable) -> None:
        """Mark everything, or take all marks away where all are marked."""
        if len(self.marks.ids) >= len(self.ids):
            self.marks.clear()
        else:
            self.marks.add(self.ids)


def place_of(ids: Sequence[int], number: int, otherwise: int) -> int:
    """Give the place of a ticket, or the old place where it is gone."""
    try:
        return ids.index(number)
    except ValueError:
        return otherwise
