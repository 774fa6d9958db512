"""What comes due is told to whoever owns it, once: promises to a ticket (G1), call-backs (B5)."""

from datetime import datetime, timedelta
from uuid import uuid5

from deskterm.domain.news import Kind, News
from deskterm.domain.promises import PromiseKind, PromiseRow
from deskterm.domain.visits import VisitRow
from deskterm.services.job_ids import OPERATIONS
from deskterm.services.rhythm import Rhythm
from deskterm.storage import notices
from deskterm.storage.notices import DuePromise
from deskterm.storage.reads import promises, visits
from deskterm.storage.reads.ledger import done_before
from deskterm.storage.store import Store
from deskterm.storage.ticket.news import nobodys, with_deputies
from deskterm.storage.ticket.news import store as keep
from deskterm.storage.work import RepeatedError

AHEAD = timedelta(minutes=15)
"""So long before the promise ends its owner is told: there is still something to be done."""
_STALE = timedelta(days=1)
"""A promise broken longer ago is no news: it stands on the board."""
_EVERY = timedelta(minutes=1)
_MOST = 500


class Overdue:
    """Finds promises that end soon, at most once a minute."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._rhythm = Rhythm(_EVERY)
        self._done: set[str] = set()
        """Operations of this process that are done, so that nothing is tried twice."""

    def run(self, now: datetime) -> int:
        """Write the notices that are due; gives how many. A second process doubles none."""
        if not self._rhythm.due(now):
            return 0
        with self._store.reading() as database:
            rows = notices.due_promises(database, now + AHEAD, now - _STALE, _MOST)
            named = {_operation(row): row for row in rows}
            self._done = self._done & set(named) | done_before(database, set(named) - self._done)
        return sum(self._tell(name, row) for name, row in named.items() if name not in self._done)

    def _tell(self, operation: str, one: DuePromise) -> int:
        self._done.add(operation)
        try:
            with self._store.work("desk", operation) as work:
                work.claim("overdue")
                return keep(work, [News(one.owner, Kind.OVERDUE, one.urgent, one.ticket, 0)])
        except RepeatedError:
            return 0


def _operation(one: DuePromise) -> str:
    """Give the operation that tells this owner of this promise."""
    until = one.due_at.isoformat()
    return str(uuid5(OPERATIONS, f"overdue {one.ticket} {one.owner} {until}"))


_LATE = timedelta(days=1)
"""Promises that came due longer ago were told before; they stand on the list."""


_NAMES: dict[str, str] = {PromiseKind.CALL: "call-back", PromiseKind.FIX: "fix"}
"""What the operations are called that tell of them: notices told before have these names."""


def remind(store: Store, now: datetime) -> int:
    """Tell of promises that are due: their owners, whoever stands in, else the group; how many."""
    with store.reading() as database:
        due = promises.to_tell(database, now - _LATE, now)
    return sum(_tell_of(store, one) for one in due)


def _tell_of(store: Store, one: PromiseRow) -> bool:
    """Write the notices of one promise under an id of its own, so that they are written once."""
    name = f"{_NAMES[one.kind]} {one.ticket_id} {one.number} {one.owner} {one.at}"
    operation = str(uuid5(OPERATIONS, name))
    with store.reading() as database:
        if done_before(database, [operation]):
            return False
    try:
        with store.work("desk", operation) as work:
            work.claim("call-back" if one.kind == PromiseKind.CALL else "promise")
            logins = [one.owner] if one.owner else nobodys(work, one.ticket_id)
            news = [News(login, Kind.DUE, True, one.ticket_id, 0) for login in logins]
            keep(work, with_deputies(work, news))
    except RepeatedError:
        return False
    return True


def tell_visits(store: Store, now: datetime) -> int:
    """Tell technicians of visits that are about to begin, and that ended and nobody said how."""
    with store.reading() as database:
        due = visits.starting(database, now, AHEAD)
    return sum(_tell_of_visit(store, row, now) for row in due)


def _tell_of_visit(store: Store, row: VisitRow, now: datetime) -> bool:
    over = row.until_at is not None and now >= row.until_at
    what = "over" if over else "starts"
    operation = str(uuid5(OPERATIONS, f"visit {what} {row.id} {row.technician} {row.at}"))
    with store.reading() as database:
        if done_before(database, [operation]):
            return False
    try:
        with store.work("desk", operation) as work:
            work.claim("visit")
            news = News(row.technician, Kind.VISIT, not over, row.ticket_id, 0)
            keep(work, with_deputies(work, [news]))
    except RepeatedError:
        return False
    return True
