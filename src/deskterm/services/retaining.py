"""The job of retention: what is due by the rules goes, a batch a turn: no mail waits for it."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from deskterm.services.rhythm import Rhythm
from deskterm.storage.retention_rules import has_rules
from deskterm.storage.rights.standing import may_retain

if TYPE_CHECKING:
    from deskterm.services.privacy.retention import Batch
    from deskterm.storage.store import Store

_LOOK = timedelta(hours=6)


class Retaining:
    """Lets go what is due by the rules, where whoever does the jobs may."""

    def __init__(self, store: "Store") -> None:
        self._store = store
        self._rhythm = Rhythm(_LOOK)
        self._waiting: list[Batch] = []

    def run(self, now: datetime) -> int:
        """Let a batch go where one is due; gives how many tickets and people."""
        if not self._waiting and not self._rhythm.due(now):
            return 0
        if not self._waiting:
            with self._store.reading() as database:
                if not has_rules(database) or not may_retain(database):
                    return 0
        from deskterm.services.privacy.retention import Retention

        retention = Retention(self._store, "desk")
        self._waiting = self._waiting or retention.pending(now)[::-1]
        if not self._waiting:
            return 0
        batch = self._waiting.pop()
        retention.let_go([batch])
        return len(batch.tickets) or 1

    @property
    def more(self) -> bool:
        """Whether the next turn need not wait."""
        return bool(self._waiting)
