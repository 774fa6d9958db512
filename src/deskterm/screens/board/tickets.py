"""The board's list of tickets: views, table and filter line, with its reading and its keys."""

from random import uniform
from time import monotonic
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.widget import Widget

from deskterm.domain import clock
from deskterm.domain.presence import sign
from deskterm.screens.board.reading import SPREAD, Reading
from deskterm.screens.board.views import BoardTabs, words
from deskterm.screens.work import Working
from deskterm.widgets.moving import TABS, bound
from deskterm.widgets.query_line import QueryLine
from deskterm.widgets.telling import Telling
from deskterm.widgets.ticket_table import TicketTable
from deskterm.widgets.view_tabs import ViewTabs

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.timer import Timer

    from deskterm.screens.board.callout import Callout
    from deskterm.screens.board.calls import CallsLine


READ_EVERY = 5.0
"""Seconds at least between two readings of all, where others change something."""


class TicketList(Widget, Working):
    """Shows the tickets of one query. Each load names it, so that a late answer is not drawn."""

    BINDINGS: ClassVar[list[BindingType]] = [*bound(*TABS)]

    class Chosen(Telling):
        """Another ticket is under the cursor, or others are marked."""

        id: int | None
        """The ticket under the cursor."""

    class Whole(Message):
        """The order of all tickets of the query is there."""

    def __init__(self, above: "Iterable[Callout | CallsLine]", beside: Widget) -> None:
        super().__init__()
        self.tabs, self.table, self.line = BoardTabs(), TicketTable(), QueryLine(words())
        self.reader = Reading(self, self.table, self.line, self.tabs, self.whole)
        self._above, self._beside = tuple(above), beside
        self._read_at, self._around_due = 0.0, False
        self._later: Timer | None = None
        """The reading of all that waits for its time."""

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
        self.line.show_query(self.reader.query)
        self.desk_app.presence.changed.subscribe(self, lambda _: _show_here(self))

    # --- reading -----------------------------------------------------------------------

    def read_all(self) -> None:
        """Read the tickets, then what stands around them."""
        self._read_at, self._around_due = monotonic(), True
        if self._later is not None:
            self._later.stop()
            self._later = None
        self.reader.again()

    def hear(self) -> None:
        """Somebody changed something: look what at once; read all, and around it, at leisure."""
        rest = READ_EVERY - (monotonic() - self._read_at)
        self.reader.look()
        self._later = self._later or self.set_timer(max(rest, uniform(*SPREAD)), self.read_all)

    def whole(self) -> None:
        """All tickets of the query are there: read what stands around them, where that is due."""
        if self._around_due:
            self._around_due = False
            self.read_around()
        self.post_message(self.Whole())

    def read_around(self) -> None:
        """Read the views with their counts, and what is called out above the tickets."""
        for part in (self.tabs, *self._above):
            part.read()

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
        self.reader.begin(query)

    @on(QueryLine.Asked)
    def _asked(self, message: QueryLine.Asked) -> None:
        if message.confirmed:
            self._leave_line()
            if self.reader.outside is not None and message.query == self.reader.query:
                self.show_query(self.reader.outside.query)
                return
        if message.confirmed or message.query != self.reader.query:
            self.tabs.active = self.tabs.place_of(message.query)
            self.reader.begin(message.query)

    def _leave_line(self) -> None:
        self.table.focus()
        self.line.end()

    def show_place(self) -> None:
        """Show in the filter line where the cursor is, and in which order."""
        many = len(self.table.ids)
        place = f"{self.table.cursor + 1} of {many}" if many else "none"
        self.line.show_found(
            f"{f'sort {self.reader.order}   ' if self.reader.order else ''}{place}"
        )

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


def _show_here(part: TicketList) -> None:
    """Show by a sign who else has which ticket open; lines that stay as they are are kept."""
    there = part.desk_app.presence.there
    part.table.paint.here = {number: sign(some) for number, some in there.items()}
    part.table.refresh()
