"""Everything that is promised to people, with its dates: one's own, what is due, all of it (G6)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.content import Content

from deskterm.domain import clock
from deskterm.domain.promises import PromiseRow
from deskterm.screens.action import Flow
from deskterm.screens.actions import bindings
from deskterm.screens.listing import KeptList, Read
from deskterm.screens.promises import verbs
from deskterm.screens.promises.lines import SHELVES, about, chosen, is_late, lines, titles
from deskterm.widgets.line_list import Line

if TYPE_CHECKING:
    from deskterm.screens.desk import Desk


@dataclass(frozen=True)
class Promised(Read[PromiseRow]):
    """The promises, and which of them are one's own."""

    mine: frozenset[str] = frozenset()


class PromisesScreen(KeptList[PromiseRow]):
    """A line a promise, the earliest first; what has no day stands at the end."""

    NAME = "promises"
    FLOWS: ClassVar[Mapping[str, Flow]] = verbs.FLOWS
    KIND = "promise"
    CSS_PATH = "screen.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("promises")]
    SHELVES = SHELVES
    FILTER = "words in whom, what or who keeps it"
    EMPTY = (
        "Nothing is promised.\n\nWhat is promised appears here: call-backs (b), visits, tickets "
        "that wait until a day (z), whom the desk asks again, what is closed as recorded."
    )

    told: Promised = Promised()

    def read(self, desk: "Desk") -> Promised:
        """Read the promises."""
        rows = desk.promises.list()
        mine = frozenset(row.id for row in desk.promises.list(owner="me"))
        counts = [len(chosen(rows, mine, _tonight(), view, "")) for view in range(len(SHELVES) - 1)]
        broken = sum(is_late(row, clock.now()) for row in rows)
        return Promised(rows, counts, f"{broken} late" if broken else "", mine)

    def fitting(self) -> Sequence[PromiseRow]:
        """Give the promises of the tab that have the words."""
        told = self.told
        return chosen(told.rows, told.mine, _tonight(), self.part.view, self.part.words)

    def lines(self, rows: Sequence[PromiseRow]) -> list[Line]:
        """Give a line a promise."""
        return lines(rows, clock.now(), max(40, self.size.width - 1))

    def head(self) -> Content:
        """Give the heads of the columns."""
        return Content(titles(max(40, self.size.width - 1)))

    def about(self, row: PromiseRow) -> Content:
        """Give what, to whom, by whom, on which ticket."""
        return about(row, clock.now())

    def chosen_number(self) -> str:
        """Give `#12`, the ticket."""
        return f"#{self.in_hand.ticket_id}" if self.in_hand else ""

    def chosen_text(self) -> str:
        """Give what it is about."""
        return (self.in_hand.note or self.in_hand.subject) if self.in_hand else ""


def _tonight() -> datetime:
    """Give the end of this day, as this place has it."""
    return clock.now().astimezone().replace(hour=23, minute=59, second=59)
