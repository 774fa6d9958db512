"""How the desk works: the nine steps, what goes wrong in them, and what customers' reports tell."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from textual.binding import BindingType
from textual.content import Content

from deskterm.reports.customers import PURPOSE
from deskterm.screens.actions import bindings
from deskterm.screens.general import copy
from deskterm.screens.insight import lines
from deskterm.screens.insight.lines import Figure
from deskterm.screens.listing import Read, RestingList, Shelf
from deskterm.widgets.line_list import Line

if TYPE_CHECKING:
    from deskterm.screens.desk import Desk

PERIODS = (("30d", "30 days"), ("90d", "90 days"), ("365d", "a year"))
_TITLES = (lines.STEP_TITLE, lines.MISTAKE_TITLE, lines.CUSTOMER_TITLE)
_COLUMNS = (lines.STEP_COLUMNS, lines.MISTAKE_COLUMNS, lines.CUSTOMER_COLUMNS)
SHOWN = 1_000
"""Tickets a query may name by number."""


@dataclass(frozen=True)
class Told(Read[Figure]):
    """A part as it was read."""

    part: int = 0
    cases: int = 0


class InsightScreen(RestingList[Figure]):
    """Three parts, a period, and from every line to its tickets."""

    NAME = "insight"
    KIND = "figure"
    CSS_PATH = "screen.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("insight")]
    SHELVES = (Shelf("Steps"), Shelf("Mistakes"), Shelf("Customers"))
    ANEW = True

    period = 1
    told: Told = Told()

    def read(self, desk: "Desk") -> Told:
        """Read the part in hand for its period."""
        period = self.period
        part, cases, figures = _told(desk, self.asked.view, PERIODS[period][0])
        what = "reports" if part == 2 else "closed"
        facts = f"← {PERIODS[period][1]} →  {cases} {what}"
        return Told(figures if cases else (), facts=facts, part=part, cases=cases)

    def head(self) -> Content:
        """Give the heads of the columns."""
        return Content(_TITLES[self.part.view])

    def fitting(self) -> Sequence[Figure]:
        """Give the figures of the part in hand; nothing while another part's are there."""
        return self.told.rows if self.told.part == self.part.view else ()

    def lines(self, rows: Sequence[Figure]) -> list[Line]:
        """Give a line a figure."""
        return lines.list_lines(rows)

    def name_of(self, row: Figure) -> str:
        """Give its place."""
        return "" if row.heading else str(self.told.rows.index(row))

    def nothing(self) -> str:
        """Say that there was nothing to count."""
        longer = "\n\n→ looks further back" if self.period < len(PERIODS) - 1 else ""
        what = "reported" if self.part.view == 2 else "closed"
        return f"No ticket was {what} in the last {PERIODS[self.period][1]}.{longer}"

    def about(self, row: Figure) -> Content:
        """Give its words; with customers' figures always what they are for."""
        purpose = PURPOSE if self.told.part == 2 else ""
        return Content("\n".join(text for text in (purpose, row.words) if text))

    # --- doing ------------------------------------------------------------------------

    def action_insight_open(self) -> None:
        """Show the tickets behind the line on the board."""
        one = self.in_hand
        if one is None or not one.tickets:
            self.say("No ticket is behind this line.")
            return
        numbers = sorted(one.tickets, reverse=True)[:SHOWN]
        if len(one.tickets) > SHOWN:
            self.say(f"The newest {SHOWN} of {len(one.tickets)} tickets are shown.")
        self.desk_app.show_tickets(f"id:{','.join(map(str, numbers))}")

    def action_insight_copy(self) -> None:
        """Copy the part as CSV."""
        if self.loaded:
            copy(self, lines.as_csv(self.told.rows, _COLUMNS[self.told.part]))

    def action_insight_shorter(self) -> None:
        """A shorter period."""
        self._over(max(0, self.period - 1))

    def action_insight_longer(self) -> None:
        """A longer period."""
        self._over(min(len(PERIODS) - 1, self.period + 1))

    def _over(self, period: int) -> None:
        if period != self.period:
            self.period = period
            self.read_again()


def _told(desk: "Desk", part: int, since: str) -> tuple[int, int, Sequence[Figure]]:
    found: Any
    if part == 0:
        found = desk.insight.steps(since)
        return part, found.tickets, lines.steps(found.steps)
    if part == 1:
        found = desk.insight.mistakes(since)
        return part, found.tickets, lines.mistakes(found.mistakes)
    found = desk.insight.customers(since)
    return part, found.reports, lines.customers(found.best, found.helped, found.again)
