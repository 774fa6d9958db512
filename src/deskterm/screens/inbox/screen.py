"""Received mail by what became of it: what nobody understood first, with its reason."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.content import Content

from deskterm.domain import clock
from deskterm.domain.mail_rows import InboxRow
from deskterm.screens.action import Flow
from deskterm.screens.actions import bindings
from deskterm.screens.inbox import verbs
from deskterm.screens.inbox.lines import (
    SHELVES,
    STATES,
    counted,
    lines,
    reason_content,
)
from deskterm.screens.listing import KeptList, Read
from deskterm.widgets.line_list import Line

if TYPE_CHECKING:
    from deskterm.screens.desk import Desk

MOST = 500
"""Mails that are read at most; the filter looks through all of them in the database."""


class InboxScreen(KeptList[InboxRow]):
    """A list with a tab for each state; Enter shows the mail, r tries it again, d puts it away."""

    NAME = "inbox"
    FLOWS: ClassVar[Mapping[str, Flow]] = verbs.FLOWS
    KIND = "mail"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("inbox")]
    SHELVES = SHELVES
    FILTER = "words of sender, subject or reason"
    ANEW = True
    PAGE = True

    def read(self, desk: "Desk") -> Read[InboxRow]:
        """Read the shelf in hand; the filter looks through all mails in the database."""
        rows = desk.inbox.shelf(STATES[self.asked.view], MOST, self.asked.words)
        return Read(rows, counted(desk.inbox.counts()))

    def lines(self, rows: Sequence[InboxRow]) -> list[Line]:
        """Give a line a mail."""
        return lines(rows, max(20, self.size.width - 1), clock.now())

    def about(self, row: InboxRow) -> Content:
        """Give why the mail is where it is."""
        return reason_content(row)

    def chosen_number(self) -> str:
        """Give `#12`, the ticket it is on."""
        one = self.in_hand
        return f"#{one.ticket_id}" if one and one.ticket_id else ""

    def chosen_text(self) -> str:
        """Give the subject."""
        return self.in_hand.subject if self.in_hand else ""
