"""One's own notices, newest first: what happened, and the way there."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.binding import BindingType
from textual.content import Content

from deskterm.domain import clock
from deskterm.domain.notice_rows import NoticeRow
from deskterm.screens.action import Flow
from deskterm.screens.actions import bindings
from deskterm.screens.listing import KeptList, Read
from deskterm.screens.notices import verbs
from deskterm.screens.notices.lines import SHELVES, chosen, lines, notice_content
from deskterm.widgets.line_list import Line

if TYPE_CHECKING:
    from deskterm.screens.desk import Desk

MOST = 500
"""Notices that are read at most."""


class NoticesScreen(KeptList[NoticeRow]):
    """A list with tabs New, Urgent, All; opening one marks it as seen."""

    NAME = "notices"
    FLOWS: ClassVar[Mapping[str, Flow]] = verbs.FLOWS
    KIND = "notice"
    CSS_PATH = "screen.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("notices")]
    SHELVES = SHELVES
    FILTER = "filter by words"
    EMPTY = (
        "No notices yet.\n\nWhat concerns you appears here: tickets given to you, answers, @you."
    )

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        """Read anew: a ticket that was open meanwhile took its notices along."""
        del event
        if self.composed:
            self.desk_changed()

    def read(self, desk: "Desk") -> Read[NoticeRow]:
        """Read the notices."""
        rows = tuple(desk.notices.list(limit=MOST))
        return Read(rows, [len(chosen(rows, place, "")) for place in range(len(SHELVES))])

    def fitting(self) -> Sequence[NoticeRow]:
        """Give the notices of the tab that have the words."""
        return chosen(self.told.rows, self.part.view, self.part.words)

    def lines(self, rows: Sequence[NoticeRow]) -> list[Line]:
        """Give a line a notice."""
        return lines(rows, max(20, self.size.width - 1), clock.now())

    def about(self, row: NoticeRow) -> Content:
        """Give what happened."""
        return notice_content(row, max(20, self.size.width - 2))

    def chosen_number(self) -> str:
        """Give `#12`, the ticket, or `R3`."""
        return self.in_hand.name if self.in_hand else ""

    def chosen_text(self) -> str:
        """Give the first words of what happened."""
        return self.in_hand.text or self.in_hand.subject if self.in_hand else ""
