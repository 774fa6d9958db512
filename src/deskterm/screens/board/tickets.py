"""The board's list of tickets: views, table and filter line, with its reading and its keys."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.widget import Widget

from deskterm.domain import clock
from deskterm.domain.errors import DatabaseError, DeskError
from deskterm.domain.rows import BoardRow
from deskterm.screens.board.tabs import BoardTabs
from deskterm.screens.board.views import DEFAULTS, Outside, how_they_come, look, sort_of, words
from deskterm.screens.work import Working
from deskterm.widgets.moving import TABS, bound
from deskterm.widgets.query_line import QueryLine
from deskterm.widgets.ticket_table import TicketTable
from deskterm.widgets.view_tabs import ViewTabs

FIRST_PAGE = 60
RESTS = 2
"""The order of all rests this many times as long as reading it took; rows on screen do not."""
LONGEST_REST = 10.0
EMPTY = """No tickets here.

n logs a call · / filters · 1 shows all open ones"""
NOTHING_FITS = "/ changes the filter · Esc goes back to the open tickets"


class TicketList(Widget, Working):
    """Shows the tickets of one query. Each load names it, so that a late answer is not drawn."""

    BINDINGS: ClassVar[list[BindingType]] = [*bound(*TABS)]

    query_asked = DEFAULTS[0].query
    """The query whose tickets are shown or being read."""
    sort_words = ""
    """The order of the last query that could be read, in words."""
    reads = 0
    """How often the tickets were read since the start."""
    outside: Outside | None = None
    """What fits outside of the view, where nothing fits in it."""
    reading = False
    """True until the order of all is there."""
    _began = 0.0
    _rest_until = 0.0
    """The order of all is not read before, so that a large desk is not read without a pause."""
    _read_again = False

    @dataclass
    class Chosen(Message):
        """Another ticket is under the cursor, or others are marked."""

        id: int | None
        """The ticket under the cursor."""

    class Whole(Message):
        """The order of all tickets of the query is there."""

    def __init__(self, above: Iterable[Widget], beside: Widget) -> None:
        super().__init__()
        self.tabs, self.table, self.line = BoardTabs(), TicketTable(), QueryLine(words())
        self._above, self._beside = tuple(above), beside

    def compose(self) -> ComposeResult:
        """Give the views, what stands above the table and beside it, the filter line."""
        yield self.tabs
        yield from self._above
        yield Horizontal(self.table, self._beside, id="middle")
        yield self.line

    def on_mount(self) -> None:
        """Draw the frame; everything else comes when the desk is open."""
        self.table.hint = "Opening the desk …"
        self.table.now = clock.now()
        self.table.focus()
        self.line.show_query(self.query_asked)

    # --- reading -----------------------------------------------------------------------

    def read(self, query: str, keep: bool = False) -> None:
        """Read the tickets of a query: the first page at once, then the order of all."""
        self.query_asked = query
        self.reading = True
        self._began = monotonic()
        self.reads += 1

        def page(rows: list[BoardRow]) -> None:
            if query == self.query_asked:
                self._show_page(rows, keep)
                self.load(
                    lambda desk: desk.board.ids(query),
                    lambda ids: self._show_order(query, ids),
                    "board",
                    self._refused,
                )

        more = self.table.columns
        self.load(
            lambda desk: desk.board.first_page(query, FIRST_PAGE, more),
            page,
            "board",
            self._refused,
        )

    def _show_page(self, rows: list[BoardRow], keep: bool) -> None:
        table = self.table
        self.sort_words = sort_of(self.query_asked)
        table.now = clock.now()
        self.line.show_error("")
        table.put_rows(rows)
        if not keep or len(table.ids) <= len(rows):
            table.show_ids([row.id for row in rows], keep)
        hint = f"Nothing fits this filter.\n\n{NOTHING_FITS}"
        table.hint = EMPTY if self.tabs.active >= 0 else hint
        self.outside = None
        if not rows:
            _say_why_empty(self)

    def _show_order(self, query: str, ids: Sequence[int]) -> None:
        if query != self.query_asked:
            return
        self.table.show_ids(ids)
        self.reading = False
        self._rest_until = monotonic() + min(RESTS * (monotonic() - self._began), LONGEST_REST)
        self.tabs.read()
        self.post_message(self.Whole())
        if self._read_again:
            self._read_again = False
            self.read_again()

    def _refused(self, error: DeskError) -> None:
        self.reading = self._read_again = False
        if not isinstance(error, DatabaseError):
            self.line.show_error(str(error))

    def read_again(self) -> None:
        """Something changed: read anew, keep cursor and marks; never twice at the same time."""

        def rested() -> None:
            self._read_again = False
            self.read_again()

        if self.reading:
            self._read_again = True
            return
        self.table.rows.grow_old()
        self.table.refresh()
        rest = self._rest_until - monotonic()
        if rest <= 0:
            self.read(self.query_asked, keep=True)
        elif not self._read_again:
            self._read_again = True
            self.set_timer(rest, rested)

    @on(TicketTable.RowsWanted)
    def _rows_wanted(self, message: TicketTable.RowsWanted) -> None:
        more = self.table.columns
        self.load(lambda desk: desk.board.rows(message.ids, more), self.table.put_rows, "rows")

    @on(TicketTable.CursorMoved)
    @on(TicketTable.MarksChanged)
    def _chosen(self, message: Message) -> None:
        message.stop()
        self.post_message(self.Chosen(self.table.cursor_id))

    # --- views and filter ---------------------------------------------------------------

    @on(ViewTabs.Chosen)
    def _tab_clicked(self, message: ViewTabs.Chosen) -> None:
        self.show_view(message.place)

    def show_view(self, place: int) -> None:
        """Go to a view."""
        if 0 <= place < len(self.tabs.views):
            self.show_query(self.tabs.views[place].query, place)

    def show_query(self, query: str, place: int = -1) -> None:
        """Show the tickets of a query: that of the view at this place, or of none."""
        self.tabs.active = place
        self.line.show_query(query)
        self.table.marks.clear()
        self.read(query)

    @on(QueryLine.Asked)
    def _asked(self, message: QueryLine.Asked) -> None:
        if message.confirmed:
            self._leave_line()
            if self.outside is not None and message.query == self.query_asked:
                self.show_query(self.outside.query)
                return
        if message.confirmed or message.query != self.query_asked:
            self.tabs.active = self.tabs.place_of(message.query)
            self.read(message.query)

    def _leave_line(self) -> None:
        self.table.focus()
        self.line.end()

    def show_place(self) -> None:
        """Show in the filter line where the cursor is, and in which order."""
        many = len(self.table.ids)
        place = f"{self.table.cursor + 1} of {many}" if many else "none"
        self.line.show_found(f"{f'sort {self.sort_words}   ' if self.sort_words else ''}{place}")

    def step_back(self) -> None:
        """Take back one thing: typing, marks, filter."""
        if self.line.has_keys:
            self._leave_line()
        elif self.table.marks.ids:
            self.table.marks.clear()
        elif self.tabs.active < 0:
            self.show_view(0)

    def action_next_tab(self) -> None:
        """To the view on the right."""
        self.show_view(self.tabs.beside(1))

    def action_tab_before(self) -> None:
        """To the view on the left."""
        self.show_view(self.tabs.beside(-1))

    def on_key(self, event: events.Key) -> None:
        """Choose a view by its number."""
        if event.character and event.character in "123456789" and event.is_printable:
            self.show_view(int(event.character) - 1)
            event.stop()


def _say_why_empty(part: TicketList) -> None:
    """Say what fits outside the view, or how tickets come here."""
    table, query = part.table, part.query_asked

    def tell(words: str) -> None:
        if query == part.query_asked:
            table.hint = f"{EMPTY}\n{words}"

    if part.tabs.active >= 0:
        part.load(how_they_come, tell, "outside")
        return

    def offer(found: Outside | None) -> None:
        if found is not None and query == part.query_asked:
            part.outside = found
            table.hint = f"Nothing fits here. {found.words}\n\n{NOTHING_FITS}"

    part.load(lambda desk: look(desk, query), offer, "outside")
