"""The poll: one question by mail after closing, once a ticket, seldom for a person (H3)."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid5

from deskterm.domain.vocabulary import Event, State
from deskterm.services.inbox.process import OPERATIONS
from deskterm.services.letters import Letters
from deskterm.storage.desk_settings import values
from deskterm.storage.driver import Database
from deskterm.storage.reads.asking import to_poll
from deskterm.storage.store import Store
from deskterm.storage.ticket.hold import hold
from deskterm.storage.work import RepeatedError

_WINDOW = timedelta(days=7)
"""Whoever could not be asked within a week of closing is not asked any more."""
_MOST = 200


class Surveys:
    """Asks the requesters of closed tickets."""

    def __init__(self, store: Store, letters: Letters) -> None:
        self._store = store
        self._letters = letters

    def run(self, now: datetime) -> int:
        """Write the letters that are due; gives how many. Doing it again asks nobody twice."""
        with self._store.reading() as database:
            settings = values(database)
            if not settings["poll.on"]:
                return 0
            found = self._due(database, settings, now)
        asked: set[int] = set()
        for ticket, requester in found:
            if requester not in asked and self._ask(ticket):
                asked.add(requester)
        return len(asked)

    def _due(
        self, database: Database, settings: Mapping[str, Any], now: datetime
    ) -> list[tuple[int, int]]:
        due = now - timedelta(hours=int(settings["poll.after_hours"]))
        lately = now - timedelta(days=int(settings["poll.days"]))
        percent = int(settings["poll.percent"])
        return to_poll(database, (due - _WINDOW, due), lately, percent, _MOST)

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
