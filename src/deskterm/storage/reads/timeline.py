"""What happened on a ticket: its ledger, with what a merge or a split brought to it."""

import json
from collections.abc import Iterable

from deskterm.domain.rows import AttachmentRow, EntryRow
from deskterm.storage.driver import Database, as_row

_ENTRIES = """
SELECT l.id, l.operation_id, l.at, l.actor, p.name AS person, l.event, l.public, l.text,
  l.changes, l.data
FROM ledger l LEFT JOIN person p ON p.id = l.person_id
WHERE l.kind = 'ticket' AND l.subject_id IN :tickets
  AND NOT EXISTS (SELECT 1 FROM entry_place e WHERE e.entry_id = l.id)
"""
_ALL_ENTRIES = f"{_ENTRIES} OR l.id IN :moved"
_BROUGHT = (
    "SELECT id AS merged, NULL AS moved FROM ticket WHERE merged_into IN :into UNION ALL "
    "SELECT NULL, entry_id FROM entry_place WHERE ticket_id IN :into"
)
_FILES = (
    "SELECT id, entry_id, name, media_type, size, sha256, inline FROM attachment "
    "WHERE ticket_id IN :tickets"
)
_ALL_FILES = f"{_FILES} OR entry_id IN :moved"


def timeline(database: Database, number: int) -> tuple[EntryRow, ...]:
    """Give the entries of a ticket, oldest first; undone ones are marked, not left out."""
    theirs, moved = _brought(database, number)
    given = {"tickets": theirs, "moved": moved} if moved else {"tickets": theirs}
    entries, attached = (_ALL_ENTRIES, _ALL_FILES) if moved else (_ENTRIES, _FILES)
    rows = database.all(f"{entries} ORDER BY l.at, l.id", **given)
    undone = undone_operations(database, {row["operation_id"] for row in rows})
    files: dict[int, list[AttachmentRow]] = {}
    for row in database.all(f"{attached} ORDER BY id", **given):
        file = as_row(AttachmentRow, row)
        files.setdefault(file.entry_id, []).append(file)
    return tuple(
        as_row(
            EntryRow,
            row,
            changes=_changes(row["changes"]),
            data=json.loads(row["data"]),
            undone=row["operation_id"] in undone,
            attachments=tuple(files.get(row["id"], ())),
        )
        for row in rows
    )


def _changes(text: str) -> dict[str, tuple[object, object]]:
    if text == "{}":
        return {}
    return {field: (before, after) for field, (before, after) in json.loads(text).items()}


def _brought(database: Database, number: int) -> tuple[list[int], list[int]]:
    """Give the ticket and all that were merged into it, and the entries that were moved to them.

    A chain is followed, a cycle ends it.
    """
    found, moved = [number], []
    fresh = [number]
    while fresh:
        rows = database.all(_BROUGHT, into=fresh)
        moved += [row["moved"] for row in rows if row["moved"] is not None]
        fresh = [row["merged"] for row in rows if row["merged"] not in (None, *found)]
        found += fresh
    return found, moved


def undone_operations(database: Database, operations: Iterable[str]) -> set[str]:
    """Give those of the operations that were taken back and are not there again."""
    rows = database.all(
        "SELECT operation_id FROM taken_back WHERE operation_id IN :wanted",
        wanted=sorted(set(operations)),
    )
    return {str(row["operation_id"]) for row in rows}
