"""How the desk works: today, figures of any period, the nine steps, mistakes, customers."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.content import Content

from deskterm.reports.customers import PURPOSE
from deskterm.reports.sheet import Row
from deskterm.screens.action import Flow
from deskterm.screens.actions import bindings
from deskterm.screens.insight import verbs
from deskterm.screens.insight.lines import part_lines, told
from deskterm.screens.insight.reading import TABS, Look, Told, read_tab
from deskterm.screens.insight.verbs import PERIODS
from deskterm.screens.listing import Read, RestingList, Shelf
from deskterm.widgets.line_list import Line

if TYPE_CHECKING:
    from deskterm.screens.desk import Desk


class InsightScreen(RestingList[Row]):
    """Tabs of figures, a period, and from every line to its tickets."""

    NAME = "insight"
    FLOWS: ClassVar[Mapping[str, Flow]] = verbs.FLOWS
    KIND = "figure"
    CSS_PATH = "screen.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("insight")]
    SHELVES = tuple(Shelf(one.label) for one in TABS)
    ANEW = True

    period = 1
    """The place in PERIODS."""
    back = 0
    """So many periods earlier."""
    figure = ""
    by = ""
    """Which figure is shown in which parts; empty: all figures, whole."""
    told: Told = Told()

    def read(self, desk: "Desk") -> Told:
        """Read the part in hand for its period."""
        span, said = PERIODS[self.period]
        look = Look(span, self.back, self.figure, self.by)
        return read_tab(desk, self.asked.view, look, said)

    def take(self, told: Read[Row]) -> None:
        """Draw what was read; another tab begins with its first line."""
        if isinstance(told, Told) and told.part != self.told.part:
            self.part.listing.begin_anew()
        super().take(told)

    def head(self) -> Content:
        """Give the heads of the columns."""
        return Content(TABS[self.part.view].part.titles)

    def fitting(self) -> Sequence[Row]:
        """Give the figures of the part in hand; nothing while another part's are there."""
        return self.told.rows if self.told.part == self.part.view else ()

    def lines(self, rows: Sequence[Row]) -> list[Line]:
        """Give a line a row, under the headings of their sheets."""
        if self.told.part != self.part.view or not (rows or self.told.cases):
            return []
        return part_lines(self.told.sheets, TABS[self.told.part].part)

    def name_of(self, row: Row) -> str:
        """Give its place."""
        return str(next(at for at, one in enumerate(self.told.rows) if one is row))

    def nothing(self) -> str:
        """Say that there was nothing to count."""
        longer = "\n\n→ looks further back" if self.period < len(PERIODS) - 1 else ""
        what = {"reports": "reported", "changed": "more or less frequent than usual"}
        of = what.get(TABS[self.part.view].of, "closed")
        return f"No ticket was {of} in the last {PERIODS[self.period][1]}.{longer}"

    def about(self, row: Row) -> Content:
        """Give its words; with customers' figures always what they are for."""
        purpose = PURPOSE if TABS[self.told.part].label == "Customers" else ""
        return Content("\n".join(text for text in (purpose, told(row)) if text))
