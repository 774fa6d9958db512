"""Requests with placeholders, run on tickets as one operation: filled in for each where it runs."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from deskterm.domain.asking import How, Request
    from deskterm.domain.rows import Done
    from deskterm.services.tickets.act import Act
    from deskterm.services.tickets.operation import Tickets
    from deskterm.storage.driver import Database
    from deskterm.storage.ticket.hold import Hold


def run_filled(
    tickets: "Tickets",
    kind: str,
    numbers: Sequence[int],
    filled: "Callable[[Database, int], Request]",
    how: "How",
) -> "Done":
    """Do on each ticket the request that `filled` gives for it, as one operation.

    Those that are refused are named in `failed`, the others are done; as `Tickets.operate`.
    """

    def change(held: "Hold", act: "Act") -> None:
        act.do(held, filled(held.work.spine, held.id))

    return tickets.operate(kind, numbers, change, how)
