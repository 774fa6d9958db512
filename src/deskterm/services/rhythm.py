"""How often a job looks: jobs come round more often than most have to do; ids of what they do."""

from abc import ABC, abstractmethod
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

if TYPE_CHECKING:
    from deskterm.storage.store import Store


class Rhythm:
    """Lets something be done once in a while, whoever asks and however often."""

    def __init__(self, every: timedelta) -> None:
        self._every = every
        self._last: datetime | None = None

    def due(self, now: datetime) -> bool:
        """Tell whether it is time again, and count from now; also where the clock was put back."""
        if self._last is not None and timedelta(0) <= now - self._last < self._every:
            return False
        self._last = now
        return True


class NowAndThen(ABC):
    """A job that looks at most once in `EVERY`."""

    EVERY: timedelta

    def __init__(self, store: "Store") -> None:
        self.store = store
        self._rhythm = Rhythm(self.EVERY)

    def run(self, now: datetime) -> int:
        """Do what is due, where it is time again; gives how many."""
        return self.look(now) if self._rhythm.due(now) else 0

    @abstractmethod
    def look(self, now: datetime) -> int:
        """Do what is due; gives how many."""


OPERATIONS = UUID("5d6f7c1e-7b0a-4c8e-9a51-3f1f5a0c9d24")
"""The name space of operation ids that are made from rows."""


def following(operation: str, name: str) -> str:
    """Give the id of a part of an operation, which its name tells from the other parts."""
    try:
        root = UUID(operation)
    except ValueError:
        root = uuid5(OPERATIONS, operation)
    return str(uuid5(root, name))
