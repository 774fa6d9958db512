"""What is done with the promise in hand: kept, moved, dropped, its ticket opened."""

from typing import TYPE_CHECKING, Protocol

from deskterm.domain.promises import WORDS, PromiseRow
from deskterm.screens.dialogs.ask import LineDialog
from deskterm.screens.flows import lists
from deskterm.screens.order import Order

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from deskterm.domain.asking import How
    from deskterm.domain.rows import Done
    from deskterm.screens.action import Flow
    from deskterm.screens.desk import Desk


class PromisesOwner(lists.ListOwner, Protocol):
    """The screen of promises."""

    @property
    def in_hand(self) -> PromiseRow | None:
        """The promise under the cursor."""


def open_ticket(owner: PromisesOwner) -> None:
    """Open its ticket."""
    if owner.in_hand is not None:
        owner.desk_app.go("ticket", owner.in_hand.ticket_id)


def keep(owner: PromisesOwner) -> None:
    """It is kept."""
    row = owner.in_hand
    if row is not None:
        _order(owner, f"Kept ({WORDS[row.kind]})", _keeps(row.id))


def _keeps(promise: str) -> "Callable[[Desk, How], Done]":
    return lambda desk, how: desk.promises.keep(promise, how=how)


def move(owner: PromisesOwner) -> None:
    """Ask for another time."""
    row = owner.in_hand
    if row is None:
        return
    promise = row.id

    def said(when: str | None) -> None:
        if when:
            _order(owner, "Moved", lambda desk, how: desk.promises.move(promise, when, how))

    needed = "Say when: 14:00, tomorrow, friday, 3d."
    owner.app.push_screen(LineDialog("Promise it for when?", _named(row), "", needed), said)


def drop(owner: PromisesOwner) -> None:
    """Ask why it is not wanted any more."""
    row = owner.in_hand
    if row is None:
        return
    promise = row.id

    def said(reason: str | None) -> None:
        if reason is not None:
            _order(owner, "Dropped", lambda desk, how: desk.promises.drop(promise, reason, how))

    owner.app.push_screen(LineDialog("Not wanted any more, because", _named(row)), said)


def _named(row: PromiseRow) -> str:
    return f"To {row.requester or 'nobody named'}: {WORDS[row.kind]}, #{row.ticket_id}"


def _order(owner: PromisesOwner, said: str, run: "Callable[[Desk, How], Done]") -> None:
    owner.desk_app.write(Order(said, run))


FLOWS: "Mapping[str, Flow]" = {
    **lists.FILTERED,
    "promise_open": open_ticket,
    "promise_keep": keep,
    "promise_move": move,
    "promise_drop": drop,
}
"""Action → what it does."""
