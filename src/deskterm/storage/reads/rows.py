"""Reads rows of the kinds declared in `ROW_KINDS`: names for numbers, uses counted."""

from typing import Any

from deskterm.storage.driver import Database
from deskterm.storage.row_kinds import ROW_KINDS

_NAMES = {
    "person_id": "(SELECT name FROM person WHERE id = r.person_id)",
    "site_id": "(SELECT name FROM site WHERE id = r.site_id)",
    "group_id": "(SELECT name FROM desk_group WHERE id = r.group_id)",
}
"""Column → the name behind its number."""
_VERSION = "(SELECT count(*) FROM ledger l WHERE l.kind = :kind AND l.subject_id = r.id)"


def records(database: Database, kind: str, number: int | None = None) -> list[dict[str, Any]]:
    """Give the rows of a kind by name, or one: values, `used` and `version`."""
    shape = ROW_KINDS[kind]
    columns = [f"{_NAMES[c]} AS {c}" if c in _NAMES else f"r.{c}" for c in shape.columns]
    counts = " + ".join(
        f"(SELECT count(*) FROM {table} u WHERE u.{column} = r.id)"  # noqa: S608 - ROW_KINDS only
        for table, column in shape.used
    )
    values = ", ".join(columns)
    rows = database.all(
        f"SELECT r.id, {values}, {counts} AS used, {_VERSION} AS version "  # noqa: S608 - ROW_KINDS only
        f"FROM {shape.table} r WHERE CAST(:number AS bigint) IS NULL OR r.id = :number "
        f"ORDER BY lower(r.{shape.naming}), r.id",
        kind=kind,
        number=number,
    )
    return [{name: row[name] for name in ("id", *shape.columns, "used", "version")} for row in rows]


def names(database: Database, kind: str) -> list[tuple[int, str]]:
    """Give (number, name) of every row of a kind."""
    shape = ROW_KINDS[kind]
    rows = database.all(f"SELECT id, {shape.naming} AS name FROM {shape.table} ORDER BY id")  # noqa: S608 - ROW_KINDS only
    return [(int(row["id"]), str(row["name"])) for row in rows]


def version(database: Database, kind: str, number: int) -> int:
    """Give how often a row was changed."""
    row = database.returned(
        "SELECT count(*) AS n FROM ledger WHERE kind = :kind AND subject_id = :number",
        kind=kind,
        number=number,
    )
    return int(row["n"])


def uses(database: Database, kind: str, number: int) -> dict[str, int]:
    """Give table → how many rows name a row; tables without one are left out."""
    found: dict[str, int] = {}
    for table, column in ROW_KINDS[kind].used:
        found[table] = found.get(table, 0) + len(naming(database, table, column, number))
    return {table: n for table, n in found.items() if n}


def naming(database: Database, table: str, column: str, number: int) -> list[int]:
    """Give the numbers of the rows of a table that name a row in a column."""
    rows = database.all(
        f"SELECT id FROM {table} WHERE {column} = :number ORDER BY id",  # noqa: S608 - ROW_KINDS only
        number=number,
    )
    return [int(row["id"]) for row in rows]


def parts(database: Database, kind: str, number: int) -> list[str]:
    """Give the keys of what hangs on a row and moves with a merge: the members of a group."""
    if kind != "group":
        return []
    rows = database.all(
        "SELECT login FROM membership WHERE group_id = :id ORDER BY login", id=number
    )
    return [f"member.{row['login']}" for row in rows]
