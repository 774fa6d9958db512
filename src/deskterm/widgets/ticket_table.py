"""The virtual ticket table: any number of tickets, only the rows on the screen in memory.

It knows the ids in order (a compact array) and a bounded store of rows; lines are strips in a
cache. Rows that are missing are asked for with `RowsWanted` and drawn as placeholders until
`put_rows` brings them.
"""

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from rich.style import Style
from textual import events
from textual.binding import BindingType
from textual.cache import LRUCache
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from deskterm.domain.rows import BoardRow
from deskterm.widgets.marking import MARKS, Marking, Marks, place_of
from deskterm.widgets.moving import MOVES, Moving, bound
from deskterm.widgets.ticket_columns import DEFAULT, fitting
from deskterm.widgets.ticket_lines import LinePainter

if TYPE_CHECKING:
    from datetime import datetime


ROWS_KEPT = 2_000
WINDOW_MARGIN = 40
"""Rows fetched beyond the screen on either side."""


class TicketTable(Moving, Marking, ScrollView, can_focus=True, inherit_bindings=False):
    """Tickets in lines with a cursor and marks. Its owner fetches rows and binds the other keys."""

    BINDINGS: ClassVar[list[BindingType]] = [*bound(*MOVES, *MARKS)]

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
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"ticket-table--{name}"
        for name in ("header", "cursor", "marked", "urgent", "number", "waits", "dim", "hint")
    }

    cursor: reactive[int] = reactive(0, repaint=False)
    columns: reactive[tuple[str, ...]] = reactive(DEFAULT, repaint=False)
    hint: reactive[str] = reactive("")
    """What is said where there are no tickets."""

    @dataclass
    class RowsWanted(Message):
        """These tickets are on or near the screen and their rows are not known."""

        ids: list[int]

    @dataclass
    class CursorMoved(Message):
        """Another ticket is under the cursor; None where there is none."""

        id: int | None

    @dataclass
    class Opened(Message):
        """A ticket was double-clicked."""

        id: int

    @dataclass
    class MenuAsked(Message):
        """A ticket was clicked with the right button at this place of the screen."""

        x: int
        y: int

    @dataclass
    class HeadClicked(Message):
        """The head of a column was clicked."""

        sort: str
        """What `sort:` calls it; empty where nothing is sorted by it."""

    @dataclass
    class MarksChanged(Message):
        """This many tickets are marked."""

        count: int

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's word
        super().__init__(id=id)
        self.ids: Sequence[int] = array("q")
        self.marks = Marks()
        self.now: datetime | None = None
        """The instant ages are counted to; set by the owner, every minute."""
        self._rows: dict[int, BoardRow] = {}
        self._stale: set[int] = set()
        self._wanted: set[int] = set()
        self._lines: LRUCache[tuple[object, ...], Strip] = LRUCache(400)
        self._painter: LinePainter | None = None

    # --- what it shows ---------------------------------------------------------------

    def show_ids(self, ids: Sequence[int], keep: bool = True) -> None:
        """Show these tickets in this order; with `keep` the cursor stays on its ticket.

        A person who has scrolled away from the cursor is not pulled back to it.
        """
        held = self.cursor_id if keep else None
        away = keep and held is not None and not self._on_screen(self.cursor)
        place = self.cursor if keep else 0
        self.ids = ids
        if held is not None and not (place < len(ids) and ids[place] == held):
            place = place_of(ids, held, place)
        self._wanted.clear()
        self._resize_virtual()
        self.refresh()
        self._put_cursor(place, always=True, follow=not away)

    def show_rows(self, rows: Sequence[BoardRow], keep: bool = True) -> None:
        """Show a first page at once, before the snapshot of all ids is there."""
        self.put_rows(rows)
        self.show_ids(array("q", [row.id for row in rows]), keep)

    def put_rows(self, rows: Iterable[BoardRow]) -> None:
        """Take rows that were asked for."""
        for row in rows:
            self._rows.pop(row.id, None)
            self._rows[row.id] = row
            self._stale.discard(row.id)
            self._wanted.discard(row.id)
        while len(self._rows) > ROWS_KEPT:
            del self._rows[next(iter(self._rows))]
        self.refresh()

    def mark_stale(self) -> None:
        """Something changed: draw what is known, ask for every row on the screen anew."""
        self._stale = set(self._rows.keys())
        self._wanted.clear()
        self.refresh()

    def row(self, number: int | None) -> BoardRow | None:
        """Give the row of a ticket where it is known."""
        return None if number is None else self._rows.get(number)

    @property
    def cursor_id(self) -> int | None:
        """The ticket under the cursor."""
        return self.ids[self.cursor] if 0 <= self.cursor < len(self.ids) else None

    @property
    def cursor_row(self) -> BoardRow | None:
        """The row under the cursor, where it is known."""
        return self.row(self.cursor_id)

    def chosen_ids(self) -> list[int]:
        """Give the marked tickets in the table's order, else the one under the cursor."""
        if self.marks.ids:
            marked = self.marks.ids
            return [number for number in self.ids if number in marked] or sorted(marked)
        return [] if self.cursor_id is None else [self.cursor_id]

    @property
    def columns_drawn(self) -> list[str]:
        """The chosen columns that the window has room for."""
        return [column.key for column, _ in self._paint().columns]

    # --- moving -------------------------------------------------------------------

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
        if self.marks.ranging:
            self.marks.extend(self.ids, self.cursor)
            self._marks_changed()

    def _on_screen(self, place: int) -> bool:
        return 0 <= place - round(self.scroll_y) < self.page

    def _put_cursor(self, place: int, always: bool = False, follow: bool = True) -> None:
        place = max(0, min(place, len(self.ids) - 1))
        before, self.cursor = self.cursor, place
        if follow and not self._on_screen(place):
            top = round(self.scroll_y)
            self.scroll_to(
                y=place if place < top else place - self.page + 1, animate=False, force=True
            )
        if before != place or always:
            self._refresh_row(before)
            self._refresh_row(place)
            self.post_message(self.CursorMoved(self.cursor_id))

    # --- marks ---------------------------------------------------------------------

    def toggle_mark(self) -> None:
        """Mark or unmark the ticket under the cursor and go on to the next."""
        if self.cursor_id is not None:
            self.marks.toggle(self.cursor_id)
            self._refresh_row(self.cursor)
            self._marks_changed()
            self.move(1)

    def toggle_range(self) -> None:
        """Start a range at the cursor, or end the one that runs."""
        if self.marks.ranging:
            self.marks.end()
        elif self.cursor_id is not None:
            self.marks.start(self.cursor)
            self.marks.extend(self.ids, self.cursor)
        self._marks_changed()

    def mark(self, numbers: Iterable[int]) -> None:
        """Mark these tickets too."""
        self.marks.add(numbers)
        self._marks_changed()

    def mark_all(self) -> None:
        """Mark every ticket, or take all marks away where all are marked."""
        if len(self.marks.ids) >= len(self.ids):
            self.unmark_all()
        else:
            self.mark(self.ids)

    def unmark_all(self) -> None:
        """Forget every mark."""
        self.marks.clear()
        self._marks_changed()

    def _marks_changed(self) -> None:
        self.refresh()
        self.post_message(self.MarksChanged(len(self.marks.ids)))

    # --- drawing -------------------------------------------------------------------

    def _resize_virtual(self) -> None:
        self.virtual_size = Size(self.scrollable_content_region.width, len(self.ids) + 1)

    def on_resize(self) -> None:
        """Choose the columns anew."""
        self.repaint()
        self._resize_virtual()

    def show_now(self, now: "datetime") -> None:
        """Show ages as they are now."""
        self.now = now
        self.repaint()

    def repaint(self) -> None:
        """Forget drawn lines: width, columns, colours or the minute changed."""
        self._painter = None
        self._lines.clear()
        self.refresh()

    def notify_style_update(self) -> None:
        """Forget drawn lines when the colours change."""
        super().notify_style_update()
        self.repaint()

    def watch_columns(self) -> None:
        """Draw with the new columns; what the rows do not hold yet is asked for."""
        self.mark_stale()
        self.repaint()

    def watch_has_focus(self, _has_focus: bool) -> None:
        """Draw the cursor for the new focus."""
        super().watch_has_focus(_has_focus)
        self.repaint()

    def _refresh_row(self, place: int) -> None:
        line = place - round(self.scroll_y) + 1
        if 1 <= line <= self.page:
            self.refresh(Region(0, line, self.size.width, 1))

    def render_lines(self, crop: Region) -> list[Strip]:
        """Give the lines; a scrollbar that came or went changes their width."""
        painter = self._painter
        if painter is not None and painter.width != self.scrollable_content_region.width:
            self._painter = None
            self._lines.clear()
            self._resize_virtual()
        return super().render_lines(crop)

    def _paint(self) -> LinePainter:
        if self._painter is None:
            styles = {
                name.rpartition("--")[2]: self.get_component_rich_style(name, partial=True)
                for name in self.COMPONENT_CLASSES
            }
            for name in ("header", "cursor"):
                styles[name] = self._on_background(name)
            width = self.scrollable_content_region.width
            self._painter = LinePainter(fitting(self.columns, width - 4), width, styles)
        return self._painter

    def _on_background(self, name: str) -> Style:
        """Give a component's style with its background mixed into the table's own."""
        part = self.get_component_styles(f"ticket-table--{name}")
        style = self.get_component_rich_style(f"ticket-table--{name}", partial=True)
        if self.app.native_ansi_color:
            return Style(color=style.color, bold=style.bold, reverse=style.reverse)
        mixed = (self.background_colors[1] + part.background).rich_color
        return style + Style(bgcolor=mixed)

    def render_line(self, y: int) -> Strip:
        """Give one line of the screen: the header, a ticket, the hint or nothing."""
        painter = self._paint()
        base = self.rich_style
        if y == 0:
            return painter.header().apply_style(base)
        place = round(self.scroll_y) + y - 1
        if place >= len(self.ids):
            return painter.hint("" if self.ids else self.hint, y - 2).apply_style(base)
        number = self.ids[place]
        row = self._rows.get(number)
        if row is None or number in self._stale:
            self._ask_for(place)
        if self.now is None:
            return Strip.blank(painter.width, base)
        version = -1 if row is None else row.version
        key = (number, version, place == self.cursor, number in self.marks.ids)
        strip = self._lines.get(key)
        if strip is None:
            line = painter.placeholder(number) if row is None else painter.ticket(row, self.now)
            strip = painter.dress(line, row, key[2], key[3]).apply_style(base)
            self._lines[key] = strip
        return strip

    def _ask_for(self, place: int) -> None:
        """Ask for the window around a place, once; a newer ask takes the place of an older."""
        if self.ids[place] in self._wanted:
            return
        top = round(self.scroll_y)
        window = self.ids[max(0, top - WINDOW_MARGIN) : top + self.page + WINDOW_MARGIN]
        missing = [number for number in window if number in self._stale or number not in self._rows]
        self._wanted = set(missing)
        self.post_message(self.RowsWanted(missing))

    # --- mouse ----------------------------------------------------------------------

    def on_click(self, event: events.Click) -> None:
        """Left: cursor, mark (left edge, ctrl), range (shift), open (twice). Right: menu."""
        if event.y < 1:
            head = self._paint().head_at(event.x)
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
            self._marks_changed()
        elif event.chain == 2:
            self.post_message(self.Opened(self.ids[place]))
