"""One change of a held ticket as its followers see it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from deskterm.domain.vocabulary import Event
from deskterm.storage.work import Work

Values = Mapping[str, Any]
"""Columns and their values as they are held."""
Derived = Mapping[str, datetime | int | str | None]
"""Columns that follow from a change, and their values."""
KEPT = (
    *("picked_at", "responded_at", "unanswered_at"),
    *("pickup_due", "response_due", "solution_due"),
)
"""Derived columns that later ones follow from."""


class Entry(NamedTuple):
    """A ledger entry just written, and the ticket as this operation leaves it."""

    work: Work
    ticket: int
    number: int
    """The ledger entry's."""
    event: str
    actor: str
    text: str
    public: bool
    data: Mapping[str, object]
    changes: Mapping[str, tuple[object, object]]
    """Key → before, after."""
    touched: frozenset[str]
    """Columns that are not stored yet."""
    values: Values
    """Column → the value it has now."""
    opened_at: datetime
    kept: Mapping[str, datetime | None]
    """Of `KEPT`, what is stored."""
    fresh: bool
    """This operation has opened the ticket."""
    alone: bool
    """It is on no problem and in no burst."""
    opening: bool
    """It is the first entry of such a ticket."""

    @property
    def undone(self) -> bool:
        """True where the entry takes others back: what was told before may not count any more."""
        return self.event in (Event.UNDONE, Event.REDONE)
