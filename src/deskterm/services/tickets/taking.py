"""Which ticket is next for somebody (C7)."""

from deskterm.domain import clock
from deskterm.domain.errors import NotFoundError, RefusedError
from deskterm.services.tickets.board import Board
from deskterm.services.tickets.verbs.whose import TakenError
from deskterm.storage.reads import board as reads
from deskterm.triage.query import narrow, parse
from deskterm.triage.taking import AGAIN, Choice, choose

LOST = (TakenError, RefusedError)
"""Raised where somebody else took it at the same moment."""
WAITING_TO_BE_TAKEN = "is:new,open assignee:none"
_LOOKED_AT = 100
"""Tickets on top of the heap among which the next one is chosen."""
_FARTHEST = 5_000
"""Tickets among which one of one's own groups is looked for."""


def choices(board: Board, query: str = "", anywhere: bool = False) -> list[Choice]:
    """Give what `Tickets.next` would take, in order, each with its reasons.

    `anywhere`: also from groups that are not one's own.
    """
    from deskterm.storage.reads.standing import taker

    text = narrow(query, WAITING_TO_BE_TAKEN)
    with board.store.reading() as database, database.snapshot():
        numbers = reads.numbers(database, parse(text), board.asked(), _FARTHEST)
        for start in range(0, len(numbers), _LOOKED_AT):
            rows = reads.rows(database, numbers[start : start + _LOOKED_AT])
            whose = taker(database, board.me, rows)
            whose = whose._replace(groups=()) if anywhere else whose
            found = choose(rows, whose, clock.now())
            if found:
                return found
    return []


def nothing_waits(board: Board, query: str) -> NotFoundError:
    """Give what is said where no ticket is to be taken."""
    others = board.count(narrow(query, WAITING_TO_BE_TAKEN))
    if others:
        return NotFoundError(
            f"nothing waits in your groups; {others} without an owner wait in others: "
            f"`deskterm ticket list {WAITING_TO_BE_TAKEN!r}`. {AGAIN}"
        )
    return NotFoundError("nothing waits to be taken: no open ticket is without an owner.")
