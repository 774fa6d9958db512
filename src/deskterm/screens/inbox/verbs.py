"""What is done with received mail on its screen."""

from typing import TYPE_CHECKING, Protocol

from deskterm.domain.asking import How
from deskterm.domain.mail_rows import InboxRow, MailShown
from deskterm.domain.rows import Done
from deskterm.screens.dialogs.ask import AskDialog
from deskterm.screens.flows import lists
from deskterm.screens.inbox.lines import mail_content
from deskterm.screens.order import Order

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from deskterm.screens.action import Flow
    from deskterm.screens.desk import Desk


class InboxOwner(lists.ListOwner, Protocol):
    """The screen of received mail."""

    shown: "Sequence[InboxRow]"

    @property
    def in_hand(self) -> InboxRow | None:
        """The mail under the cursor."""


def show(owner: InboxOwner) -> None:
    """Show the mail in hand; once more closes it."""
    one, part = owner.in_hand, owner.part

    def read(shown: MailShown) -> None:
        part.page.show(mail_content(shown))
        part.page.move_to_end(last=False)
        part.reading = True

    if part.reading:
        part.reading = False
    elif one is not None:
        owner.load(lambda desk: desk.inbox.show(one.id), read, "mail")


def open_ticket(owner: InboxOwner) -> None:
    """Open the ticket the mail is on."""
    one = owner.in_hand
    if one is not None and one.ticket_id:
        owner.desk_app.go("ticket", one.ticket_id)
    elif one is not None:
        owner.desk_app.say(f"mail {one.id} is on no ticket.", "warning")


def retry(owner: InboxOwner) -> None:
    """Let the mail in hand be processed again."""
    if owner.in_hand is not None:
        _place(owner, _retrying([owner.in_hand]))


def retry_all(owner: InboxOwner) -> None:
    """Let every mail shown be processed again."""
    many = f"Try these {len(owner.shown)} mails again?"
    _ask(owner, many, _retrying(owner.shown))


def discard(owner: InboxOwner) -> None:
    """Put the mail in hand away, once that is confirmed."""
    one = owner.in_hand
    if one is not None:
        subject = one.subject or "(no subject)"
        _ask(owner, f"Put “{subject}” away? Its bytes are kept.", _discarding([one]))


def discard_all(owner: InboxOwner) -> None:
    """Put every mail shown away, once that is confirmed."""
    many = f"Put these {len(owner.shown)} mails away? Their bytes are kept."
    _ask(owner, many, _discarding(owner.shown))


def _ask(owner: InboxOwner, question: str, order: Order) -> None:
    def decided(yes: bool | None) -> None:
        if yes:
            _place(owner, order)

    if owner.shown:
        owner.app.push_screen(AskDialog("Received mail", question), decided)
    else:
        owner.desk_app.say("There is no mail here.", "warning")


def _place(owner: InboxOwner, order: Order) -> None:
    owner.part.reading = False
    owner.desk_app.write(order)


def _retrying(rows: "Sequence[InboxRow]") -> Order:
    numbers = [one.id for one in rows]

    def run(desk: "Desk", how: How) -> Done:
        desk.inbox.retry(numbers, how=how)
        return Done(how.op_id or "", "mail retry", ())

    return Order(f"{_many(rows)} waits to be processed", run)


def _discarding(rows: "Sequence[InboxRow]") -> Order:
    numbers = [one.id for one in rows]

    def run(desk: "Desk", how: How) -> Done:
        desk.inbox.discard(numbers, how=how)
        return Done(how.op_id or "", "mail discard", ())

    return Order(f"Put away: {_many(rows)}", run)


def _many(rows: "Sequence[InboxRow]") -> str:
    return f"mail {rows[0].id}" if len(rows) == 1 else f"{len(rows)} mails"


FLOWS: "Mapping[str, Flow]" = {
    **lists.FILTERED,
    **lists.PAGED,
    "inbox_open": show,
    "inbox_ticket": open_ticket,
    "inbox_retry": retry,
    "inbox_retry_all": retry_all,
    "inbox_discard": discard,
    "inbox_discard_all": discard_all,
}
