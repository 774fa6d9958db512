"""What happened on a ticket: its ledger, with what a merge or a split brought to it."""

import json
from collections.abc import Iterable

from deskterm.domain.rows import AttachmentRow, EntryRow
from deskterm.storage.driver import Database, as_row

_ENTRIES = """
SELECT l.id, l.operation_id, l.at, l.actor, p.name AS person, l.event, l.public, l.text,
  l.changes, l.data
FROM ledger l LEFT JOIN person p ON p.id = l.person_id
WHERE {these}
"""
_OWN = (
    "l.kind = 'ticket' AND l.subject_id IN :tickets "
    "AND NOT EXISTS (SELECT 1 FROM entry_place e WHERE e.entry_id = l.id)"
)
_MOVED_HERE = "l.id IN (SELECT e.entry_id FROM entry_place e WHERE e.ticket_id IN :tickets)"
_TIMELINE = (
    f"{_ENTRIES.format(these=_OWN)} UNION ALL {_ENTRIES.format(these=_MOVED_HERE)} ORDER BY 3, 1"
)


def timeline(database: Database, number: int) -> tuple[EntryRow, ...]:
    """Give the entries of a ticket, oldest first; undone ones are marked, not left out."""
    numbers = _with_merged(database, number)
    rows = database.all(
        _TIMELINE,
        tickets=numbers,
    )
    undone = undone_operations(database, {row["operation_id"] for row in rows})
    files = _attachments(database, numbers)
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


def _with_merged(database: Database, number: int) -> list[int]:
    """The ticket and all that were merged into it; a chain is followed, a cycle ends it."""
    found = [number]
    fresh = [number]
    while fresh:
        rows = database.all(
            "SELECT id FROM ticket WHERE merged_into IN :into",
            into=fresh,
        )
        fresh = [row["id"] for row in rows if row["id"] not in found]
        found += fresh
    return found


def undone_operations(database: Database, operations: Iterable[str]) -> set[str]:
    """Give those of the operations that were taken back and are not there again."""
    rows = database.all(
        "SELECT operation_id FROM taken_back WHERE operation_id IN :wanted",
        wanted=sorted(set(operations)),
    )
    return {str(row["operation_id"]) for row in rows}


def _attachments(database: Database, numbers: list[int]) -> dict[int, list[AttachmentRow]]:
    rows = database.all(
        "SELECT id, entry_id, name, media_type, size, sha256, inline FROM attachment "
        "WHERE ticket_id IN :tickets OR entry_id IN "
        "(SELECT entry_id FROM entry_place WHERE ticket_id IN :tickets) ORDER BY id",
        tickets=numbers,
    )
    found: dict[int, list[AttachmentRow]] = {}
    for row in rows:
        file = as_row(AttachmentRow, row)
        found.setdefault(file.entry_id, []).append(file)
    return found
