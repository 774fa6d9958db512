"""Counting and judging tickets that no figure knows yet: an older desk's, and what was imported."""

from collections.abc import Callable, Sequence
from time import monotonic
from typing import NamedTuple

from deskterm.domain import clock
from deskterm.storage.driver import Database
from deskterm.storage.store import Store
from deskterm.storage.ticket import course, results
from deskterm.storage.ticket.backlog import COURSES, RESULTS

_TURN, _TOGETHER = 0.5, 200
"""Seconds of a turn; tickets of one short transaction."""


class Counting:
    """The job that counts and judges tickets which no figure knows yet, the newest first."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.missing = 0
        """Tickets that are not counted or judged yet, as the last turn left it."""

    def run(self, budget: float = _TURN) -> int:
        """Count for about `budget` seconds; gives how many tickets were looked at."""
        until, many = monotonic() + budget, 0
        with self._store.reading() as database:
            self.missing = missing(database)
            if not self.missing or database.read_only:
                return 0
            while part := _fill(database):
                many += part
                if monotonic() > until:
                    break
            self.missing = missing(database)
        return many


def missing(database: Database) -> int:
    """Give of how many tickets something is still to be counted or judged."""
    return max(COURSES.missing(database), RESULTS.missing(database))


def _fill(database: Database) -> int:
    """Do one part of what is missing; gives how many tickets were looked at."""
    if RESULTS.missing(database):
        return RESULTS.fill(database, _TOGETHER, _judge)
    if COURSES.missing(database):
        return COURSES.fill(database, _TOGETHER, course.refresh)
    return 0


def _judge(database: Database, numbers: Sequence[int]) -> None:
    results.refresh(database, clock.now(), numbers)


class Rebuilt(NamedTuple):
    """What working everything out anew has found."""

    tickets: int
    differed: Sequence[int]
    """Tickets of which something else was kept than the ledger tells; they are mended."""


def rebuild(store: Store, told: Callable[[int], None] | None = None) -> Rebuilt:
    """Work out anew from the ledger what is kept of every ticket, in short transactions.

    `told` is called with how many are done.
    """
    done, reached = 0, 0
    differed: list[int] = []
    with store.reading(long=True) as database:
        while numbers := course.numbers_after(database, reached, _TOGETHER):
            database.begin()
            try:
                differed += course.mend(database, numbers)
                database.commit()
            except BaseException:
                database.rollback()
                raise
            done, reached = done + len(numbers), numbers[-1]
            if told is not None:
                told(done)
    return Rebuilt(done, differed)
