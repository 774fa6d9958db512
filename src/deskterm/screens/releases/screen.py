"""Releases: what is planned, what was shipped, and what those who were told say of it."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.content import Content

from deskterm.domain import clock
from deskterm.domain.releases import ReleaseRow, ReleaseState
from deskterm.screens.action import Flow
from deskterm.screens.actions import bindings
from deskterm.screens.listing import ListScreen, Read, Shelf, columns
from deskterm.screens.releases import verbs
from deskterm.screens.releases.lines import about, lines, titles
from deskterm.widgets.line_list import Line
from deskterm.widgets.list_part import has_words

if TYPE_CHECKING:
    from deskterm.screens.desk import Desk


def show(owner: verbs.ReleaseOwner) -> None:
    """Show the release in hand whole: what it fixes, who is told, what they say."""
    if owner.release is not None:
        owner.desk_app.go("release", owner.release.id)


class ReleasesScreen(ListScreen[ReleaseRow]):
    """A line a release; Enter shows one with everybody it concerns."""

    NAME = "releases"
    KIND = "release"
    CSS_PATH = "screen.tcss"
    FLOWS: ClassVar[Mapping[str, Flow]] = {**verbs.FLOWS, "release_open": show}
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("releases")]
    SHELVES = (
        Shelf("All"),
        Shelf("Planned", "Nothing is planned.\n\nn makes a release of the problems it fixes."),
        Shelf("Shipped", "Nothing was shipped yet.\n\n2 shows what is planned · s ships one."),
        Shelf("Withdrawn", "Nothing was withdrawn."),
    )
    FILTER = "words in name, product or what changed"
    EMPTY = (
        "No release yet.\n\nn makes one of the problems it fixes: product and version, Router 2.4"
    )

    def read(self, desk: "Desk") -> Read[ReleaseRow]:
        """Read the releases."""
        rows = desk.releases.list()
        by_state = [sum(row.state == state for row in rows) for state in ReleaseState]
        facts = "1 release" if len(rows) == 1 else f"{len(rows)} releases"
        return Read(rows, (len(rows), *by_state), facts)

    def fitting(self) -> Sequence[ReleaseRow]:
        """Give the releases of the tab that have the words."""
        states = (*ReleaseState,) if not self.part.view else ((*ReleaseState,)[self.part.view - 1],)
        return [
            row
            for row in self.told.rows
            if row.state in states
            and has_words(f"{row.name} {row.product} {row.words}", self.part.words)
        ]

    @property
    def release(self) -> ReleaseRow | None:
        """The release in hand."""
        return self.in_hand

    def lines(self, rows: Sequence[ReleaseRow]) -> list[Line]:
        """Give a line a release."""
        return lines(rows, clock.now(), columns(self))

    def head(self) -> Content:
        """Give the heads of the columns."""
        return Content(titles(columns(self)))

    def about(self, row: ReleaseRow) -> Content:
        """Give what it fixes and says."""
        return about(row)

    def chosen_number(self) -> str:
        """Give its name."""
        return self.in_hand.name if self.in_hand else ""

    def chosen_text(self) -> str:
        """Give what it says."""
        return self.in_hand.words if self.in_hand else ""
