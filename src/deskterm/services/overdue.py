"""What comes due is told to whoever owns it, once: promises to a ticket (G1), call-backs (B5)."""

from datetime import datetime, timedelta
from uuid import uuid5

from deskterm.domain.news import Kind, News
from deskterm.services.job_ids import OPERATIONS
from deskterm.storage import notices
from deskterm.storage.notices import DuePromise
from deskterm.storage.reads import in_hand
from deskterm.storage.reads.ledger import done_before
from deskterm.storage.store import Store
from deskterm.storage.ticket.news import store as keep
from deskterm.storage.ticket.news import with_deputies
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
        self._looked: datetime | None = None
        self._done: set[str] = set()
        """Operations of this process that are done, so that nothing is tried twice."""

    def run(self, now: datetime) -> int:
        """Write the notices that are due; gives how many. A second process doubles none."""
        if self._looked is not None and timedelta(0) <= now - self._looked < _EVERY:
            return 0
        self._looked = now
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
"""Call-backs that came due longer ago were told before; they stand on the board."""


def remind(store: Store, now: datetime) -> int:
    """Tell owners, and whoever stands in for them, of call-backs that are due; gives how many."""
    with store.reading() as database:
        due = in_hand.callbacks(database, now, due=True)
    told = 0
    for one in due:
        if now - one.at < _LATE:
            name = f"call-back {one.ticket_id} {one.number} {one.owner} {one.at.isoformat()}"
            told += _tell(store, name, News(one.owner, Kind.DUE, True, one.ticket_id, 0))
    return told


def _tell(store: Store, name: str, news: News) -> bool:
    """Write one notice under an id of its own, so that it is written once."""
    operation = str(uuid5(OPERATIONS, name))
    with store.reading() as database:
        if done_before(database, [operation]):
            return False
    try:
        with store.work("desk", operation) as work:
            work.claim("call-back")
            keep(work, with_deputies(work, [news]))
    except RepeatedError:
        return False
    return True
