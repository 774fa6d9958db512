"""Problems: whom they touch and what is known; told, announced and ended from here."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.content import Content

from deskterm.domain import clock
from deskterm.domain.problems import ProblemRow
from deskterm.screens.action import Flow
from deskterm.screens.actions import bindings
from deskterm.screens.listing import ListScreen, Read, columns
from deskterm.screens.problems import verbs
from deskterm.screens.problems.lines import Shown, lines, page_content, titles
from deskterm.widgets.line_list import Line

if TYPE_CHECKING:
    from deskterm.screens.desk import Desk

TICKETS = 50
"""Tickets that are listed, the open ones first; , shows all open ones."""


class ProblemsScreen(ListScreen[ProblemRow]):
    """A list above, what is known of the one in hand below."""

    NAME = "problems"
    CSS_PATH = "screen.tcss"
    FLOWS: ClassVar[Mapping[str, Flow]] = verbs.FLOWS
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("problems")]
    KIND = "problem"
    EMPTY = "No open problems.\n\nE on the board makes one of marked tickets · a shows past ones"
    BESIDE = True

    page: Shown | None = None
    """The problem in hand, with all that is known of it."""
    ended = False
    """Whether those that ended are shown too."""

    def __init__(self, wanted: int | None = None) -> None:
        super().__init__()
        self.start = str(wanted or "")

    def read(self, desk: "Desk") -> Read[ProblemRow]:
        """Read the problems."""
        rows = tuple(desk.problems.list(ended=self.ended))
        return Read(rows, facts="1 problem" if len(rows) == 1 else f"{len(rows)} problems")

    def head(self) -> Content:
        """Give the heads of the columns."""
        return Content(titles(columns(self, margin=1)))

    def lines(self, rows: Sequence[ProblemRow]) -> list[Line]:
        """Give a line a problem."""
        return lines(rows, clock.now(), columns(self, margin=1))

    def chosen_number(self) -> str:
        """Give `P7`."""
        return f"P{self.in_hand.id}" if self.in_hand else ""

    def chosen_text(self) -> str:
        """Give number and title."""
        return self.in_hand.name if self.in_hand else ""

    def taken_up(self, row: ProblemRow | None) -> None:
        """Read what is known of the one in hand."""
        if row is None:
            self.page = None
            self.part.page.show(Content(""))
            return
        number = row.id

        def ask(desk: "Desk") -> Shown:
            page = desk.problems.page(number)
            view, followed = page.view, desk.trackers.of(number)
            ended = sorted(set(view.tickets) - set(view.open_tickets), reverse=True)
            tickets = desk.board.rows((*view.open_tickets, *ended)[:TICKETS])
            return Shown(page, tickets, desk.problems.owners(number), followed)

        def show(page: Shown) -> None:
            self.page = page
            self.part.page.show(page_content(page, clock.now()))

        self.load(ask, show, "page")
