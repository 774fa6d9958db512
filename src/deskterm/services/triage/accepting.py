"""Accepting what is proposed: by one key, or by the desk itself where it is sure (C2).

An accepted proposal is a change of facts like any other: one operation, its reason in the ledger,
undone as one. What the desk fills in by itself never touches what a person set.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from deskterm.domain.errors import RefusedError
from deskterm.domain.proposals import Proposal
from deskterm.domain.rows import Done
from deskterm.domain.vocabulary import Event, State
from deskterm.services.tickets.talk import set_named
from deskterm.services.triage.said import COLUMNS
from deskterm.services.triage.suggesting import Suggesting, fill_in, lacks
from deskterm.storage import learned
from deskterm.storage.driver import Database, Row
from deskterm.storage.store import Store
from deskterm.storage.ticket.hold import Hold, hold
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

    def accept(self, targets: Sequence[int], shown: Shown | None = None, **how: Any) -> Done:
        """Set what is proposed for what tickets lack: category, service, group; never urgency.

        `shown` names what the person saw, so that nothing else is set. Raises RefusedError where
        nothing is proposed.
        """

        def change(held: Hold) -> None:
            wanted = (shown or {}).get(held.id)
            found = [one for one in _lacked(held) if one.kind in COLUMNS]
            named = dict(wanted or {one.kind: one.value for one in found})
            if not named:
                raise RefusedError(f"#{held.id}: nothing is proposed that it lacks.")
            _set(held, named, [one for one in found if named.get(one.kind) == one.value])

        return self.tickets.operate("set", targets, change, **how)


class FillingIn:
    """The job that fills in categories by itself, where the desk wants it (`triage.fill_in`)."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._looked_at: dict[int, int] = {}
        """Ticket → its version when it was looked at and nothing was sure."""

    def run(self, now: datetime) -> int:
        """Fill in what is sure of new tickets; gives how many were filled in."""
        with self._store.reading() as database:
            if fill_in(database) != "auto":
                return 0
            rows = database.all(
                "SELECT id, version FROM ticket WHERE state = :new AND category_id IS NULL "
                "AND opened_at > :since ORDER BY id DESC LIMIT :most",
                new=State.NEW,
                since=now - _RECENT,
                most=_MANY,
            )
        wanted = [row for row in rows if self._looked_at.get(row["id"]) != row["version"]]
        self._looked_at |= {row["id"]: row["version"] for row in wanted}
        return sum(self._fill(row["id"]) for row in wanted)

    def _fill(self, number: int) -> bool:
        with self._store.reading() as database:
            row = _said(database, number)
            if row is None or not _sure(database, row):
                return False
        try:
            with self._store.work("desk", str(uuid5(OPERATIONS, str(number)))) as work:
                work.claim("set")
                held = hold(work, [number])[number]
                found = [one for one in _lacked(held) if one.confidence >= SURE]
                named = {one.kind: one.value for one in found if one.kind in COLUMNS}
                if held["state"] != State.NEW or "category" not in named:
                    return False
                _set(held, named, found)
        except RepeatedError:
            return False
        return True


def _said(database: Database, number: int) -> Row | None:
    rows = learned.tickets_said(database, [number])
    return rows[0] if rows else None


def _sure(database: Database, row: Row) -> bool:
    return any(one.kind == "category" and one.confidence >= SURE for one in lacks(database, row))


def _lacked(held: Hold) -> list[Proposal]:
    row = _said(held.work.spine, held.id)
    return [] if row is None else lacks(held.work.spine, row)


def _set(held: Hold, named: Mapping[str, str], why: Sequence[Proposal]) -> None:
    set_named(held, named)
    if "group" not in named and held["group_id"] is None and held["category_id"] is not None:
        row = held.work.spine.one(
            "SELECT group_id FROM category WHERE id = :id", id=held["category_id"]
        )
        held.set(group_id=row["group_id"] if row else None)
    reasons = "; ".join(f"{one.kind} {one.line}" for one in why)
    data = {"triage": [[one.kind, one.value, round(one.confidence, 4)] for one in why]}
    held.write(Event.CHANGED, f"Proposed by triage: {reasons}." if reasons else "", data=data)
