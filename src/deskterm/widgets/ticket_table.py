"""The virtual ticket table: any number of tickets, only the rows on the screen in memory.

It knows the ids in order (a compact array) and a bounded store of rows; lines are strips in a
cache. Rows that are missing are asked for with `RowsWanted` and drawn as placeholders until
`put_rows` brings them.
"""

from array import array
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.binding import BindingType
from textual.geometry import Region, Size
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from deskterm.domain.rows import BoardRow
from deskterm.widgets.marking import MARKS, Marking, Marks, place_of
from deskterm.widgets.moving import MOVES, Moving, bound
from deskterm.widgets.telling import Telling
from deskterm.widgets.ticket_columns import DEFAULT
from deskterm.widgets.ticket_lines import TablePaint

if TYPE_CHECKING:
    from datetime import datetime


ROWS_KEPT = 2_000


class TicketRows:
    """Rows by ticket, those that are out of date, and those that were asked for."""

    def __init__(self) -> None:
        self._rows: dict[int, BoardRow] = {}
        self._stale: set[int] = set()
        self._asked: set[int] = set()

    def __len__(self) -> int:
        return len(self._rows)

    def get(self, number: int | None) -> BoardRow | None:
        """Give the row of a ticket where it is known, also one that is out of date."""
        return None if number is None else self._rows.get(number)

    def lacks(self, number: int) -> bool:
        """Tell whether the row is not known as it is now."""
        return number in self._stale or number not in self._rows

    def put(self, rows: Iterable[BoardRow]) -> set[int]:
        """Take rows; the oldest give way. Gives the tickets that look another way than before."""
        altered = set()
        for row in rows:
            before = self._rows.pop(row.id, None)
            self._rows[row.id] = row if before is None or before != row else before
            if self._rows[row.id] is not before:
                altered.add(row.id)
            self._stale.discard(row.id)
            self._asked.discard(row.id)
        while len(self._rows) > ROWS_KEPT:
            del self._rows[next(iter(self._rows))]
        return altered

    def grow_old(self, but: Iterable[int] = ()) -> None:
        """Something changed: every row is out of date, `but` those that were looked at."""
        self._stale = self._rows.keys() - set(but)
        self._asked.clear()

    def ask(self, number: int, window: Sequence[int]) -> list[int]:
        """Give what is lacking of the window around a ticket, once.

        A newer ask takes the place of an older; nothing where the ticket was asked for.
        """
        if number in self._asked:
            return []
        missing = [one for one in window if self.lacks(one)]
        self._asked = set(missing)
        return missing

    def forget_asked(self) -> None:
        """Nothing is under way any more: another list is shown."""
        self._asked.clear()


WINDOW_MARGIN = 40
"""Rows fetched beyond the screen on either side."""


_PARTS = ("header", "cursor", "marked", "urgent", "number", "waits", "dim", "hint")


