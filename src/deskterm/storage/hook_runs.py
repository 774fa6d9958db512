"""What the hooks are to be told: queued from the ledger, claimed, done, put back and given up."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from deskterm.storage.driver import Database, as_row, moment

_SEEN, _FIRST = "hooks", "hooks since"
"""The counters with the last ledger entry that was looked at, and the last before all of them."""
_LATE = 1_000
"""Entries before it that are looked at again: a slow writer may commit late."""
_MOST = 5_000
"""Entries that are looked at in one turn."""


class HookRun(NamedTuple):
    """One hook that is to be told of one operation."""

    operation_id: str
    hook: str
    state: str
    attempts: int
    not_before: datetime
    error: str


def queue(database: Database, hooks: Sequence[tuple[str, str]], now: datetime) -> None:
    """Queue what was done since last time, for (hook, verb) each; at first nothing is old news."""
    last = int(database.returned("SELECT coalesce(max(id), 0) AS n FROM ledger")["n"])
    seen, first = _count(database, _SEEN), _count(database, _FIRST)
    if seen is None or first is None:
        _keep(database, _FIRST, last)
        _keep(database, _SEEN, last)
        return
    until = min(last, seen + _MOST)
    if until <= seen:
        return
    rows = database.all(
        "SELECT o.id, o.kind, max(CASE WHEN l.data LIKE :within THEN l.data ELSE '' END) AS data "
        "FROM ledger l JOIN operation o ON o.id = l.operation_id "
        "WHERE l.id > :since AND l.id <= :until GROUP BY o.id, o.kind",
        within='%"hooks"%',
        since=max(first, seen - _LATE),
        until=until,
    )
    for row in rows:
        around = within(row["data"])
        for hook, verb in hooks:
            if hook not in around and verb in ("", row["kind"].replace(" ", "-")):
                _add(database, row["id"], hook, now)
    _keep(database, _SEEN, until)


def within(data: str) -> list[str]:
    """Give the hooks that a ledger entry with such data was written within."""
    found = json.loads(data or "{}").get("hooks")
    return [str(one) for one in found] if isinstance(found, list) else []


def _add(database: Database, operation: str, hook: str, now: datetime) -> None:
    database.run(
        "INSERT INTO hook_run (operation_id, hook, state, created_at, not_before, attempts, error) "
        "VALUES (:operation, :hook, 'queued', :now, :now, 0, '') ON CONFLICT DO NOTHING",
        operation=operation,
        hook=hook,
        now=now,
    )


def _count(database: Database, name: str) -> int | None:
    row = database.one("SELECT value FROM counter WHERE name = :name", name=name)
    return int(row["value"]) if row else None


def _keep(database: Database, name: str, value: int) -> None:
    database.run(
        "INSERT INTO counter (name, value) VALUES (:name, :value) "
        "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        name=name,
        value=value,
    )


_COLUMNS = "operation_id, hook, state, attempts, not_before, error"


def claim(
    database: Database, hooks: Sequence[str], now: datetime, holder: str, until: datetime
) -> HookRun | None:
    """Hold the next one that is due, for a while; None: nothing is."""
    row = database.one(
        f"SELECT {_COLUMNS} FROM hook_run WHERE hook IN :hooks AND not_before <= :now "  # noqa: S608 - constants
        "AND (state = 'queued' OR (state = 'claimed' AND held_until <= :now)) "
        "ORDER BY not_before, created_at, operation_id LIMIT 1",
        hooks=hooks,
        now=now,
    )
    if row is None:
        return None
    found = as_row(HookRun, row)
    touched = database.run(
        "UPDATE hook_run SET state = 'claimed', holder = :holder, held_until = :until, "
        "attempts = attempts + 1 WHERE operation_id = :operation AND hook = :hook "
        "AND (state = 'queued' OR (state = 'claimed' AND held_until <= :now))",
        holder=holder,
        until=until,
        operation=found.operation_id,
        hook=found.hook,
        now=now,
    )
    return found._replace(attempts=found.attempts + 1) if touched else None


def done(database: Database, run: HookRun, holder: str, now: datetime) -> None:
    """It was told."""
    _set(database, run, holder, ("done", "", now))


def put_back(database: Database, run: HookRun, holder: str, later: datetime, why: str) -> None:
    """It is told again later."""
    _set(database, run, holder, ("queued", why[:400], later))


def failed(database: Database, run: HookRun, holder: str, why: str) -> None:
    """It is given up."""
    _set(database, run, holder, ("failed", why[:400], run.not_before))


def _set(database: Database, run: HookRun, holder: str, to: tuple[str, str, datetime]) -> None:
    state, error, at = to
    database.run(
        "UPDATE hook_run SET state = :state, error = :error, not_before = :at, holder = NULL, "
        "held_until = NULL WHERE operation_id = :operation AND hook = :hook AND holder = :holder",
        state=state,
        error=error,
        at=at,
        operation=run.operation_id,
        hook=run.hook,
        holder=holder,
    )


def told(database: Database, operation: str) -> dict[str, object]:
    """Give an operation as a hook is told of it: who did what when, and each ledger entry."""
    row = database.returned(
        "SELECT id, kind, actor, at FROM operation WHERE id = :id", id=operation
    )
    rows = database.all(
        "SELECT id, kind, subject_id, event, actor, public, text, changes, data FROM ledger "
        "WHERE operation_id = :id ORDER BY id LIMIT 1000",
        id=operation,
    )
    entries = [
        {
            **{name: one[name] for name in ("id", "event", "actor", "text")},
            "subject": [one["kind"], one["subject_id"]],
            "public": bool(one["public"]),
            "changes": json.loads(one["changes"]),
        }
        for one in rows
    ]
    tickets = sorted({one["subject_id"] for one in rows if one["kind"] == "ticket"})
    return {
        "operation": row["id"],
        "do": row["kind"],
        "actor": row["actor"],
        "at": moment(row["at"]),
        "tickets": tickets,
        "hooks": list(dict.fromkeys(name for one in rows for name in within(one["data"]))),
        "entries": entries,
    }


def standing(database: Database) -> dict[str, tuple[int, int, str]]:
    """Give hook → (how many wait, how many were given up, the last reason)."""
    rows = database.all(
        "SELECT hook, sum(CASE WHEN state IN ('queued', 'claimed') THEN 1 ELSE 0 END) AS waiting, "
        "sum(CASE WHEN state = 'failed' THEN 1 ELSE 0 END) AS failed, max(error) AS error "
        "FROM hook_run WHERE state <> 'done' GROUP BY hook"
    )
    return {row["hook"]: (int(row["waiting"]), int(row["failed"]), row["error"]) for row in rows}
