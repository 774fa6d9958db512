"""How the board's list is read: a query's first page and order, later only what is altered."""

from collections.abc import Sequence
from random import uniform
from time import monotonic
from typing import TYPE_CHECKING

from deskterm.domain import clock
from deskterm.domain.errors import DatabaseError, DeskError
from deskterm.domain.rows import Altered, BoardRow
from deskterm.screens.board.views import DEFAULTS, Outside, how_they_come, look, sort_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.timer import Timer

    from deskterm.screens.board.views import BoardTabs
    from deskterm.screens.work import Working
    from deskterm.widgets.query_line import QueryLine
    from deskterm.widgets.ticket_table import TicketTable

FIRST_PAGE = 60
RESTS = 2
"""The order of all rests this many times as long as reading it took; rows on screen do not."""
LONGEST_REST = 10.0
SPREAD = (0.5, 2.0)
"""Seconds within which boards read at leisure what follows from a change that all heard."""
EMPTY = """No tickets here.

n logs a call · / filters · 1 shows all open ones"""
NOTHING_FITS = "/ changes the filter · Esc goes back to the open tickets"


class Reading:
    """Reads for a list of tickets. Each load names its query: a late answer is not drawn."""

    def __init__(
        self,
        work: "Working",
        table: "TicketTable",
        line: "QueryLine",
        tabs: "BoardTabs",
        whole: "Callable[[], None]",
    ) -> None:
        self._work, self._table, self._line, self._tabs = work, table, line, tabs
        self._whole = whole
        """Called when the order of all is there."""
        self.query = DEFAULTS[0].query
        """The query whose tickets are shown or being read."""
        self.order = ""
        """The order of the last query that could be read, in words."""
        self.outside: Outside | None = None
        """What fits outside of the view, where nothing fits in it."""
        self.reads = self.looks = 0
        """How often all was read since the start, and how often only what is altered."""
        self.busy = False
        """True until the order of all is there."""
        self.due = False
        """Whether all is to be read once more, when what is under way is there or has rested."""
        self._began = self._rest_until = 0.0
        self._looking = self._look_again = False
        self._later: Timer | None = None
        """The reading of the order that waits for its time."""

    # --- all of a query ----------------------------------------------------------------

    def begin(self, query: str, keep: bool = False) -> None:
        """Read the tickets of a query: the first page at once, then the order of all."""
        self.query = query
        self.busy = True
        self._began = monotonic()
        self.reads += 1
        more = self._table.columns
        self._work.load(
            lambda desk: desk.board.first_page(query, FIRST_PAGE, more),
            lambda rows: self._show_page(query, rows, keep),
            "board",
            self._refused,
        )

    def _show_page(self, query: str, rows: list[BoardRow], keep: bool) -> None:
        if query != self.query:
            return
        table, ids = self._table, [row.id for row in rows]
        self.order = sort_of(query)
        table.now = clock.now()
        self._line.show_error("")
        table.put_rows(rows)
        if keep:
            self._doubt(ids)
        if not keep or len(table.ids) <= len(ids):
            table.show_ids(ids, keep)
        in_view = self._tabs.active >= 0
        table.hint = EMPTY if in_view else f"Nothing fits this filter.\n\n{NOTHING_FITS}"
        self.outside = None
        if not rows:
            self._say_why_empty(query, in_view)
        self._work.desk_app.draw()
        self._work.desk_app.once_drawn(lambda: self._read_order(query, ids))

    def _read_order(self, query: str, first: Sequence[int]) -> None:
        """Read the order of all; the first page may be all."""
        if query != self.query:
            return
        if len(first) < FIRST_PAGE:
            self._show_order(query, first)
            return
        self._work.load(
            lambda desk: desk.board.ids(query),
            lambda every: self._show_order(query, every),
            "board",
            self._refused,
        )

    def _say_why_empty(self, query: str, in_view: bool) -> None:
        """Say what fits outside the view, or how tickets come here."""

        def tell(words: str) -> None:
            if query == self.query:
                self._table.hint = f"{EMPTY}\n{words}"

        def offer(found: Outside | None) -> None:
            if found is not None and query == self.query:
                self.outside = found
                self._table.hint = f"Nothing fits here. {found.words}\n\n{NOTHING_FITS}"

        if in_view:
            self._work.load(how_they_come, tell, "outside")
        else:
            self._work.load(lambda desk: look(desk, query), offer, "outside")

    def _show_order(self, query: str, ids: Sequence[int]) -> None:
        if query != self.query:
            return
        self._table.show_ids(ids)
        self.busy = False
        self._rest_until = monotonic() + min(RESTS * (monotonic() - self._began), LONGEST_REST)
        self._whole()
        if self.due:
            self.due = False
            self.again()

    def _refused(self, error: DeskError) -> None:
        self.busy = self.due = False
        if not isinstance(error, DatabaseError):
            self._line.show_error(str(error))

    def again(self) -> None:
        """Something changed: read anew, keep cursor and marks; never twice at the same time."""

        def rested() -> None:
            self.due = False
            self.again()

        if self.busy:
            self.due = True
            return
        rest = self._rest_until - monotonic()
        if rest <= 0:
            self.begin(self.query, keep=True)
        elif not self.due:
            self.due = True
            self._work.set_timer(rest, rested)

    # --- what is altered ---------------------------------------------------------------

    def look(self) -> None:
        """Somebody changed something: read only what is another than shown.

        Changes that come while it is being read are one more look, however many they are.
        """
        if self.busy:
            self.due = True
        elif self._looking:
            self._look_again = True
        else:
            self._looking = True
            self.looks += 1
            query, known, more = self.query, self._known(), self._table.columns
            self._work.load(
                lambda desk: desk.board.altered(query, known, FIRST_PAGE, more),
                lambda altered: self._show_altered(query, altered),
                "altered",
                self._looked,
            )

    def _known(self) -> dict[int, int]:
        """Give what was read of the first page, the screen and the cursor: ticket → version."""
        table = self._table
        numbers = {table.ids[place] for place in table.places} | {table.cursor_id}
        numbers.update(table.ids[:FIRST_PAGE])
        rows = [table.rows.get(number) for number in numbers]
        return {row.id: row.version for row in rows if row is not None}

    def _show_altered(self, query: str, altered: Altered) -> None:
        if query == self.query:
            self._table.put_rows(altered.rows)
            self._doubt(altered.seen)
            if altered.first != list(self._table.ids[:FIRST_PAGE]):
                self._show_first(altered.first)
        self._looked()

    def _show_first(self, first: list[int]) -> None:
        """Show another beginning at once; where there is more the order of all is read later.

        Later by chance: a change comes to all boards at the same moment.
        """
        ids = list(self._table.ids)
        if len(first) < FIRST_PAGE:
            self._table.show_ids(first)
            return
        now, before, behind = {*first}, ids[:FIRST_PAGE], ids[FIRST_PAGE:]
        come = len(now.difference(ids))
        pushed = [number for number in before if number not in now][-come:] if come else []
        self._table.show_ids([*first, *pushed, *(one for one in behind if one not in now)])
        if self._later is None:
            self._later = self._work.set_timer(uniform(*SPREAD), self._order_again)

    def _order_again(self) -> None:
        self._later = None
        self.again()

    def _looked(self, error: DeskError | None = None) -> None:
        del error
        self._looking = False
        if self._look_again:
            self._look_again = False
            self.look()

    def _doubt(self, but: Sequence[int]) -> None:
        """Every row may be out of date, `but` these; those that are seen are asked for."""
        table = self._table
        table.rows.grow_old(but)
        if any(table.rows.lacks(table.ids[place]) for place in table.places):
            table.refresh()
