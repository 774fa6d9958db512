"""How the desk works: the nine steps, what goes wrong in them, and what customers' reports tell."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.content import Content

from deskterm.reports.customers import PURPOSE
from deskterm.reports.sheet import Row, Sheet
from deskterm.reports.sheets import again_sheet, best_sheet, helped_sheet, mistake_sheet, step_sheet
from deskterm.screens.action import Flow
from deskterm.screens.actions import bindings
from deskterm.screens.insight import verbs
from deskterm.screens.insight.lines import MOST, PARTS_SHOWN, part_lines, told
from deskterm.screens.insight.verbs import PERIODS
from deskterm.screens.listing import Read, RestingList, Shelf
from deskterm.widgets.line_list import Line

if TYPE_CHECKING:
    from deskterm.screens.desk import Desk


@dataclass(frozen=True)
class Told(Read[Row]):
    """A part as it was read."""

    sheets: Sequence[Sheet] = ()
    part: int = 0
    cases: int = 0


class InsightScreen(RestingList[Row]):
    """Three parts, a period, and from every line to its tickets."""

    NAME = "insight"
    FLOWS: ClassVar[Mapping[str, Flow]] = verbs.FLOWS
    KIND = "figure"
    CSS_PATH = "screen.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("insight")]
    SHELVES = (Shelf("Steps"), Shelf("Mistakes"), Shelf("Customers"))
    ANEW = True

    period = 1
    """The place in PERIODS."""
    told: Told = Told()

    def read(self, desk: "Desk") -> Told:
        """Read the part in hand for its period."""
        period = self.period
        part = self.asked.view
        cases, sheets, missing = _told(desk, part, PERIODS[period][0])
        what = "reports" if part == 2 else "closed"
        facts = f"← {PERIODS[period][1]} →  {cases} {what}"
        facts += f"  {missing:,} not counted yet" if missing else ""
        rows = [row for sheet in sheets for row in sheet.rows] if cases else []
        return Told(rows, facts=facts, sheets=sheets, part=part, cases=cases)

    def head(self) -> Content:
        """Give the heads of the columns."""
        return Content(PARTS_SHOWN[self.part.view].titles)

    def fitting(self) -> Sequence[Row]:
        """Give the figures of the part in hand; nothing while another part's are there."""
        return self.told.rows if self.told.part == self.part.view else ()

    def lines(self, rows: Sequence[Row]) -> list[Line]:
        """Give a line a row, under the headings of their sheets."""
        if self.told.part != self.part.view or not (rows or self.told.cases):
            return []
        return part_lines(self.told.sheets, PARTS_SHOWN[self.told.part])

    def name_of(self, row: Row) -> str:
        """Give its place."""
        return str(next(at for at, one in enumerate(self.told.rows) if one is row))

    def nothing(self) -> str:
        """Say that there was nothing to count."""
        longer = "\n\n→ looks further back" if self.period < len(PERIODS) - 1 else ""
        what = "reported" if self.part.view == 2 else "closed"
        return f"No ticket was {what} in the last {PERIODS[self.period][1]}.{longer}"

    def about(self, row: Row) -> Content:
        """Give its words; with customers' figures always what they are for."""
        purpose = PURPOSE if self.told.part == 2 else ""
        return Content("\n".join(text for text in (purpose, told(row)) if text))


def _told(desk: "Desk", part: int, since: str) -> tuple[int, Sequence[Sheet], int]:
    """Give how many cases a part has in a period, its sheets, and how many cases it lacks."""
    if part == 0:
        steps = desk.insight.steps(since)
        return steps.tickets, [step_sheet(steps.steps)], steps.missing
    if part == 1:
        mistakes = desk.insight.mistakes(since)
        return mistakes.tickets, [mistake_sheet(mistakes.mistakes)], mistakes.missing
    found = desk.insight.customers(since)
    sheets = [
        again_sheet(found.again[:MOST]),
        best_sheet(found.best[:MOST]),
        helped_sheet(found.helped[:MOST]),
    ]
    return found.reports, sheets, 0
