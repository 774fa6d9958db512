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
from deskterm.screens.listing import Read, RestingList, Shelf, columns
from deskterm.widgets.line_list import Line
from deskterm.widgets.list_part import has_words

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
    KEY = "name"
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
        rows = TABS[self.part.view].rows(self.told.people)
        return [row for row in rows if has_words(" ".join((*row.cells, row.told)), self.part.words)]

    def lines(self, rows: Sequence[Row]) -> list[Line]:
        """Give a line a row."""
        return lines(TABS[self.part.view], rows, columns(self, 60))

    def head(self) -> Content:
        """Give the heads of the columns."""
        return Content(titles(TABS[self.part.view], columns(self, 60)))

    def about(self, row: Row) -> Content:
        """Give what is known of it."""
        return Content("\n".join(clean(line, one_line=True) for line in row.told.splitlines()))
