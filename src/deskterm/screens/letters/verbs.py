"""What is done with letters on their screen, as orders that report and can be undone."""

from typing import TYPE_CHECKING

from deskterm.domain.asking import How
from deskterm.domain.mail_rows import LetterRow, LettersChanged
from deskterm.domain.rows import Done
from deskterm.screens.order import Order

if TYPE_CHECKING:
    from deskterm.screens.desk import Desk


def retrying(one: LetterRow | None) -> Order:
    """Give the order to try a letter again, or every failed one."""

    def run(desk: "Desk", how: How) -> Done:
        numbers = [one.id] if one is not None else []
        return _done("mail retry", desk.outbox.retry(numbers, op_id=how.op_id))

    said = f"Letter {one.id} leaves again" if one is not None else "The failed letters leave again"
    return Order(said, run)


def stopping(one: LetterRow) -> Order:
    """Give the order to stop a letter."""

    def run(desk: "Desk", how: How) -> Done:
        return _done("mail withdraw", desk.outbox.withdraw([one.id], op_id=how.op_id))

    return Order(f"Letter {one.id} is stopped", run)


def pausing(reason: str) -> Order:
    """Give the order to stop all letters."""

    def run(desk: "Desk", how: How) -> Done:
        desk.outbox.pause(reason, op_id=how.op_id)
        return Done(how.op_id or "", "mail pause", ())

    return Order("No letter leaves until p goes on", run)


def resuming() -> Order:
    """Give the order to go on, whatever had stopped the letters."""

    def run(desk: "Desk", how: How) -> Done:
        desk.outbox.resume(op_id=how.op_id)
        return Done(how.op_id or "", "mail resume", ())

    return Order("Letters leave again", run)


def _done(kind: str, changed: LettersChanged) -> Done:
    return Done(changed.operation_id, kind, (), repeated=changed.repeated)
