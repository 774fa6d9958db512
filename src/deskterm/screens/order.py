"""One write that a person asked for: it can be asked again, also for the state as it is now."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from deskterm.domain.asking import How
from deskterm.widgets.telling import Telling

if TYPE_CHECKING:
    from deskterm.domain.asking import Request
    from deskterm.domain.rows import Done
    from deskterm.screens.desk import Desk
    from deskterm.widgets.key_bar import Severity


Seen = Mapping[int, int] | None
"""Ticket → the version a person saw; None where it does not matter."""


class Order:
    """One write asked for by a person; its operation id makes asking again safe."""

    def __init__(
        self,
        said: str,
        run: "Callable[[Desk, How], Done]",
        seen: Seen = None,
        then: "Callable[[Done], None] | None" = None,
    ) -> None:
        from uuid import uuid4

        self.said = said
        """What it does, in the past tense, for the report: `Closed`."""
        self.run = run
        """Called in a thread; of tickets it is a value, `OnTickets`."""
        self.then = then
        """Called after success, e.g. to drop a draft and read anew."""
        self.how = How(str(uuid4()), seen=seen)
        """Its operation and the versions seen."""

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


class VerbWanted(Telling):
    """A part of a screen asks that this be done to the tickets in hand."""

    said: str
    """What it does, in the past tense: `Marked`."""
    request: "Request"
    ticket: int
    """The ticket it was asked on: nothing is done to one that was opened meanwhile."""


def tickets_words(numbers: "tuple[int, ...] | list[int]") -> str:
    """Give `#12` for one ticket, `40 tickets` for several."""
    return f"#{numbers[0]}" if len(numbers) == 1 else f"{len(numbers)} tickets"


def _next(done: "Done") -> str:
    """Say what the same key would take next, and which key takes this back."""
    key, other = ("U", "u undoes") if done.kind == "redo" else ("u", "U redoes")
    return f"{key} next: {done.next} · {other}" if done.next else other


def sentence(said: str, done: "Done") -> "tuple[str, Severity]":
    """Say what a finished write did, and how bad it is; names what was refused."""
    parts = []
    if done.repeated:
        parts.append("Done before; nothing was done twice.")
    elif done.back:
        parts.append(f"{said}: {done.back} · {_next(done)}")
    elif done.tickets:
        letters = {0: "", 1: " · 1 letter"}.get(done.letters, f" · {done.letters} letters")
        undoes = "" if done.gone else " · u undoes"
        parts.append(f"{said} {tickets_words(done.tickets)}{letters}{undoes}")
    elif not done.failed:
        parts.append(f"{said} · u undoes" if done.operation_id else said)
    parts += [why for _, why, _ in done.failed[:3]]
    if len(done.failed) > 3:
        parts.append(f"… and {len(done.failed) - 3} more were refused.")
    parts += done.notes[:2]
    return "\n".join(parts), "warning" if done.failed or done.notes else "information"
