"""Who has what in hand, since when, and who is off; from a technician to their tickets."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.content import Content

from deskterm.domain import clock
from deskterm.domain.in_hand import LoadRow
from deskterm.screens.action import Flow
from deskterm.screens.actions import bindings
from deskterm.screens.listing import KeptList, Read
from deskterm.screens.workload import verbs
from deskterm.screens.workload.lines import NOBODY, in_hand, lines, titles, words
from deskterm.widgets.line_list import Line

if TYPE_CHECKING:
    from deskterm.screens.desk import Desk


class WorkloadScreen(KeptList[LoadRow]):
    """A line a technician, by login."""

    NAME = "workload"
    FLOWS: ClassVar[Mapping[str, Flow]] = verbs.FLOWS
    KIND = "technician"
    CSS_PATH = "screen.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("workload")]
    EMPTY = "Nobody has a ticket in hand, and none waits."

    def read(self, desk: "Desk") -> Read[LoadRow]:
        """Read the workload."""
        rows = desk.absences.workload()
        parts = {
            "open": sum(row.open for row in rows),
            "waiting": sum(row.waiting for row in rows),
            "to verify": sum(row.solved for row in rows),
            "off": sum(row.off_until is not None for row in rows),
        }
        told = "  ".join(f"{number} {word}" for word, number in parts.items() if number)
        return Read(rows, facts=f"{sum(map(in_hand, rows))} in hand: {told}" if told else "")

    def lines(self, rows: Sequence[LoadRow]) -> list[Line]:
        """Give a line a technician."""
        return lines(rows, clock.now(), self.size.width)

    def name_of(self, row: LoadRow) -> str:
        """Give the login, or what stands for nobody."""
        return row.login or NOBODY

    def head(self) -> Content:
        """Give the heads of the columns."""
        return Content(titles(self.told.rows, self.size.width))

    def about(self, row: LoadRow) -> Content:
        """Give their groups, and until when they are off."""
        return Content(words(row))

    def chosen_number(self) -> str:
        """Give the login."""
        return (self.in_hand.login or "") if self.in_hand else ""
