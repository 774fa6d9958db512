"""The ledger as a list: what was done, newest first."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from deskterm.domain.rows import EntryRow, Subject
from deskterm.storage.driver import Database, moment
from deskterm.storage.reads.held import NAMED, names

_SELECT = (
    "SELECT l.id, l.operation_id, l.at, l.actor, l.kind, l.subject_id, l.event, l.public, l.text, "
    "l.changes FROM ledger l"
)


_EVER = datetime(1970, 1, 1, tzinfo=UTC)


def newest(
    database: Database,
    limit: int,
    *,
    operation: str | None = None,
    tickets: Sequence[int] | None = None,
) -> list[dict[str, object]]:
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


def subjects_of(database: Database, operation: str) -> tuple[Subject, ...]:
    """Give what an operation's entries tell of, in their order."""
    rows = database.all(
        "SELECT kind, subject_id FROM ledger WHERE operation_id = :id "
        "GROUP BY kind, subject_id ORDER BY min(id)",
        id=operation,
    )
    return tuple((row["kind"], row["subject_id"]) for row in rows)


class OutOfSight(NamedTuple):
    """A ticket of an operation of one's own that one does not see any more."""

    operation: str
    ticket: int
    group: str
    """To which it was handed then; empty: it went away otherwise."""
    members: tuple[str, ...]
    """Who is in that group."""


def out_of_sight(database: Database, operation: str | None = None) -> list[OutOfSight]:
    """Give what one does not see any more of an operation of one's own, or of the newest."""
    if database.dialect == "sqlite":
        return []
    rows = database.all(
        "SELECT s.operation_id, s.ticket_id, coalesce(s.group_name, '') AS group_name, "
        "array(SELECT m.login FROM membership m JOIN desk_group g ON g.id = m.group_id "
        "WHERE g.name = s.group_name ORDER BY m.login) AS members "
        "FROM deskterm_out_of_sight(:id) s ORDER BY s.ticket_id",
        id=operation,
    )
    return [
        OutOfSight(row["operation_id"], row["ticket_id"], row["group_name"], tuple(row["members"]))
        for row in rows
    ]


def done_before(database: Database, operations: Collection[str]) -> set[str]:
    """Give those of the operations that are done, by whichever process."""
    if not operations:
        return set()
    rows = database.all("SELECT id FROM operation WHERE id IN :names", names=sorted(operations))
    return {row["id"] for row in rows}


def changes_since(
    database: Database, subject: tuple[str, int], version: int
) -> list[tuple[str, dict[str, tuple[object, object]]]]:
    """Give (who, key → before and after) of what changed on (kind, number) after a version."""
    import json

    kind, number = subject
    rows = database.all(
        "SELECT actor, changes FROM ledger WHERE kind = :kind AND subject_id = :id "
        "AND version > :version ORDER BY id",
        kind=kind,
        id=number,
        version=version,
    )
    return [(row["actor"], json.loads(row["changes"])) for row in rows]


def data_of(
    database: Database, ticket: int, event: str, since: datetime | None = None
) -> list[dict[str, object]]:
    """Give the data of a ticket's entries of an event, of all or of those after a time."""
    import json

    rows = database.all(
        "SELECT data FROM ledger WHERE kind = 'ticket' AND subject_id = :id AND event = :event "
        "AND at > :since",
        id=ticket,
        event=str(event),
        since=since or _EVER,
    )
    return [json.loads(row["data"]) for row in rows]


Names = Mapping[str, Mapping[int, str]]
"""Column of a ticket → number → name."""

_SAME = {"from_group_id": "group_id", "watcher": "requester_id"}


def names_in(database: Database, entries: Iterable[EntryRow]) -> Names:
    """Give the name of each number that the entries' changes hold, by column.

    `from_group_id` and `watcher` have their own keys; unknown numbers are left out.
    """
    return {
        column: names(database, _SAME.get(column, column), numbers)
        for column, numbers in _numbers(entries).items()
    }


def named(database: Database, key: str, value: object) -> object:
    """Give the name of a number that a change holds; anything else, or an unknown one, as it is."""
    column = _SAME.get(key, key)
    if isinstance(value, bool) or not isinstance(value, int) or column not in NAMED:
        return value
    return names(database, column, {value}).get(value, value)


def _numbers(entries: Iterable[EntryRow]) -> dict[str, set[int]]:
    wanted: dict[str, set[int]] = {}
    for entry in entries:
        for field, values in entry.changes.items():
            column, _, name = field.partition(".")
            if column == "watcher":
                wanted.setdefault(column, set()).add(int(name))
            elif _SAME.get(column, column) in NAMED:
                wanted.setdefault(column, set()).update(_whole(values))
    return {column: numbers for column, numbers in wanted.items() if numbers}


def _whole(values: Iterable[object]) -> set[int]:
    return {value for value in values if isinstance(value, int)}
