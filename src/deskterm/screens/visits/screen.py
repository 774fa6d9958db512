"""Visits: the list of the day with the way between them, what is offered, what is over (G3)."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.content import Content

from deskterm.domain import clock
from deskterm.domain.visits import ENDS, VisitRow, VisitState
from deskterm.screens.action import Flow
from deskterm.screens.actions import bindings
from deskterm.screens.dialogs.verb import Targets
from deskterm.screens.flows.lists import FILTERED, ListOwner
from deskterm.screens.flows.visits import handle
from deskterm.screens.listing import ListScreen, Read, Shelf, columns
from deskterm.screens.visits.lines import about, lines, titles
from deskterm.widgets.line_list import Line
from deskterm.widgets.list_part import has_words

if TYPE_CHECKING:
    from deskterm.screens.desk import Desk


class VisitOwner(ListOwner):
    """The screen of visits."""

    @property
    def in_hand(self) -> VisitRow | None:
        """The visit under the cursor."""


def show_ticket(owner: VisitOwner) -> None:
    """Open the ticket of the visit in hand."""
    if owner.in_hand is not None:
        owner.desk_app.go("ticket", owner.in_hand.ticket_id)


def end(owner: VisitOwner) -> None:
    """Say what became of the visit in hand, or move it."""
    if owner.in_hand is not None:
        handle(owner, Targets((owner.in_hand.ticket_id,)))


class VisitsScreen(ListScreen[VisitRow]):
    """A line a visit, by day."""

    NAME = "visits"
    KIND = "visit"
    CSS_PATH = "screen.tcss"
    FLOWS: ClassVar[Mapping[str, Flow]] = {
        **FILTERED,
        "visit_open": show_ticket,
        "visit_end": end,
    }
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("visits")]
    SHELVES = (
        Shelf("Today", "No visit today.\n\n2 shows those to come · & on a ticket offers one."),
        Shelf("To come", "No visit is agreed on or offered.\n\n& on a ticket offers times."),
        Shelf("Mine", "None of them is yours.\n\n2 shows everybody's."),
        Shelf("Over", "No visit was done or called off lately."),
    )
    FILTER = "words in place, name, technician or subject"

    def read(self, desk: "Desk") -> Read[VisitRow]:
        """Read the visits of the last month and those to come."""
        rows = desk.visits.around()
        self._me = desk.me
        counts = [sum(self._is_on(row, view) for row in rows) for view in range(len(self.SHELVES))]
        today = f"{counts[0]} today" if counts[0] else ""
        return Read(rows, counts, today)

    _me = ""

    def _is_on(self, row: VisitRow, view: int) -> bool:
        if view == len(self.SHELVES) - 1:
            return row.state in ENDS
        if row.state in ENDS:
            return False
        if not view:
            today = clock.now().astimezone().date()
            return row.at is not None and row.at.astimezone().date() <= today
        return view == 1 or row.technician == self._me

    def fitting(self) -> Sequence[VisitRow]:
        """Give the visits of the tab that have the words; what is over the newest first."""
        rows = [
            row
            for row in self.told.rows
            if self._is_on(row, self.part.view) and has_words(_words(row), self.part.words)
        ]
        over = self.part.view == len(self.SHELVES) - 1
        return list(reversed(rows)) if over else rows

    def lines(self, rows: Sequence[VisitRow]) -> list[Line]:
        """Give a heading a day and a line a visit."""
        return lines(rows, clock.now(), columns(self))

    def head(self) -> Content:
        """Give the heads of the columns."""
        return Content(titles(columns(self)))

    def about(self, row: VisitRow) -> Content:
        """Give whom to call, what for, and how it stands."""
        return about(row, clock.now())

    def chosen_number(self) -> str:
        """Give the ticket's number."""
        return f"#{self.in_hand.ticket_id}" if self.in_hand else ""


def _words(row: VisitRow) -> str:
    state = VisitState(row.state)
    words = (row.where, row.requester, row.technician, row.subject, row.what, str(state))
    return " ".join(words)
