"""How the desk works: the nine steps, what goes wrong in them, and what customers' reports tell."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from textual import on
from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import OptionList, Static

from deskterm.domain import clock
from deskterm.reports.customers import PURPOSE
from deskterm.screens.actions import bindings
from deskterm.screens.insight import lines
from deskterm.screens.insight.lines import Figure
from deskterm.screens.listed import Paced, Tabbed
from deskterm.widgets.line_list import LineList
from deskterm.widgets.status_line import StatusLine
from deskterm.widgets.view_tabs import View, ViewTabs

if TYPE_CHECKING:
    from deskterm.screens.desk import Desk

PERIODS = (("30d", "30 days"), ("90d", "90 days"), ("365d", "a year"))
PARTS = ("Steps", "Mistakes", "Customers")
_TITLES = (lines.STEP_TITLE, lines.MISTAKE_TITLE, lines.CUSTOMER_TITLE)
_COLUMNS = (lines.STEP_COLUMNS, lines.MISTAKE_COLUMNS, lines.CUSTOMER_COLUMNS)
SHOWN = 1_000
"""Tickets a query may name by number."""


class Told(NamedTuple):
    """A part as it was read."""

    part: int
    period: int
    cases: int
    figures: Sequence[Figure]


class InsightScreen(Tabbed, Paced):
    """Three parts, a period, and from every line to its tickets."""

    NAME = "insight"
    CSS_PATH = "screen.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("insight")]

    VIEW_COUNT = len(PARTS)

    period = 1
    told: Told | None = None

    def body(self) -> Iterable[Widget]:
        """Give the parts, titles, lines, and words about the line in hand."""
        yield ViewTabs()
        yield Static(id="head")
        yield LineList(id="list")
        yield Static(id="none")
        yield Static(id="words")

    def on_mount(self) -> None:
        """Draw the frame; the figures come when the desk is open."""
        self._draw()

    def watch_view(self) -> None:
        """Read another part."""
        if self.is_mounted and self.desk_app.is_open:
            self.read()

    def read(self) -> None:
        """Read the part in hand for its period."""
        part, period = self.view, self.period
        self.reading_begins()
        self._draw()
        self.load(lambda desk: _told(desk, part, period), self._show, "list")

    def _show(self, told: Told) -> None:
        self.reading_ended()
        if (told.part, told.period) == (self.view, self.period):
            self.told = told
            self._draw()

    # --- drawing ----------------------------------------------------------------------

    def _draw(self) -> None:
        told = self.told if self.told and self.told.part == self.view else None
        tabs = self.query_one(ViewTabs)
        tabs.views = tuple(View(name, "") for name in PARTS)
        tabs.active = self.view
        self.query_one("#head", Static).update(Content(_TITLES[self.view]))
        empty = told is not None and told.cases == 0
        listing, none = self.listing, self.query_one("#none", Static)
        listing.show(lines.list_lines(told.figures if told and not empty else ()))
        listing.display, none.display = not empty, empty
        none.update(Content(self._why_none()))
        status = self.query_one(StatusLine)
        what = "reports" if self.view == 2 else "closed"
        cases = f"  {told.cases} {what}" if told else ""
        status.facts = f"← {PERIODS[self.period][1]} →{cases}"
        status.clock = clock.now().astimezone().strftime("%H:%M")
        self._draw_words()

    def _why_none(self) -> str:
        longer = "\n\n→ looks further back" if self.period < len(PERIODS) - 1 else ""
        what = "reported" if self.view == 2 else "closed"
        return f"No ticket was {what} in the last {PERIODS[self.period][1]}.{longer}"

    @on(OptionList.OptionHighlighted, "#list")
    def _draw_words(self) -> None:
        one = self.in_hand
        purpose = PURPOSE if self.view == 2 else ""
        words = "\n".join(text for text in (purpose, one.words if one else "") if text)
        self.query_one("#words", Static).update(Content(words))
        self.show_keys()

    @property
    def in_hand(self) -> Figure | None:
        """The line under the cursor."""
        name = self.name_in_hand
        told = self.told
        if not name or told is None or told.part != self.view or int(name) >= len(told.figures):
            return None
        return told.figures[int(name)]

    # --- doing ------------------------------------------------------------------------

    @on(OptionList.OptionSelected, "#list")
    def _chosen(self) -> None:
        self.action_insight_open()

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
        if self.told is not None:
            self._copy(lines.as_csv(self.told.figures, _COLUMNS[self.view]))

    def action_insight_shorter(self) -> None:
        """A shorter period."""
        self._over(max(0, self.period - 1))

    def action_insight_longer(self) -> None:
        """A longer period."""
        self._over(min(len(PERIODS) - 1, self.period + 1))

    def _over(self, period: int) -> None:
        if period != self.period:
            self.period = period
            self.read()


def _told(desk: "Desk", part: int, period: int) -> Told:
    since = PERIODS[period][0]
    found: Any
    if part == 0:
        found = desk.insight.steps(since)
        return Told(part, period, found.tickets, lines.steps(found.steps))
    if part == 1:
        found = desk.insight.mistakes(since)
        return Told(part, period, found.tickets, lines.mistakes(found.mistakes))
    found = desk.insight.customers(since)
    figures = lines.customers(found.best, found.helped, found.again)
    return Told(part, period, found.reports, figures)
