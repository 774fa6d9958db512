"""Announcements: what runs, what is planned, what is over; who was told of it."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.content import Content

from deskterm.domain import clock
from deskterm.domain.announcements import AnnouncementRow, AnnouncementState
from deskterm.screens.action import Flow
from deskterm.screens.actions import bindings
from deskterm.screens.announcements import verbs
from deskterm.screens.announcements.lines import about, lines, titles
from deskterm.screens.listing import ListScreen, Read, Shelf, columns
from deskterm.widgets.line_list import Line

if TYPE_CHECKING:
    from deskterm.screens.desk import Desk

_NOW = (AnnouncementState.RUNNING, AnnouncementState.PLANNED)
_STATES = (_NOW, (AnnouncementState.PLANNED,), tuple(set(AnnouncementState) - set(_NOW)))
"""What is on each tab."""


class AnnouncementsScreen(ListScreen[AnnouncementRow]):
    """A line an announcement, all that is said of the one in hand below."""

    NAME = "announcements"
    KIND = "announcement"
    CSS_PATH = "screen.tcss"
    FLOWS: ClassVar[Mapping[str, Flow]] = verbs.FLOWS
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("announcements")]
    SHELVES = (
        Shelf("Now", "Nothing is announced.\n\nn announces something: on boards, and by letter."),
        Shelf("Planned", "Nothing is planned.\n\nn announces maintenance: say when it begins."),
        Shelf("Over", "Nothing is over yet."),
    )
    FILTER = "words in what is said, or for whom"

    def __init__(self, wanted: int | None = None) -> None:
        super().__init__()
        self.start = str(wanted or "")

    def take(self, told: Read[AnnouncementRow]) -> None:
        """Draw what was read; at first the tab with the announcement that was asked for."""
        if self.start and not self.loaded:
            asked = [one for one in told.rows if str(one.id) == self.start]
            over = any(one.state(clock.now()) not in _NOW for one in asked)
            self.part.view = 2 if over else 0
        super().take(told)

    def read(self, desk: "Desk") -> Read[AnnouncementRow]:
        """Read the announcements."""
        rows = desk.announcements.list(all_=True)
        states = [row.state(clock.now()) for row in rows]
        counts = [sum(state in shelf for state in states) for shelf in _STATES]
        facts = "1 announcement" if counts[0] == 1 else f"{counts[0]} announcements"
        return Read(rows, (*counts[:2], 0), facts)

    def fitting(self) -> Sequence[AnnouncementRow]:
        """Give the announcements of the tab that have the words."""
        now = clock.now()
        return [
            row
            for row in self.told.rows
            if row.state(now) in _STATES[self.part.view]
            and self.part.has_words(f"{row.text} {row.whom} {row.kind}")
        ]

    def lines(self, rows: Sequence[AnnouncementRow]) -> list[Line]:
        """Give a line an announcement."""
        return lines(rows, clock.now(), columns(self))

    def head(self) -> Content:
        """Give the heads of the columns."""
        return Content(titles(columns(self)))

    def about(self, row: AnnouncementRow) -> Content:
        """Give what is said, for whom, and who was told."""
        return about(row, clock.now())

    def chosen_number(self) -> str:
        """Give its number."""
        return str(self.in_hand.id) if self.in_hand else ""

    def chosen_text(self) -> str:
        """Give what is said."""
        return self.in_hand.text if self.in_hand else ""
