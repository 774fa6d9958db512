"""What the board reads: a first page, the order of all, rows, counts, the preview."""

from collections.abc import Callable, Mapping, Sequence
from time import monotonic
from typing import TYPE_CHECKING, Any

from textual.content import Content
from textual.widgets import Static

from deskterm.domain import clock
from deskterm.domain.errors import DatabaseError, DeskError
from deskterm.domain.rows import BoardRow, TicketView
from deskterm.screens.board.alike import Fits, fits
from deskterm.screens.board.calls import call_words
from deskterm.screens.board.moves import TableKeys
from deskterm.screens.board.views import COUNT_CAP, all_views, count_words, sort_of
from deskterm.widgets.preview import Preview
from deskterm.widgets.query_line import QueryLine
from deskterm.widgets.view_tabs import ViewTabs

if TYPE_CHECKING:
    from textual.timer import Timer

    from deskterm.domain.promised_rows import CallBackRow
    from deskterm.screens.desk import Desk

FIRST_PAGE = 60
RESTS = 2
"""The order of all rests this many times as long as reading it took; rows on screen do not."""
LONGEST_REST = 10.0
FITS_PAUSE = 0.3
"""Seconds the cursor rests before it is looked up what fits the ticket."""
EMPTY = """No tickets here.

n logs a call · / filters · 1 shows all open ones
Mail to the help desk appears by itself."""


NOTHING_FITS = """Nothing fits this filter.

/ changes it · Esc goes back to the open tickets"""


class BoardLoads(TableKeys):
    """Reading for the board. Each load names its query, so that a late answer is not drawn."""

    current_query = ""
    sort_words = ""
    """The order of the last query that could be read, in words."""
    _fits_timer: "Timer"
    shown_proposals: Mapping[int, Mapping[str, str]] = {}
    """What triage proposes for the ticket in the preview."""
    reads = 0
    """How often the tickets were read since the start."""
    _reading = False
    _began = 0.0
    _rest_until = 0.0
    """The order of all is not read before, so that a large desk is not read without a pause."""
    _read_again = False

    # --- tickets ---------------------------------------------------------------------

    def read_query(self, query: str, keep: bool) -> None:
        """Read the tickets of a query: the first page at once, then the order of all."""
        self.current_query = query
        self._reading = True
        self._began = monotonic()
        self.reads += 1

        def page(rows: list[BoardRow]) -> None:
            if query == self.current_query:
                self._show_page(rows, keep)
                self.load(
                    lambda desk: desk.tickets.board_ids(query),
                    lambda ids: self._show_order(query, ids),
                    "board",
                    self._query_refused,
                )

        self.load(
            lambda desk: desk.tickets.first_page(query, FIRST_PAGE),
            page,
            "board",
            self._query_refused,
        )

    def _show_page(self, rows: list[BoardRow], keep: bool) -> None:
        table = self.table
        self.sort_words = sort_of(self.current_query)
        table.now = clock.now()
        table.repaint()
        self.query_one(QueryLine).show_error("")
        if not keep or len(table.ids) <= len(rows):
            table.show_rows(rows, keep)
        else:
            table.put_rows(rows)
        table.hint = EMPTY if self.query_one(ViewTabs).active >= 0 else NOTHING_FITS

    def _show_order(self, query: str, ids: Sequence[int]) -> None:
        if query != self.current_query:
            return
        self.table.show_ids(ids)
        self._reading = False
        self._rest_until = monotonic() + min(RESTS * (monotonic() - self._began), LONGEST_REST)
        self._count_views()
        self.read_called()
        self.show_facts()
        if self._read_again:
            self._read_again = False
            self.read_again()

    def _query_refused(self, error: DeskError) -> None:
        self._reading = self._read_again = False
        if not isinstance(error, DatabaseError):
            self.query_one(QueryLine).show_error(str(error))

    def read_again(self) -> None:
        """Something changed: read anew, keep cursor and marks; never twice at the same time."""
        if self._reading:
            self._read_again = True
            return
        self.table.mark_stale()
        self.read_preview()
        rest = self._rest_until - monotonic()
        if rest <= 0:
            self.read_query(self.current_query, keep=True)
        elif not self._read_again:
            self._read_again = True
            self.set_timer(rest, self._read_after_rest)

    def _read_after_rest(self) -> None:
        self._read_again = False
        self.read_again()

    def read_rows(self, ids: list[int]) -> None:
        """Read the rows that the table misses."""
        self.load(lambda desk: desk.tickets.rows(ids), self.table.put_rows, "rows")

    # --- beside the tickets -------------------------------------------------------------

    def read_views(self) -> None:
        """Read the saved views."""
        self.load(lambda desk: desk.admin.views(), self._show_views, "views")

    def _show_views(self, saved: Sequence[Any]) -> None:
        self.query_one(ViewTabs).views = all_views(saved)
        self._count_views()

    def _count_views(self) -> None:
        views = self.query_one(ViewTabs).views

        def counts(desk: "Desk") -> list[str]:
            found = []
            for view in views:
                try:
                    found.append(count_words(desk.tickets.count(view.query, COUNT_CAP)))
                except DeskError:
                    found.append("?")
            return found

        self.load(counts, self._show_counts, "counts")

    def _show_counts(self, counts: list[str]) -> None:
        tabs = self.query_one(ViewTabs)
        for place, count in enumerate(counts):
            tabs.set_count(place, count)
        self.show_facts()

    def read_calls(self) -> None:
        """Read the call-backs that are due: a line above the tickets, whatever the view."""
        self.load(lambda desk: desk.tickets.call_backs(due=True), self._show_calls, "calls", _gone)

    def _show_calls(self, rows: "Sequence[CallBackRow]") -> None:
        line = self.query_one("#calls", Static)
        line.set_class(bool(rows), "-due")
        line.update(Content(call_words(rows, self.desk_app.desk.me, clock.now())))

    def read_preview(self) -> None:
        """Read the ticket under the cursor, where the preview is seen."""
        number = self.table.cursor_id
        preview = self.query_one(Preview)
        if not preview.display or self.app.size.width < 100:
            return
        if number is None:
            preview.show(None, clock.now())
            return
        self.load(lambda desk: desk.tickets.show(number), self._show_preview, "preview", _gone)

    def _show_preview(self, ticket: TicketView) -> None:
        if ticket.id == self.table.cursor_id:
            self.query_one(Preview).show(ticket, clock.now())
            self._fits_timer.stop()
            self._fits_timer = self.set_timer(FITS_PAUSE, lambda: self._read_fits(ticket))

    def _read_fits(self, ticket: TicketView) -> None:
        if ticket.id == self.table.cursor_id:
            self.load(lambda desk: fits(desk, ticket), self._show_fits(ticket.id), "fits", _gone)

    def _show_fits(self, number: int) -> Callable[[Fits], None]:
        def show(found: Fits) -> None:
            if number == self.table.cursor_id:
                self.query_one(Preview).show_fits(found.lines)
                self.shown_proposals = {number: found.proposed}

        return show

    def read_called(self) -> None:
        """Read what is called out above the tickets; the board does it."""

    def show_facts(self) -> None:
        """Show the counts in header and filter line; the board does it."""


def _gone(error: DeskError) -> None:
    """A ticket that vanished between list and preview is simply not previewed."""
    del error
