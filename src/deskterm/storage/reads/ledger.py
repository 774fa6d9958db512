"""The ledger as a list: what was done, newest first."""

from collections.abc import Sequence
from typing import Any

from deskterm.storage.driver import Database, moment

_SELECT = (
    "SELECT l.id, l.operation_id, l.at, l.actor, l.kind, l.subject_id, l.event, l.public, l.text, "
    "l.changes FROM ledger l"
)


def newest(
    database: Database,
    limit: int,
    *,
    operation: str | None = None,
    tickets: Sequence[int] | None = None,
) -> list[dict[str, Any]]:
    """Give ledger entries, newest first: of one operation, of some tickets, or all."""
    import json

    where = ""
    params: dict[str, str | Sequence[int]] = {}
    if operation is not None:
        where, params = " WHERE l.operation_id = :operation", {"operation": operation}
    elif tickets is not None:
        where, params = (
            " WHERE l.kind = 'ticket' AND l.subject_id IN :tickets",
            {"tickets": tickets},
        )
    rows = database.all(f"{_SELECT}{where} ORDER BY l.id DESC LIMIT :limit", limit=limit, **params)
    return [
        {
            "id": row["id"],
            "operation": row["operation_id"],
            "at": moment(row["at"]),
            "actor": row["actor"],
            "kind": row["kind"],
            "ticket": row["subject_id"] if row["kind"] == "ticket" else None,
            "subject_id": row["subject_id"],
            "event": row["event"],
            "public": bool(row["public"]),
            "text": row["text"],
            "changes": json.loads(row["changes"]),
        }
        for row in rows
    ]


def subjects_of(database: Database, operation: str, kind: str) -> tuple[int, ...]:
    """Give the numbers of what an operation changed, of one kind of subject."""
    rows = database.all(
        "SELECT DISTINCT subject_id FROM ledger "
        "WHERE operation_id = :id AND kind = :kind ORDER BY subject_id",
        id=operation,
        kind=kind,
    )
    return tuple(row["subject_id"] for row in rows)
