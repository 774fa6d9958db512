"""The poll: one question by mail after closing, once a ticket, seldom for a person (H3)."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid5

from deskterm.domain.vocabulary import Event, State
from deskterm.services.inbox.process import OPERATIONS
from deskterm.services.letters import Letters
from deskterm.storage.desk_settings import read_all
from deskterm.storage.driver import Database, Row
from deskterm.storage.store import Store
from deskterm.storage.ticket.hold import hold
from deskterm.storage.work import RepeatedError

_WINDOW = timedelta(days=7)
"""Whoever could not be asked within a week of closing is not asked any more."""
_MOST = 200
_DUE = """
SELECT t.id, t.requester_id FROM ticket t
WHERE t.state = 'closed' AND t.outcome IN ('solved', 'unsolved') AND t.channel <> 'monitor'
AND t.closed_at <= :due AND t.closed_at > :oldest AND (t.id * 7919) % 100 < :percent
AND EXISTS (SELECT 1 FROM person_address a WHERE a.person_id = t.requester_id AND a.position = 0)
AND NOT EXISTS (SELECT 1 FROM ledger l WHERE l.kind = 'ticket' AND l.subject_id = t.id
  AND l.event IN ('polled', 'rated', 'imported'))
AND NOT EXISTS (SELECT 1 FROM ticket m CROSS JOIN ledger l WHERE m.merged_into = t.id
  AND l.kind = 'ticket' AND l.subject_id = m.id AND l.event IN ('polled', 'rated'))
AND NOT EXISTS (SELECT 1 FROM ledger l WHERE l.kind = 'ticket' AND l.subject_id = t.id
  AND l.event = 'opened' AND l.data LIKE '%"machine"%')
AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.person_id = t.requester_id AND o.template = 'poll'
  AND o.state <> 'withdrawn' AND o.created_at > :lately)
ORDER BY t.closed_at, t.id LIMIT :most
"""
"""CROSS JOIN keeps SQLite from beginning with the ledger."""


class Surveys:
    """Asks the requesters of closed tickets."""

    def __init__(self, store: Store, letters: Letters) -> None:
        self._store = store
        self._letters = letters

    def run(self, now: datetime) -> int:
        """Write the letters that are due; gives how many. Doing it again asks nobody twice."""
        with self._store.reading() as database:
            settings = read_all(database)
            if not settings.get("poll.on", True):
                return 0
            rows = self._due(database, settings, now)
        asked: set[int] = set()
        for row in rows:
            if row["requester_id"] not in asked and self._ask(row["id"]):
                asked.add(row["requester_id"])
        return len(asked)

    def _due(self, database: Database, settings: dict[str, Any], now: datetime) -> list[Row]:
        due = now - timedelta(hours=int(settings.get("poll.after_hours", 24)))
        return list(
            database.all(
                _DUE,
                due=due,
                oldest=due - _WINDOW,
                percent=int(settings.get("poll.percent", 100)),
                lately=now - timedelta(days=int(settings.get("poll.days", 30))),
                most=_MOST,
            )
        )

    def _ask(self, number: int) -> bool:
        operation = str(uuid5(OPERATIONS, f"poll {number}"))
        try:
            with self._store.work("desk", operation) as work:
                work.claim("poll")
                held = hold(work, [number])[number]
                if held["state"] != State.CLOSED:
                    return False
                entry = held.write(Event.POLLED, public=True)
                return self._letters.tell_requester(held, "poll", entry) > 0
        except RepeatedError:
            return False
