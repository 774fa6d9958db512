"""Who knows what, where it is missing, what closed tickets propose, who stands in for whom (H7)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.content import Content

from deskterm.domain.competences import People
from deskterm.domain.text import clean
from deskterm.screens.action import Flow
from deskterm.screens.actions import bindings
from deskterm.screens.competences import verbs
from deskterm.screens.competences.lines import TABS, Row, lines, titles
from deskterm.screens.listing import Read, RestingList, Shelf
from deskterm.widgets.line_list import Line

if TYPE_CHECKING:
    from deskterm.screens.desk import Desk


@dataclass(frozen=True)
class Told(Read[Row]):
    """What was read, for all tabs."""

    people: People | None = None


class CompetencesScreen(RestingList[Row]):
    """Tabs of who knows what."""

    NAME = "competences"
    FLOWS: ClassVar[Mapping[str, Flow]] = verbs.FLOWS
    KIND = "competence"
    CSS_PATH = "screen.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("competences")]
    SHELVES = tuple(Shelf(one.label, one.nothing) for one in TABS)
    FILTER = "words in technician, category or role"

    period = 1
    """The place in PERIODS."""
    told: Told = Told()

    def read(self, desk: "Desk") -> Told:
        """Read everything for the period."""
        found = desk.staff.competences.look(verbs.PERIODS[self.period])
        said = f"← {verbs.SAID[self.period]} →  {found.tickets} tickets"
        counts = [len(tab.rows(found)) for tab in TABS]
        return Told(facts=said, people=found, counts=counts)

    def fitting(self) -> Sequence[Row]:
        """Give the rows of the tab that have the words."""
        if self.told.people is None:
            return ()
        wanted = self.part.words.casefold().split()
        rows = TABS[self.part.view].rows(self.told.people)
        return [row for row in rows if all(word in _words(row) for word in wanted)]

    def lines(self, rows: Sequence[Row]) -> list[Line]:
        """Give a line a row."""
        return lines(TABS[self.part.view], rows, self._width)

    def name_of(self, row: Row) -> str:
        """Give its name."""
        return row.name

    def head(self) -> Content:
        """Give the heads of the columns."""
        return Content(titles(TABS[self.part.view], self._width))

    def about(self, row: Row) -> Content:
        """Give what is known of it."""
        return Content("\n".join(clean(line, one_line=True) for line in row.told.splitlines()))

    @property
    def _width(self) -> int:
        return max(60, self.size.width - 2)


def _words(row: Row) -> str:
    return " ".join((*row.cells, row.told)).casefold()
