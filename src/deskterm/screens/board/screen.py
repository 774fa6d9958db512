"""The board: open tickets on top, urgent first; views, filter, marks, preview, live."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from textwrap import wrap
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.css.query import NoMatches
from textual.widget import Widget
from textual.widgets import Static

from deskterm.domain import clock
from deskterm.domain.text import clean
from deskterm.screens.action import Chosen, Flow
from deskterm.screens.actions import bindings
from deskterm.screens.base import DeskScreen
from deskterm.screens.board.callout import Calling, Callout
from deskterm.screens.board.loads import BoardLoads
from deskterm.screens.board.looks import Looks
from deskterm.screens.board.views import DEFAULTS, words
from deskterm.screens.dialogs.verb import Targets
from deskterm.screens.flows import general, tickets
from deskterm.widgets.moving import TABS, bound
from deskterm.widgets.preview import Preview
from deskterm.widgets.query_line import QueryLine
from deskterm.widgets.status_line import StatusLine
from deskterm.widgets.ticket_table import TicketTable
from deskterm.widgets.view_tabs import ViewTabs

if TYPE_CHECKING:
    from deskterm.domain.rows import Done
    from deskterm.screens.flows.owner import Shown

PREVIEW_PAUSE = 0.08
"""Seconds the cursor rests before the preview is read."""


class BoardScreen(Looks, Calling, BoardLoads, DeskScreen):
    """The first screen. Everything it shows is read in workers; keys never wait."""

    NAME = "board"
    CSS_PATH = "screen.tcss"
    FLOWS: ClassVar[Mapping[str, Flow]] = {**general.FLOWS, **tickets.FLOWS}
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("board"), *bound(*TABS)]

    def body(self) -> Iterable[Widget]:
        """Give tabs, table, preview and filter line."""
        yield ViewTabs()
        yield Static(id="calls")
        yield Callout()
        with_preview = Horizontal(TicketTable(), Preview(), id="middle")
        yield with_preview
        yield QueryLine(words())

    def on_mount(self) -> None:
        """Draw the frame; everything else comes when the desk is open."""
        self.query_one(ViewTabs).views = DEFAULTS
        self.table.hint = "Opening the desk …"
        self.table.now = clock.now()
        self.table.focus()
        self.current_query = DEFAULTS[0].query
        self.query_one(QueryLine).show_query(self.current_query)
        self._preview_timer = self.set_timer(PREVIEW_PAUSE, self.read_preview, pause=True)
        self._fits_timer = self.set_timer(PREVIEW_PAUSE, lambda: None, pause=True)
        self.set_interval(60, self._minute)

    def desk_opened(self) -> None:
        """Read the tickets, then the views."""
        self.query_one(StatusLine).who = self.desk_app.desk.me
        self.read_query(self.current_query, keep=False)
        self.read_views()
        self.read_calls()

    def desk_not_opened(self, sentence: str) -> None:
        """Say why there are no tickets."""
        words = "\n".join(wrap(clean(sentence), 60))
        self.table.hint = f"The desk did not open.\n\n{words}\n\nF5 tries again · q quits"

    def desk_changed(self) -> None:
        """Read anew, keep the place."""
        if self.has_table and self.desk_app.is_open:
            self.read_again()
            self.read_calls()

    def _minute(self) -> None:
        self.table.now = clock.now()
        self.table.repaint()
        self.show_facts()
        if self.desk_app.is_open:
            self.read_calls()

    # --- what is chosen ---------------------------------------------------------------

    def targets(self) -> Targets:
        """Give the marked tickets, else the one under the cursor."""
        ids = self.table.chosen_ids()
        return Targets.of(ids, (self.table.row(number) for number in ids))

    def proposed(self) -> "Shown":
        """Give what the preview proposes; of marked tickets nothing was shown."""
        return {} if self.table.marks.ids else self.shown_proposals

    def written(self, done: "Done") -> None:
        """Take the marks away after a verb."""
        del done
        self.table.unmark_all()

    def chosen(self) -> list[Chosen]:
        """Give the chosen tickets; the state of one not loaded is not known: it may be open."""
        if not self.has_table:
            return []
        table = self.table
        marked = list(islice(table.marks.ids, 200))
        numbers = marked or ([] if table.cursor_id is None else [table.cursor_id])
        rows = [row for row in map(table.row, numbers) if row]
        if not rows:
            return [Chosen("ticket", number, "open") for number in numbers[:1]]
        return [Chosen("ticket", row.id, row.state) for row in rows]

    def chosen_number(self) -> str:
        """Give the numbers of the chosen tickets."""
        return " ".join(f"#{number}" for number in self.table.chosen_ids()[:100])

    def chosen_text(self) -> str:
        """Give number and subject of each chosen ticket."""
        rows = self.targets().rows
        return "\n".join(f"#{row.id} {row.subject}" for row in rows)

    # --- what the table tells -----------------------------------------------------------

    @on(events.Click, "#calls")
    def _calls_clicked(self) -> None:
        self.show_tickets("callback:due")

    @on(TicketTable.RowsWanted)
    def _rows_wanted(self, message: TicketTable.RowsWanted) -> None:
        self.read_rows(message.ids)

    @on(TicketTable.CursorMoved)
    def _cursor_moved(self) -> None:
        self._preview_timer.stop()
        self._preview_timer = self.set_timer(PREVIEW_PAUSE, self.read_preview)
        self._show_place()
        self.show_keys()

    @on(TicketTable.MarksChanged)
    def _marks_changed(self) -> None:
        self.show_facts()
        self.show_keys()

    @on(TicketTable.Opened)
    def _opened(self) -> None:
        self.action_open()

    @on(TicketTable.MenuAsked)
    def _menu_asked(self, message: TicketTable.MenuAsked) -> None:
        self.open_menu(message.x, message.y)

    # --- views and filter -----------------------------------------------------------------

    @on(ViewTabs.Chosen)
    def _tab_clicked(self, message: ViewTabs.Chosen) -> None:
        self.show_view(message.place)

    def show_view(self, place: int) -> None:
        """Go to a view."""
        tabs = self.query_one(ViewTabs)
        if 0 <= place < len(tabs.views):
            tabs.active = place
            self._go_to(tabs.views[place].query)

    def show_tickets(self, query: str, marked: Sequence[int] = ()) -> None:
        """Show the tickets of a query that is no view, some of them marked."""
        self.query_one(ViewTabs).active = -1
        self._go_to(query)
        self.table.mark(marked)

    def _go_to(self, query: str) -> None:
        self.query_one(QueryLine).show_query(query)
        self.table.unmark_all()
        self.read_query(query, keep=False)

    @on(QueryLine.Asked)
    def _query_asked(self, message: QueryLine.Asked) -> None:
        if message.confirmed:
            self._leave_filter()
        if message.confirmed or message.query != self.current_query:
            queries = [view.query for view in self.query_one(ViewTabs).views]
            place = queries.index(message.query) if message.query in queries else -1
            self.query_one(ViewTabs).active = place
            self.read_query(message.query, keep=False)

    def _leave_filter(self) -> None:
        self.table.focus()
        self.query_one(QueryLine).end()

    def action_filter(self) -> None:
        """Let keys go into the filter line."""
        self.query_one(QueryLine).begin()

    def action_next_tab(self) -> None:
        """To the view on the right."""
        tabs = self.query_one(ViewTabs)
        self.show_view((tabs.active + 1) % max(1, len(tabs.views)))

    def action_tab_before(self) -> None:
        """To the view on the left."""
        tabs = self.query_one(ViewTabs)
        self.show_view((max(tabs.active, 0) - 1) % max(1, len(tabs.views)))

    def on_key(self, event: events.Key) -> None:
        """Choose a view by its number."""
        if event.character and event.character in "123456789" and event.is_printable:
            self.show_view(int(event.character) - 1)
            event.stop()

    def action_escape(self) -> None:
        """Take back: typing, marks, filter; never leave by it."""
        line = self.query_one(QueryLine)
        tabs = self.query_one(ViewTabs)
        if line.has_keys:
            self._leave_filter()
        elif self.table.marks.ids:
            self.table.unmark_all()
        elif tabs.active < 0:
            self.show_view(0)

    # --- the ticket in hand ------------------------------------------------------------------

    def action_open(self) -> None:
        """Open the ticket under the cursor."""
        if self.table.cursor_id is not None:
            self.desk_app.go("ticket", self.table.cursor_id)

    def show_facts(self) -> None:
        """Show counts and marks in the header, the count of the filter in its line."""
        try:
            status = self.query_one(StatusLine)
        except NoMatches:
            return
        marked = len(self.table.marks.ids)
        views = self.query_one(ViewTabs).views
        facts = [f"{views[0].count} open" if views and views[0].count else ""]
        late = next((view.count for view in views if view.query == "is:overdue"), "")
        facts.append(f"{late} overdue" if late not in ("", "0") else "")
        facts.append(f"{marked} marked" if marked else "")
        status.facts = "  ".join(fact for fact in facts if fact)
        status.clock = clock.now().astimezone().strftime("%H:%M")
        self._show_place()

    def _show_place(self) -> None:
        line = self.query_one(QueryLine)
        order = self.sort_words
        place = f"{self.table.cursor + 1} of {len(self.table.ids)}" if self.table.ids else "none"
        line.show_found(f"{f'sort {order}   ' if order else ''}{place}")
