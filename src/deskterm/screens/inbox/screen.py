"""Received mail by what became of it: what nobody understood first, with its reason."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.content import Content

from deskterm.domain import clock
from deskterm.domain.asking import How
from deskterm.domain.mail_rows import InboxRow, MailShown
from deskterm.domain.rows import Done
from deskterm.screens.actions import bindings
from deskterm.screens.dialogs.ask import AskDialog
from deskterm.screens.inbox.lines import (
    SHELVES,
    STATES,
    counted,
    lines,
    mail_content,
    reason_content,
)
from deskterm.screens.listing import ListScreen, Read
from deskterm.screens.order import Order
from deskterm.widgets.line_list import Line

if TYPE_CHECKING:
    from deskterm.screens.desk import Desk

MOST = 500
"""Mails that are read at most; the filter looks through all of them in the database."""


class InboxScreen(ListScreen[InboxRow]):
    """A list with a tab for each state; Enter shows the mail, r tries it again, d puts it away."""

    NAME = "inbox"
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

    def name_of(self, row: InboxRow) -> str:
        """Give its number."""
        return str(row.id)

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

    # --- doing ------------------------------------------------------------------------------

    def action_mail_open(self) -> None:
        """Show the mail in hand; once more closes it."""
        one = self.in_hand
        if self.part.reading:
            self.part.reading = False
        elif one is not None:
            self.load(lambda desk: desk.inbox.show(one.id), self._open_mail, "mail")

    def _open_mail(self, shown: MailShown) -> None:
        self.part.page.show(mail_content(shown))
        self.part.page.move_to_end(last=False)
        self.part.reading = True

    def action_mail_ticket(self) -> None:
        """Open the ticket the mail is on."""
        one = self.in_hand
        if one is not None and one.ticket_id:
            self.desk_app.go("ticket", one.ticket_id)
        elif one is not None:
            self.say(f"mail {one.id} is on no ticket.", "warning")

    def action_mail_retry(self) -> None:
        """Let the mail in hand be processed again."""
        self._move("retry", [self.in_hand] if self.in_hand else [])

    def action_mail_retry_all(self) -> None:
        """Let every mail shown be processed again."""
        self._ask("retry", f"Try these {len(self.shown)} mails again?")

    def action_mail_discard(self) -> None:
        """Put the mail in hand away, once that is confirmed."""
        one = self.in_hand
        if one is not None:
            subject = one.subject or "(no subject)"
            self._ask("discard", f"Put “{subject}” away? Its bytes are kept.", [one])

    def action_mail_discard_all(self) -> None:
        """Put every mail shown away, once that is confirmed."""
        self._ask("discard", f"Put these {len(self.shown)} mails away? Their bytes are kept.")

    def _ask(self, verb: str, question: str, rows: Sequence[InboxRow] | None = None) -> None:
        chosen = tuple(self.shown if rows is None else rows)
        if not chosen:
            self.say("There is no mail here.", "warning")
            return

        def decided(yes: bool | None) -> None:
            if yes:
                self._move(verb, chosen)

        self.app.push_screen(AskDialog("Received mail", question), decided)

    def _move(self, verb: str, rows: Sequence[InboxRow]) -> None:
        numbers = [one.id for one in rows]
        if not numbers:
            return
        what = f"mail {numbers[0]}" if len(numbers) == 1 else f"{len(numbers)} mails"
        said = f"{what} waits to be processed" if verb == "retry" else f"Put away: {what}"

        def run(desk: "Desk", how: How) -> Done:
            getattr(desk.inbox, verb)(numbers, op_id=how.op_id)
            return Done(how.op_id or "", f"mail {verb}", ())

        self.part.reading = False
        self.desk_app.write(Order(said, run))
