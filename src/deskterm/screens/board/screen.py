"""The board: open tickets on top, urgent first; views, filter, marks, preview, live."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from textwrap import wrap
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import BindingType
from textual.widget import Widget

from deskterm.domain import clock
from deskterm.domain.text import clean
from deskterm.screens.action import Chosen, Flow, Later, Named
from deskterm.screens.actions import bindings
from deskterm.screens.base import DeskScreen, breakpoints
from deskterm.screens.board.callout import Callout
from deskterm.screens.board.calls import CallsLine
from deskterm.screens.board.preview import TicketPreview
from deskterm.screens.board.tickets import TicketList
from deskterm.screens.board.views import BoardTabs
from deskterm.widgets.status_line import StatusLine
from deskterm.widgets.ticket_table import TicketTable

if TYPE_CHECKING:
    from deskterm.domain.rows import Done
    from deskterm.screens.dialogs.verb import Targets
    from deskterm.screens.flows.owner import KeyOwner, Shown

MARKED_LOOKED_AT = 200
"""Marked tickets whose states decide which verbs fit."""
MINUTE = 60
BESIDE = 112
"""Columns from which the preview stands beside the table without taking its columns."""
COPIED = 100
"""Numbers that are copied at most."""


def _by_key(owner: "KeyOwner") -> None:
    """Run the macro of the desk's own that has the key."""
    from deskterm.screens.flows.means import by_key

    by_key(owner)


class BoardScreen(DeskScreen):
    """The first screen. Its parts read in workers, keys never wait."""

    NAME = "board"
    HORIZONTAL_BREAKPOINTS = breakpoints(BESIDE)
    OWN_KEYS: ClassVar[tuple[Flow, ...]] = (_by_key,)
    NAMED: ClassVar[Mapping[str, Named]] = Later(
        "NAMED", "deskterm.screens.flows.elsewhere", "deskterm.screens.flows.means"
    )
    FLOWS: ClassVar[Mapping[str, Flow]] = Later(
        "FLOWS",
        "deskterm.screens.flows.general",
        "deskterm.screens.flows.tickets",
        "deskterm.screens.board.looks",
        "deskterm.screens.board.bursts",
    )
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("board")]

    def __init__(self) -> None:
        super().__init__()
        self.calls, self.callout, self.preview = CallsLine(), Callout(), TicketPreview()
        self.tickets = TicketList((self.calls, self.callout), self.preview)
        self.table = self.tickets.table

    def body(self) -> Iterable[Widget]:
        """Give the list of tickets; the other parts stand in it."""
        yield self.tickets

    # --- reading ------------------------------------------------------------------------

    def desk_opened(self) -> None:
        """Read the tickets, then the views; from now on the clock runs."""
        self.tickets.read_all()
        self.set_interval(MINUTE, self._show_now)
        self.set_interval(MINUTE, self.tickets.read_around)
        self.set_interval(MINUTE, self.show_facts)

    def _show_now(self) -> None:
        self.table.now = clock.now()

    def desk_not_opened(self, sentence: str) -> None:
        """Say why there are no tickets."""
        words = "\n".join(wrap(clean(sentence), 60))
        self.table.hint = f"The desk did not open.\n\n{words}\n\nF5 tries again · q quits"

    def desk_changed(self) -> None:
        """Read anew, keep the place."""
        if self.desk_app.is_open:
            self.tickets.read_all()
            self.preview.read()

    def catch_up(self, heard: bool = False) -> None:
        """Of what was heard read what is another than shown; all is counted only now and then."""
        if not (heard and self.composed and self.is_running and self.desk_app.is_open):
            super().catch_up(heard)
            return
        self._changes_seen = self.desk_app.changes_heard
        self.tickets.hear()

    def show_tickets(self, query: str, marked: Sequence[int] = ()) -> None:
        """Show the tickets of a query that is no view, some of them marked."""
        self.tickets.show_query(query)
        self.table.marks.add(marked)

    # --- what is chosen ---------------------------------------------------------------

    def targets(self) -> "Targets":
        """Give the marked tickets, else the one under the cursor."""
        from deskterm.screens.dialogs.verb import Targets

        ids = self.table.chosen_ids()
        return Targets.of(ids, (self.table.rows.get(number) for number in ids))

    def proposed(self) -> "Shown":
        """Give what the preview proposes; of marked tickets nothing was shown."""
        return {} if self.table.marks.ids else self.preview.proposed

    def written(self, done: "Done") -> None:
        """Take the marks away after a verb."""
        del done
        self.table.marks.clear()

    def chosen(self) -> list[Chosen]:
        """Give the chosen tickets; the state of one not loaded is not known: it may be open."""
        table = self.table
        marked = list(islice(table.marks.ids, MARKED_LOOKED_AT))
        numbers = marked or ([] if table.cursor_id is None else [table.cursor_id])
        rows = [row for row in map(table.rows.get, numbers) if row]
        if not rows:
            return [Chosen("ticket", number, "open") for number in numbers[:1]]
        return [Chosen("ticket", row.id, row.state) for row in rows]

    def chosen_number(self) -> str:
        """Give the numbers of the chosen tickets."""
        return " ".join(f"#{number}" for number in self.table.chosen_ids()[:COPIED])

    def chosen_text(self) -> str:
        """Give number and subject of each chosen ticket."""
        rows = self.targets().rows
        return "\n".join(f"#{row.id} {row.subject}" for row in rows)

    # --- what the parts tell --------------------------------------------------------------

    @on(TicketList.Chosen)
    def _chosen(self, message: TicketList.Chosen) -> None:
        row = self.table.rows.get(message.id)
        self.preview.follow(message.id, row.version if row else None)
        self.show_facts()
        self.show_keys()

    @on(TicketTable.Opened)
    def _opened(self) -> None:
        self.FLOWS["open"](self)

    @on(TicketTable.MenuAsked)
    def _menu_asked(self, message: TicketTable.MenuAsked) -> None:
        from deskterm.screens.board.looks import open_menu

        open_menu(self, message.x, message.y)

    @on(TicketTable.HeadClicked)
    def _head_clicked(self, message: TicketTable.HeadClicked) -> None:
        from deskterm.screens.board.looks import sort_by_head

        if message.sort:
            sort_by_head(self, message.sort)

    @on(TicketList.Whole)
    @on(BoardTabs.Counted)
    def show_facts(self) -> None:
        """Show counts and marks in the header, the place in the filter line."""
        marked = len(self.table.marks.ids)
        facts = [*self.tickets.tabs.facts(), f"{marked} marked" if marked else ""]
        for status in self.query(StatusLine):
            status.facts = "  ".join(fact for fact in facts if fact)
            status.clock = clock.now().astimezone().strftime("%H:%M")
        self.tickets.show_place()
