"""One write that a person asked for: it can be asked again, also for the state as it is now."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import InitVar, dataclass, field
from typing import TYPE_CHECKING

from textual.message import Message

from deskterm.domain.asking import How

if TYPE_CHECKING:
    from deskterm.domain.asking import Request
    from deskterm.domain.rows import Done
    from deskterm.screens.desk import Desk

Seen = Mapping[int, int] | None
"""Ticket → the version a person saw; None where it does not matter."""


@dataclass
class Order:
    """One write asked for by a person; its operation id makes asking again safe."""

    said: str
    """What it does, in the past tense, for the report: `Closed`."""
    run: "Callable[[Desk, How], Done]"
    """Called in a thread; of tickets it is a value, `OnTickets`."""
    seen: InitVar[Seen] = None
    then: "Callable[[Done], None] | None" = None
    """Called after success, e.g. to drop a draft and read anew."""
    how: How = field(init=False)
    """Its operation and the versions seen."""

    def __post_init__(self, seen: Seen) -> None:
        self.how = How(str(uuid.uuid4()), seen=seen)

    def anyway(self) -> "Order":
        """Give the same order for the state as it is now, as an operation of its own."""
        return Order(self.said, self.run, None, self.then)

    def across(self) -> "Order":
        """Give the same order, also from one client to another: nothing of it was done yet."""
        again = Order(self.said, self.run, None, self.then)
        again.how = self.how._replace(across=True)
        return again


@dataclass(frozen=True)
class OnTickets:
    """What an order does to tickets: a request, which is a value, on their numbers."""

    targets: tuple[int, ...]
    request: "Request"

    def __call__(self, desk: "Desk", how: How) -> "Done":
        """Do it; raises DeskError."""
        return desk.tickets.do(self.targets, self.request, how)


@dataclass
class VerbWanted(Message):
    """A part of a screen asks that this be done to the tickets in hand."""

    said: str
    """What it does, in the past tense: `Marked`."""
    request: "Request"
    ticket: int
    """The ticket it was asked on: nothing is done to one that was opened meanwhile."""