class TicketTable(Moving, Marking, ScrollView, can_focus=True, inherit_bindings=False):
    """Tickets in lines with a cursor and marks. Its owner fetches rows and binds the other keys."""

    BINDINGS: ClassVar[list[BindingType]] = [*bound(*MOVES, *MARKS)]
    AT_ONCE: ClassVar[frozenset[str]] = frozenset(one.id for one in (*MOVES, *MARKS))
    """Bindings after which cursor and marks are as they shall be: no later key waits for more."""

    DEFAULT_CSS = """
    TicketTable {
        background: $background; color: $foreground; overflow-x: hidden;
        scrollbar-size-vertical: 1;
        & > .ticket-table--header { text-style: bold; color: $text-muted; background: $surface; }
        & > .ticket-table--cursor { background: $primary 20%; }
        & > .ticket-table--marked { color: $accent; text-style: bold; }
        & > .ticket-table--urgent { color: $error; text-style: bold; }
        & > .ticket-table--number { color: $secondary; }
        & > .ticket-table--waits { color: $warning; }
        & > .ticket-table--dim { color: $text-muted; }
        & > .ticket-table--hint { color: $text-muted; }
        &:focus > .ticket-table--cursor { background: $primary 38%; text-style: bold; }
        &:ansi > .ticket-table--cursor, &:nocolor > .ticket-table--cursor { text-style: reverse; }
    }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"ticket-table--{name}" for name in _PARTS}

    cursor: reactive[int] = reactive(0, repaint=False)
    columns: reactive[tuple[str, ...]] = reactive(DEFAULT)
    now: reactive["datetime | None"] = reactive(None)
    """The instant ages are counted to; set by the owner, every minute."""
    hint: reactive[str] = reactive("")
    """What is said where there are no tickets."""
    wanted: int | None = None
    """The ticket that the cursor goes to when it is shown next; moving takes that back."""

    class RowsWanted(Telling):
        """These tickets are on or near the screen and their rows are not known."""

        ids: list[int]

    class CursorMoved(Telling):
        """Another ticket is under the cursor; None where there is none."""

        id: int | None

    class Opened(Telling):
        """A ticket was double-clicked."""

        id: int

    class MenuAsked(Telling):
        """A ticket was clicked with the right button at this place of the screen."""

        x: int
        y: int

    class HeadClicked(Telling):
        """The head of a column was clicked."""

        sort: str
        """What `sort:` calls it; empty where nothing is sorted by it."""

    class MarksChanged(Telling):
        """This many tickets are marked."""

        count: int

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's word
        super().__init__(id=id)
        self.ids: Sequence[int] = array("q")
        self.rows = TicketRows()
        """Those in memory."""
        self.marks = Marks(self._marks_changed)
        self.paint = TablePaint(self, "ticket-table--", _PARTS)

    # --- what it shows ---------------------------------------------------------------

    def show_ids(self, ids: Sequence[int], keep: bool = True) -> None:
        """Show these tickets in this order; with `keep` the cursor stays on its ticket.

        A person who has scrolled away from the cursor is not pulled back to it. Where they are
        shown already nothing is drawn.
        """
        ids = ids if isinstance(ids, array) else array("q", ids)
        if keep and ids and ids == self.ids and self.wanted is None:
            self.rows.forget_asked()
            return
        held = self.cursor_id if keep else None
        if self.wanted is not None and self.wanted in ids:
            held, self.wanted = self.wanted, None
        away = keep and held is not None and self.cursor not in self.places
        place = self.cursor if keep else 0
        self.ids = ids
        if held is not None and not (place < len(ids) and ids[place] == held):
            place = place_of(ids, held, place)
        self.rows.forget_asked()
        self._resize_virtual()
        self.refresh()
        self._put_cursor(place, always=True, follow=not away)

    def put_rows(self, rows: Iterable[BoardRow]) -> set[int]:
        """Take rows that were asked for; draw and give those that are another than before."""
        altered = self.rows.put(rows)
        for place in self.places:
            if self.ids[place] in altered:
                self._refresh_row(place)
        if self.cursor_id in altered:
            self.post_message(self.CursorMoved(self.cursor_id))
        return altered

    @property
    def cursor_id(self) -> int | None:
        """The ticket under the cursor."""
        return self.ids[self.cursor] if 0 <= self.cursor < len(self.ids) else None

    def chosen_ids(self) -> list[int]:
        """Give the marked tickets in the table's order, else the one under the cursor."""
        if self.marks.ids:
            marked = self.marks.ids
            return [number for number in self.ids if number in marked] or sorted(marked)
        return [] if self.cursor_id is None else [self.cursor_id]

    # --- moving -------------------------------------------------------------------

    @property
    def places(self) -> range:
        """The places that are on the screen."""
        top = round(self.scroll_y)
        return range(top, min(top + self.page, len(self.ids)))

    @property
    def page(self) -> int:
        """Lines of tickets on the screen."""
        return max(1, self.scrollable_content_region.height - 1)

    def move(self, lines: int, extend: bool = False) -> None:
        """Move the cursor by lines; with `extend` a range of marks follows it."""
        self.move_to(self.cursor + lines, extend)

    def move_page(self, by: int) -> None:
        """Move the cursor by pages."""
        self.move(by * self.page)

    def move_to_end(self, last: bool) -> None:
        """Go to the first or the last ticket."""
        self.move_to(len(self.ids) - 1 if last else 0)

    def move_to(self, place: int, extend: bool = False) -> None:
        """Move the cursor to a place, 0 first, clamped."""
        before = self.cursor
        if extend and not self.marks.ranging:
            self.marks.start(before)
        self._put_cursor(place)
        self.marks.extend(self.ids, self.cursor)

    def _put_cursor(self, place: int, always: bool = False, follow: bool = True) -> None:
        place = max(0, min(place, len(self.ids) - 1))
        before, self.cursor = self.cursor, place
        if not always:
            self.wanted = None
        if follow and self.ids and place not in self.places:
            top = round(self.scroll_y)
            self.scroll_to(
                y=place if place < top else place - self.page + 1, animate=False, force=True
            )
        if before != place or always:
            self._refresh_row(before)
            self._refresh_row(place)
            self.post_message(self.CursorMoved(self.cursor_id))

    def _marks_changed(self) -> None:
        self.refresh()
        self.post_message(self.MarksChanged(len(self.marks.ids)))

    # --- drawing -------------------------------------------------------------------

    @on(events.Resize)
    def _resize_virtual(self) -> None:
        self.virtual_size = Size(self.scrollable_content_region.width, len(self.ids) + 1)

    def watch_columns(self) -> None:
        """Ask for what the rows do not hold yet of the new columns."""
        self.rows.grow_old()

    def notify_style_update(self) -> None:
        """Forget drawn lines when the colours change."""
        super().notify_style_update()
        self.paint.forget()
        self.refresh()

    def _refresh_row(self, place: int) -> None:
        line = place - round(self.scroll_y) + 1
        if 1 <= line <= self.page:
            self.refresh(Region(0, line, self.size.width, 1))

    def render_lines(self, crop: Region) -> list[Strip]:
        """Give the lines; a scrollbar that came or went changes their width."""
        before = self.paint.painter.width
        self.paint.begin(self.columns, self.now)
        if before != self.paint.painter.width:
            self._resize_virtual()
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        """Give one line of the screen: the header, a ticket, the hint or nothing."""
        if y == 0:
            return self.paint.painter.header().apply_style(self.paint.base)
        place = round(self.scroll_y) + y - 1
        if place >= len(self.ids):
            said = "" if self.ids else self.hint
            return self.paint.painter.hint(said, y - 2).apply_style(self.paint.base)
        number = self.ids[place]
        if self.rows.lacks(number):
            top = round(self.scroll_y)
            window = self.ids[max(0, top - WINDOW_MARGIN) : top + self.page + WINDOW_MARGIN]
            if missing := self.rows.ask(number, window):
                self.post_message(self.RowsWanted(missing))
        marked = number in self.marks.ids
        return self.paint.ticket(number, self.rows.get(number), place == self.cursor, marked)

    # --- mouse ----------------------------------------------------------------------

    def on_click(self, event: events.Click) -> None:
        """Left: cursor, mark (left edge, ctrl), range (shift), open (twice). Right: menu."""
        if event.y < 1:
            head = self.paint.painter.head_at(event.x)
            if head is not None:
                self.post_message(self.HeadClicked(head.sort))
            return
        place = round(self.scroll_y) + event.y - 1
        if place >= len(self.ids):
            return
        if event.shift:
            self.move_to(place, extend=True)
            self.marks.end()
            return
        self.move_to(place)
        if event.button == 3:
            self.post_message(self.MenuAsked(event.screen_x, event.screen_y))
        elif event.ctrl or event.x < 3:
            self.marks.toggle(self.ids[place])
        elif event.chain == 2:
            self.post_message(self.Opened(self.ids[place]))
