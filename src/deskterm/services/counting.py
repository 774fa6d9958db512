"""Counting and judging tickets that no figure knows yet, and keeping what past days come to."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from time import monotonic
from typing import NamedTuple

from deskterm.domain import clock
from deskterm.domain.errors import RefusedError
from deskterm.services.rhythm import Rhythm
from deskterm.storage import day_totals
from deskterm.storage.driver import Database
from deskterm.storage.reads.asked import desk_zone
from deskterm.storage.reads.clients import sees_all
from deskterm.storage.store import Store
from deskterm.storage.ticket import course, results
from deskterm.storage.ticket.backlog import COURSES, RESULTS

_TURN, _TOGETHER = 0.5, 200
"""Seconds of a turn; tickets of one short transaction."""
_DAYS = timedelta(minutes=10)
"""So often the jobs keep days: a write wakes every board."""


class Counting:
    """The job that counts and judges tickets which no figure knows yet, the newest first."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._days = Rhythm(_DAYS)
        self.missing = 0
        """Tickets that are not counted or judged yet, as the last turn left it."""

    def run(self, budget: float = _TURN) -> int:
        """Count for about `budget` seconds; gives how many tickets were looked at."""
        until, many = monotonic() + budget, 0
        with self._store.reading() as database:
            self.missing = missing(database)
            if database.read_only:
                return 0
            while self.missing and (part := _fill(database)):
                many += part
                if monotonic() > until:
                    break
            self.missing = missing(database) if many else self.missing
            if not self.missing and self._days.due(clock.now()):
                keep_days(database, until)
        return many


def keep_days(database: Database, until: float) -> None:
    """Keep what days that are over come to, for as long as there is time."""
    zone, now = desk_zone(database), clock.now()
    while day_totals.keep(database, zone, now) and monotonic() < until:
        pass


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
    days: Sequence[datetime] = ()
    """The first instants of days that came to something else than was kept; they are mended."""


def rebuild(store: Store, told: Callable[[int], None] | None = None) -> Rebuilt:
    """Work out anew from the ledger what is kept of every ticket, in short transactions.

    `told` is called with how many are done.
    """
    done, reached = 0, 0
    differed: list[int] = []
    with store.reading(long=True) as database:
        if not sees_all(database):
            raise RefusedError(
                "figures are worked out anew from every ticket, and you see a part of them: ask "
                "a manager, or whoever owns the desk."
            )
        zone, now = desk_zone(database), clock.now()
        days = day_totals.prove(database, zone, now)
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
        while day_totals.keep(database, zone, now):
            pass
    return Rebuilt(done, differed, days)
