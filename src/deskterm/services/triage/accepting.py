"""Accepting what is proposed: by one key, or by the desk itself where it is sure (C2).

An accepted proposal is a change of facts like any other: one operation, its reason in the ledger,
undone as one. What the desk fills in by itself never touches what a person set.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

from deskterm.domain.asking import NOW, How
from deskterm.domain.rows import Done
from deskterm.domain.verbs import Accept
from deskterm.domain.vocabulary import State
from deskterm.services.tickets.verbs.proposals import fill_in, lacked
from deskterm.services.triage.said import COLUMNS
from deskterm.services.triage.suggesting import Suggesting, lacks
from deskterm.services.triage.suggesting import fill_in as filling_in
from deskterm.storage import learned
from deskterm.storage.driver import Database, Row
from deskterm.storage.store import Store
from deskterm.storage.ticket.hold import hold
from deskterm.storage.work import RepeatedError

SURE = 0.9
"""Confidence from which the desk may fill in by itself (semantics.md §6)."""
_RECENT = timedelta(days=1)
_MANY = 25
OPERATIONS = uuid5(NAMESPACE_URL, "deskterm/triage/fill-in")
"""Filling in a ticket is one operation, once for ever: what was undone is not done again."""

Shown = Mapping[int, Mapping[str, str]]
"""Ticket → kind → the value that the person saw."""


class Triage(Suggesting):
    """What is proposed for a ticket, and taking it."""

    def accept(self, targets: Sequence[int], shown: Shown | None = None, how: How = NOW) -> Done:
        """Set what is proposed for what tickets lack; see `Accept`."""
        return self.tickets.do(targets, Accept(shown or {}), how)


class FillingIn:
    """The job that fills in categories by itself, where the desk wants it (`triage.fill_in`)."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._looked_at: dict[int, int] = {}
        """Ticket → its version when it was looked at and nothing was sure."""

    def run(self, now: datetime) -> int:
        """Fill in what is sure of new tickets; gives how many were filled in."""
        with self._store.reading() as database:
            if filling_in(database) != "auto":
                return 0
            rows = learned.unsorted(database, now - _RECENT, _MANY)
        wanted = [one for one in rows if self._looked_at.get(one[0]) != one[1]]
        self._looked_at |= dict(wanted)
        return sum(self._fill(number) for number, _ in wanted)

    def _fill(self, number: int) -> bool:
        with self._store.reading() as database:
            row = _said(database, number)
            if row is None or not _sure(database, row):
                return False
        try:
            with self._store.work("desk", str(uuid5(OPERATIONS, str(number)))) as work:
                work.claim("set")
                held = hold(work, [number])[number]
                found = [one for one in lacked(held) if one.confidence >= SURE]
                named = {one.kind: one.value for one in found if one.kind in COLUMNS}
                if held["state"] != State.NEW or "category" not in named:
                    return False
                fill_in(held, named, found)
        except RepeatedError:
            return False
        return True


def _said(database: Database, number: int) -> Row | None:
    rows = learned.tickets_said(database, [number])
    return rows[0] if rows else None


def _sure(database: Database, row: Row) -> bool:
    return any(one.kind == "category" and one.confidence >= SURE for one in lacks(database, row))
