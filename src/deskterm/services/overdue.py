"""Promises that are about to be broken are told to whoever owns the ticket: once each (G1)."""

from datetime import datetime, timedelta
from uuid import uuid5

from deskterm.domain.news import Kind, News
from deskterm.services.inbox.process import OPERATIONS
from deskterm.storage.driver import Database, Row, moment
from deskterm.storage.store import Store
from deskterm.storage.ticket.news import store as keep
from deskterm.storage.work import RepeatedError

AHEAD = timedelta(minutes=15)
"""So long before the promise ends its owner is told: there is still something to be done."""
_STALE = timedelta(days=1)
"""A promise broken longer ago is no news: it stands on the board."""
_EVERY = timedelta(minutes=1)
_MOST = 500
_DUE = """
SELECT t.id, t.assignee, t.urgent, t.due_at FROM ticket t
WHERE t.due_at IS NOT NULL AND t.due_at <= :soon AND t.due_at > :stale AND t.is_open
AND t.assignee IS NOT NULL ORDER BY t.due_at, t.id LIMIT :most
"""


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
            rows = database.all(_DUE, soon=now + AHEAD, stale=now - _STALE, most=_MOST)
            named = {_operation(row): row for row in rows}
            self._done = self._done & set(named) | _known(database, set(named) - self._done)
        return sum(self._tell(name, row) for name, row in named.items() if name not in self._done)

    def _tell(self, operation: str, row: Row) -> int:
        self._done.add(operation)
        try:
            with self._store.work("desk", operation) as work:
                work.claim("overdue")
                urgent = bool(row["urgent"])
                return keep(work, [News(row["assignee"], Kind.OVERDUE, urgent, row["id"], 0)])
        except RepeatedError:
            return 0


def _operation(row: Row) -> str:
    """Give the operation that tells this owner of this promise."""
    until = moment(row["due_at"]).isoformat()
    return str(uuid5(OPERATIONS, f"overdue {row['id']} {row['assignee']} {until}"))


def _known(database: Database, names: set[str]) -> set[str]:
    """Give those of the operations that are done, by whichever process."""
    if not names:
        return set()
    rows = database.all(
        "SELECT id FROM operation WHERE id IN :names",
        names=sorted(names),
    )
    return {row["id"] for row in rows}
