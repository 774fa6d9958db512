"""One's own notices, newest first: what happened, and the way there."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.content import Content

from deskterm.domain import clock
from deskterm.domain.notice_rows import NoticeRow, Wishes
from deskterm.screens.actions import bindings
from deskterm.screens.listing import ListScreen, Read
from deskterm.screens.notices.lines import SHELVES, chosen, lines, notice_content
from deskterm.screens.order import Order
from deskterm.widgets.line_list import Line

if TYPE_CHECKING:
    from deskterm.screens.desk import Desk

MOST = 500
"""Notices that are read at most."""


class NoticesScreen(ListScreen[NoticeRow]):
    """A list with tabs New, Urgent, All; opening one marks it as seen."""

    NAME = "notices"
    KIND = "notice"
    CSS_PATH = "screen.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("notices")]
    SHELVES = SHELVES
    FILTER = "filter by words"
    EMPTY = (
        "No notices yet.\n\nWhat concerns you appears here: tickets given to you, answers, @you."
    )

    def on_screen_resume(self) -> None:
        """Read anew: a ticket that was open meanwhile took its notices along."""
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

    def name_of(self, row: NoticeRow) -> str:
        """Give its number."""
        return str(row.id)

    def about(self, row: NoticeRow) -> Content:
        """Give what happened."""
        return notice_content(row, max(20, self.size.width - 2))

    def chosen_number(self) -> str:
        """Give `#12`, the ticket."""
        return f"#{self.in_hand.ticket_id}" if self.in_hand else ""

    def chosen_text(self) -> str:
        """Give the first words of what happened."""
        return self.in_hand.text or self.in_hand.subject if self.in_hand else ""

    # --- doing ------------------------------------------------------------------------------

    def action_notice_open(self) -> None:
        """Open the ticket at the entry; its notices are seen."""
        one = self.in_hand
        if one is not None:
            self.desk_app.go("ticket", one.ticket_id, one.entry_id)

    def action_notice_seen(self) -> None:
        """Mark the one in hand as seen and move on."""
        one = self.in_hand
        if one is not None:
            self.listing.move(1)
            self.load(lambda desk: desk.notices.seen([one.id]), self._marked, "seen")

    def action_notice_seen_all(self) -> None:
        """Mark all as seen."""
        self.load(lambda desk: desk.notices.seen_all(), self._marked_all, "seen")

    def _marked(self, many: int) -> None:
        del many
        self.read_again()
        self.desk_app.look_at_notices()

    def _marked_all(self, many: int) -> None:
        self.say(f"{many} seen." if many else "Nothing was new.")
        self._marked(many)

    def action_notice_wishes(self) -> None:
        """Choose what one is told of."""
        self.load(lambda desk: desk.attention.show(), self._ask_wishes, "wishes")

    def _ask_wishes(self, wishes: Wishes) -> None:
        from deskterm.screens.notices.wishes import WishesDialog

        def decided(values: dict[str, str] | None) -> None:
            if values:
                self.desk_app.write(
                    Order("Kept", lambda desk, how: desk.attention.wish(values, how.op_id))
                )

        self.app.push_screen(WishesDialog(wishes), decided)
