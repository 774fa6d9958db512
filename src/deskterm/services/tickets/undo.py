"""Undo: the inverse of an operation, written if nothing it changed was changed since."""

import json
from collections.abc import Callable, Sequence
from typing import Any

from deskterm.domain.errors import Clash, ConflictError, NotFoundError, RefusedError
from deskterm.domain.rows import Done
from deskterm.domain.vocabulary import Event, State
from deskterm.services.tickets.operation import done, ensure_technician
from deskterm.services.tickets.ties import Ties
from deskterm.storage.driver import Database, Row
from deskterm.storage.ticket.clashes import clashes_since
from deskterm.storage.ticket.hold import Hold, hold
from deskterm.storage.ticket.news import withdraw
from deskterm.storage.work import RepeatedError, Work

Undoer = Callable[[Work, int, dict[str, tuple[Any, Any]]], None]


class Undo(Ties):
    """Undo of every ticket operation, bulk and merge included."""

    others: dict[str, Undoer]
    """For subjects that are no tickets: kind → what restores the `before` of their changes."""

    def undo(
        self, operation: str | None = None, *, op_id: str | None = None, dry: bool = False
    ) -> Done:
        """Take an operation back; by default one's own last.

        Raises ConflictError naming what was changed since, RefusedError where it was undone
        before. Letters that still wait are withdrawn; those already sent are named in `notes`.
        """
        with self.store.reading() as database:
            target = operation or self._last(database)
        try:
            with self.store.work(self.me, op_id, dry=dry) as work:
                entries = _entries(work.spine, target)
                ensure_technician(work.spine, self.me, work)
                _claim(work, target)
                touched = self._invert(work, target, entries)
                notes = _stop_letters(work, target)
                withdraw(work, target)
        except RepeatedError as repeated:
            return self.repeated("undo", repeated.operation_id)
        return done("undo", work, touched, [], notes)

    def _last(self, database: Database) -> str:
        row = database.one(
            "SELECT o.id FROM operation o WHERE o.actor = :me AND o.undoes IS NULL AND NOT EXISTS "
            "(SELECT 1 FROM operation u WHERE u.undoes = o.id) AND EXISTS "
            "(SELECT 1 FROM ledger l WHERE l.operation_id = o.id) ORDER BY o.at DESC LIMIT 1",
            me=self.me,
        )
        if row is None:
            raise NotFoundError("there is nothing of yours to undo.")
        return str(row["id"])

    def _invert(self, work: Work, target: str, entries: Sequence[Row]) -> list[int]:
        numbers = sorted({row["subject_id"] for row in entries if row["kind"] == "ticket"})
        holds = hold(work, numbers)
        clashes: list[Clash] = []
        for row in entries:
            changes = {k: (b, a) for k, (b, a) in json.loads(row["changes"]).items()}
            if row["kind"] == "ticket":
                clashes += _restore(holds[row["subject_id"]], row, changes)
            elif row["kind"] in self.others:
                self.others[row["kind"]](work, row["subject_id"], changes)
            elif changes:
                raise RefusedError(f"a change to a {row['kind']} cannot be undone here.")
        if clashes:
            named = ", ".join(f"{one.field} (now {one.now!r}, by {one.by})" for one in clashes)
            raise ConflictError(
                f"it cannot be undone: changed since were {named}. Change those back by hand.",
                tuple(clashes),
            )
        for held in holds.values():
            held.write(Event.UNDONE, data={"undoes": target})
        return numbers


def _entries(database: Database, target: str) -> Sequence[Row]:
    """Give the operation's entries, last first; raises NotFoundError."""
    rows = database.all(
        "SELECT id, kind, subject_id, event, version, changes FROM ledger "
        "WHERE operation_id = :id ORDER BY id DESC",
        id=target,
    )
    if not rows:
        raise NotFoundError(f"there is no operation {target!r}; see `deskterm log`.")
    return rows


def _claim(work: Work, target: str) -> None:
    """Claim the undo; an operation is undone at most once."""
    row = work.spine.one("SELECT kind, undoes FROM operation WHERE id = :id", id=target)
    if row and row["undoes"] is not None:
        raise RefusedError("an undo is not undone: do the change again instead.")
    kind = f"undo {row['kind']}" if row else "undo"
    try:
        work.claim(kind, undoes=target)
    except RepeatedError:
        mine = work.spine.one("SELECT id FROM operation WHERE id = :id", id=work.id)
        if mine:
            raise
        raise RefusedError("it was undone before.") from None


def _restore(held: Hold, entry: Row, changes: dict[str, tuple[Any, Any]]) -> list[Clash]:
    """Put back what one entry changed; gives what stands in the way."""
    if entry["event"] == Event.OPENED:
        return _cancel(held, changes)
    clashes = []
    for key, (before, after) in changes.items():
        now = held.get(key)
        if now != after:
            clashes.append(_clash(held, entry["version"], key, after, now))
        else:
            held.restore(key, before)
    return clashes


def _cancel(held: Hold, changes: dict[str, tuple[Any, Any]]) -> list[Clash]:
    """A ticket that was opened by mistake keeps its number, cancelled."""
    opened = changes.get("state", (None, State.NEW))[1]
    if held["state"] != opened:
        return [_clash(held, 1, "state", opened, held["state"])]
    held.set(state=State.CANCELLED, close_reason="opening undone", closed_at=held.work.at)
    return []


def _clash(held: Hold, version: int, key: str, seen: Any, now: Any) -> Clash:
    later = clashes_since(held.work.spine, held.id, version)
    by = next((one.by for one in later if one.field == key), "somebody")
    return Clash(f"#{held.id} {key}", seen, now, by)


def _stop_letters(work: Work, target: str) -> list[str]:
    """Withdraw the operation's letters that still wait; give a note on those that left."""
    spine = work.spine
    spine.run(
        "UPDATE outbox SET state = 'withdrawn' WHERE operation_id = :id AND state = 'queued'",
        id=target,
    )
    sent = spine.all(
        "SELECT DISTINCT recipient FROM outbox WHERE operation_id = :id "
        "AND state IN ('claimed', 'sent') ORDER BY recipient",
        id=target,
    )
    if not sent:
        return []
    names = ", ".join(row["recipient"] for row in sent[:5])
    more = f" and {len(sent) - 5} more" if len(sent) > 5 else ""
    return [f"a letter had already left to {names}{more}."]
