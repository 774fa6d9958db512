"""What is done with letters on their screen: orders that report and can be undone."""

from typing import TYPE_CHECKING, Protocol

from deskterm.domain.asking import How
from deskterm.domain.mail_rows import LetterRow, LettersChanged, LetterShown, Outgoing
from deskterm.domain.rows import Done
from deskterm.screens.flows import lists
from deskterm.screens.order import Order

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deskterm.screens.action import Flow
    from deskterm.screens.desk import Desk


class LettersOwner(lists.ListOwner, Protocol):
    """The mail queue."""

    @property
    def in_hand(self) -> LetterRow | None:
        """The letter under the cursor."""

    @property
    def out(self) -> Outgoing:
        """How sending stands."""


def show(owner: LettersOwner) -> None:
    """Show the letter as it left or would leave."""
    one = owner.in_hand

    def read(letter: LetterShown) -> None:
        from deskterm.screens.letters.reading import LetterDialog

        owner.app.push_screen(LetterDialog(letter))

    if one is not None:
        owner.load(lambda desk: desk.outbox.letter(one.id), read, "letter")


def open_ticket(owner: LettersOwner) -> None:
    """Open the ticket that the letter is about."""
    one = owner.in_hand
    if one is None:
        return
    if one.ticket_id is None:
        owner.desk_app.say("This letter is about no single ticket.", "warning")
    else:
        owner.desk_app.go("ticket", one.ticket_id)


def retry(owner: LettersOwner) -> None:
    """Try the letter again; one that waits leaves now."""
    if owner.in_hand is not None:
        owner.desk_app.write(_retrying(owner.in_hand))


def retry_all(owner: LettersOwner) -> None:
    """Try every failed letter again, after asking."""
    from deskterm.screens.dialogs.ask import AskDialog

    def decided(yes: bool | None) -> None:
        if yes:
            owner.desk_app.write(_retrying(None))

    if not owner.out.failed:
        owner.desk_app.say("No letter failed.")
        return
    many = (
        "the failed letter" if owner.out.failed == 1 else f"all {owner.out.failed} failed letters"
    )
    owner.app.push_screen(AskDialog("Retry", f"Try {many} again?"), decided)


def withdraw(owner: LettersOwner) -> None:
    """Stop the letter before it leaves."""
    if owner.in_hand is not None:
        owner.desk_app.write(_stopping(owner.in_hand))


def pause(owner: LettersOwner) -> None:
    """Stop all letters, asking why; or go on."""
    from deskterm.screens.dialogs.ask import LineDialog

    def decided(reason: str | None) -> None:
        if reason is not None:
            owner.desk_app.write(_pausing(reason))

    if owner.out.paused:
        owner.desk_app.write(_resuming())
        return
    question = "No letter leaves until somebody goes on. Why? Everybody sees it."
    owner.app.push_screen(LineDialog("Stop all letters", question), decided)


def _retrying(one: LetterRow | None) -> Order:
    """Give the order to try a letter again, or every failed one."""

    def run(desk: "Desk", how: How) -> Done:
        numbers = [one.id] if one is not None else []
        return _done("mail retry", desk.outbox.retry(numbers, how=how))

    said = f"Letter {one.id} leaves again" if one is not None else "The failed letters leave again"
    return Order(said, run)


def _stopping(one: LetterRow) -> Order:
    """Give the order to stop a letter."""

    def run(desk: "Desk", how: How) -> Done:
        return _done("mail withdraw", desk.outbox.withdraw([one.id], how=how))

    return Order(f"Letter {one.id} is stopped", run)


def _pausing(reason: str) -> Order:
    """Give the order to stop all letters."""

    def run(desk: "Desk", how: How) -> Done:
        desk.outbox.pause(reason, how=how)
        return Done(how.op_id or "", "mail pause", ())

    return Order("No letter leaves until p goes on", run)


def _resuming() -> Order:
    """Give the order to go on, whatever had stopped the letters."""

    def run(desk: "Desk", how: How) -> Done:
        desk.outbox.resume(how=how)
        return Done(how.op_id or "", "mail resume", ())

    return Order("Letters leave again", run)


def _done(kind: str, changed: LettersChanged) -> Done:
    return Done(changed.operation_id, kind, (), repeated=changed.repeated)


FLOWS: "Mapping[str, Flow]" = {
    **lists.FILTERED,
    "letter_open": show,
    "letter_ticket": open_ticket,
    "letter_retry": retry,
    "letter_retry_all": retry_all,
    "letter_withdraw": withdraw,
    "letter_pause": pause,
}
