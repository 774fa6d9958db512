"""What is kept of somebody beside their tickets: words on others', mails, letters, files."""

from collections.abc import Collection, Mapping, Sequence

from deskterm.storage.driver import Database
from deskterm.storage.row_kinds import ROW_KINDS

File = tuple[str, bytes]
"""Its name, and what is in it."""


def said(
    database: Database, people: Sequence[int], tickets: Sequence[int]
) -> list[dict[str, object]]:
    """Give what they said on tickets of others, and what the ledger tells of themselves."""
    rows = database.all(
        "SELECT at, actor, kind, subject_id, event, text, changes FROM ledger "
        "WHERE (person_id IN :people AND NOT (kind = 'ticket' AND subject_id IN :tickets)) "
        "OR (kind = 'person' AND subject_id IN :people) ORDER BY id",
        people=people,
        tickets=tickets,
    )
    return [{name: row[name] for name in row.keys()} for row in rows]  # noqa: SIM118 - a row is no mapping


def files(
    database: Database, people: Sequence[int], tickets: Sequence[int], addresses: Sequence[str]
) -> dict[str, list[File]]:
    """Give kind → files: mails they sent, letters to them, attachments of their tickets."""
    mails = database.all(
        "SELECT i.id, b.bytes FROM inbox i JOIN blob b ON b.sha256 = i.sha256 "
        "WHERE lower(i.sender) IN :addresses OR lower(i.envelope_from) IN :addresses ORDER BY i.id",
        addresses=addresses,
    )
    letters = database.all(
        "SELECT o.id, b.bytes FROM outbox o JOIN blob b ON b.sha256 = o.sha256 "
        "WHERE o.person_id IN :people OR lower(o.recipient) IN :addresses ORDER BY o.id",
        people=people,
        addresses=addresses,
    )
    attached = database.all(
        "SELECT a.name, b.bytes FROM attachment a JOIN blob b ON b.sha256 = a.sha256 "
        "WHERE a.ticket_id IN :tickets ORDER BY a.id",
        tickets=tickets,
    )
    return {
        "mails": [(f"{row['id']}.eml", bytes(row["bytes"])) for row in mails],
        "letters": [(f"{row['id']}.eml", bytes(row["bytes"])) for row in letters],
        "files": [(row["name"], bytes(row["bytes"])) for row in attached],
    }


def owned(
    database: Database, numbers: Mapping[str, Collection[int]]
) -> dict[str, list[dict[str, object]]]:
    """Give kind → the rows of it that belong to a client, whole."""
    found = {}
    for kind, ids in numbers.items():
        shape = ROW_KINDS[kind]
        names = ("id", *shape.columns)
        rows = database.all(
            f"SELECT {', '.join(names)} FROM {shape.table} WHERE id IN :ids ORDER BY id",  # noqa: S608 - declared
            ids=sorted(ids),
        )
        found[kind] = [{name: row[name] for name in names} for row in rows]
    return found
