"""A running burst counts in the board's order: its tickets touch as many people as it does (C4)."""

from datetime import datetime, timedelta

from deskterm.services.rhythm import Rhythm
from deskterm.storage.reads.arrivals import arrivals
from deskterm.storage.store import Store
from deskterm.storage.ticket.impact import write_bursts
from deskterm.triage.bursts import bursts

_EVERY = timedelta(minutes=1)


class Bursting:
    """The job that looks for bursts, at most once a minute."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._rhythm = Rhythm(_EVERY)

    def run(self, now: datetime) -> int:
        """Let the order follow what bursts there are; gives how many tickets moved."""
        if not self._rhythm.due(now):
            return 0
        with self._store.reading() as database:
            found = bursts(now, arrivals(database, now))
            people = {number: one.people for one in reversed(found) for number in one.tickets}
            return write_bursts(database, people)
