"""All guides with what use tells of them; below, what has no guide."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.content import Content

from deskterm.domain.text import clean
from deskterm.reports.sheet import Row
from deskterm.screens.action import Flow
from deskterm.screens.actions import bindings
from deskterm.screens.guides import verbs
from deskterm.screens.guides.lines import guide_lines, guide_titles, uncovered_lines
from deskterm.screens.listing import Read, RestingList
from deskterm.widgets.line_list import Line

if TYPE_CHECKING:
    from deskterm.screens.desk import Desk


@dataclass(frozen=True)
class Guides(Read[Row]):
    """The guides, and what has none."""

    uncovered: Sequence[str] = ()


class GuidesScreen(RestingList[Row]):
    """A line a guide, the most used first."""

    NAME = "guides"
    KEPT = True
    KIND = "guide"
    CSS_PATH = "screen.tcss"
    FLOWS: ClassVar[Mapping[str, Flow]] = verbs.LIST
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("guides")]
    FILTER = "find guides by words"
    EMPTY = "No guides yet.\n\nn writes one, from a pattern or from a flowchart."
    WAIT = "Reading the runs of all guides …"

    told: Guides = Guides()

    def read(self, desk: "Desk") -> Guides:
        """Read every guide with its figures."""
        found = desk.insight.guides()
        facts = f"{len(found.guides)} guides"
        return Guides(found.sheet.rows, facts=facts, uncovered=found.uncovered)

    def fitting(self) -> Sequence[Row]:
        """Give the guides that have the words."""
        return [
            one
            for one in self.told.rows
            if self.part.has_words(f"{one.cells['id'].text} {one.cells['title'].text}")
        ]

    def lines(self, rows: Sequence[Row]) -> list[Line]:
        """Give a line a guide, then what has none."""
        rest = () if self.part.words.strip() else self.told.uncovered
        return [*guide_lines(rows, self.size.width), *uncovered_lines(rest, self.size.width - 2)]

    def name_of(self, row: Row) -> str:
        """Give the guide's id."""
        return row.cells["id"].text

    def head(self) -> Content:
        """Give the heads of the columns."""
        return Content(guide_titles(self.size.width))

    def about(self, row: Row) -> Content:
        """Give what use tells."""
        return Content(clean(row.told[0], one_line=True))

    def chosen_number(self) -> str:
        """Give what `y` copies: the guide's id."""
        return self.name_of(self.in_hand) if self.in_hand else ""
