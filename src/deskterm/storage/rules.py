"""Rules of the desk's own as rows, and which tickets one fits."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from deskterm.domain.rules import DeskRule, Sets
from deskterm.storage.driver import Database, Row
from deskterm.storage.reads.asked import Asked
from deskterm.storage.reads.where import compile_query
from deskterm.triage.query import narrow, parse

TABLES = {
    "category": "SELECT path AS name FROM category WHERE id = :id",
    "service": "SELECT name FROM service WHERE id = :id",
    "group": "SELECT name FROM desk_group WHERE id = :id",
}
"""Where the name behind a number stands."""
_SELECT = "SELECT id, position, name, query, sets, stops, active, trouble FROM rule"


def all_rules(database: Database) -> list[DeskRule]:
    """Give every rule in its order."""
    return [_rule(database, row) for row in database.all(f"{_SELECT} ORDER BY position, id")]


def active_rules(database: Database) -> list[DeskRule]:
    """Give the rules that are asked, in their order."""
    rows = database.all(f"{_SELECT} WHERE active ORDER BY position, id")
    return [_rule(database, row) for row in rows]


def _record(row: Row) -> dict[str, Any]:
    return {
        "position": row["position"],
        "name": row["name"],
        "query": row["query"],
        "sets": json.loads(row["sets"]),
        "stops": bool(row["stops"]),
        "active": bool(row["active"]),
    }


def note_trouble(database: Database, number: int, trouble: str) -> None:
    """Keep why a rule could not be asked; empty where it could."""
    database.run(
        "UPDATE rule SET trouble = :trouble WHERE id = :id AND trouble <> :trouble",
        id=number,
        trouble=trouble[:300],
    )


def fits(database: Database, query: str, number: int, now: datetime) -> bool:
    """Tell whether a query finds a ticket; raises QueryError and NotFoundError."""
    text = narrow(query, f"id:{number}")
    return bool(matching(database, text, now, 1))


def matching(database: Database, query: str, now: datetime, most: int) -> Sequence[Row]:
    """Give the newest tickets of a query with what stands on them: id, subject and values."""
    where = compile_query(database, parse(query), Asked("", now))
    return database.all(
        "SELECT t.id, t.subject, t.urgent, t.category_id, t.service_id, t.group_id FROM ticket t "  # noqa: S608 - compiled, bound
        f"WHERE {where.condition} ORDER BY t.id DESC LIMIT :most",
        **where.params,
        most=most,
    )


def field_of(database: Database, ticket: int, name: str) -> str:
    """Give the value of a desk's own field on a ticket; empty where there is none."""
    row = database.one(
        "SELECT value FROM field_value WHERE ticket_id = :id AND name = :name", id=ticket, name=name
    )
    return str(row["value"]) if row else ""


def watchers_of(database: Database, ticket: int) -> list[str]:
    """Give the addresses of those who hear of a ticket."""
    rows = database.all(
        "SELECT a.address FROM watcher w JOIN person_address a ON a.person_id = w.person_id "
        "WHERE w.ticket_id = :id ORDER BY a.address",
        id=ticket,
    )
    return [str(row["address"]) for row in rows]


def name_of(database: Database, kind: str, number: object) -> str:
    """Give the name behind a number; empty where it is gone."""
    row = database.one(TABLES[kind], id=number)
    return str(row["name"]) if row else ""


def words_of(database: Database, sets: Sets) -> dict[str, str]:
    """Give what a rule sets in words: field → value. A value that is gone is `?`."""
    found = {}
    for field, value in sets.items():
        if field in TABLES:
            found[field] = name_of(database, field, value) or "?"
        elif field == "watcher":
            found[field] = ", ".join(value)
        else:
            found[field] = "yes" if value is True else str(value)
    return found


def _rule(database: Database, row: Row) -> DeskRule:
    record = _record(row)
    words = words_of(database, record["sets"])
    says = ", ".join("urgent" if f == "urgent" else f"{f} {value}" for f, value in words.items())
    return DeskRule(row["id"], **record, says=says, trouble=row["trouble"])
