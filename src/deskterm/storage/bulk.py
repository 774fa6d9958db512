"""Many rows at once: executemany on SQLite, arrays or COPY on PostgreSQL, in a transaction.

Table and column names are our own, never a user's text.
"""

import gc
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from itertools import islice

from deskterm.storage.driver import Database
from deskterm.storage.held_values import plain

LEDGER = (
    "operation_id",
    "at",
    "actor",
    "kind",
    "subject_id",
    "version",
    "event",
    "public",
    "text",
    "changes",
    "data",
)
"""The columns of a ledger entry that is written by the batch."""

_CHUNK = 2000
"""Rows that one statement brings."""
_quoted = json.encoder.encode_basestring_ascii
_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":")).encode


def json_object(value: object) -> str:
    """Give an object as `entry_text` does; one encoder for all, three times as fast."""
    if not value:
        return "{}"
    if type(value) is dict and all(type(one) is str for one in value.values()):
        told = [f"{_quoted(name)}:{_quoted(one)}" for name, one in sorted(value.items())]
        return f"{{{','.join(told)}}}"  # the same text, ten times as fast
    return _encode(value)


@contextmanager
def without_collector() -> Iterator[None]:
    """Pause the search for reference cycles: millions of rows make none, and it costs a quarter."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def make_room(database: Database) -> None:
    """Let this connection keep 64 MiB of pages: indexes of many rows are written all over."""
    if database.dialect == "sqlite":
        database.run("PRAGMA cache_size = -65536")


def insert(
    database: Database, table: str, columns: Sequence[str], rows: Iterable[Sequence[object]]
) -> None:
    """Insert rows whose values stand in the order of `columns`; times are stored text or aware."""
    database.require_transaction()
    names = ", ".join(f'"{name}"' for name in columns)
    with database.translating_errors():
        if database.dialect == "sqlite":
            marks = ", ".join("?" * len(columns))
            database.connection.executemany(
                f'INSERT INTO "{table}" ({names}) VALUES ({marks})',  # noqa: S608 - our own names
                rows,
            )
            return
        if _guarded(database, table):
            _insert_arrays(database, table, columns, rows)
            return
        with (
            database.connection.cursor() as cursor,
            cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy,
        ):
            for row in rows:
                copy.write_row(row)


def write(database: Database, table: str, rows: Sequence[Mapping[str, object]]) -> None:
    """Insert rows that are at hand, few or many, all with the same keys; times are aware.

    A server that hangs meanwhile is given up, as it is by any other statement.
    """
    if rows:
        values = [[plain(one) for one in row.values()] for row in rows]
        with database.translating_errors(), _watched(database):
            insert(database, table, tuple(rows[0]), values)


def _watched(database: Database) -> AbstractContextManager[None]:
    if database.dialect == "sqlite":
        return nullcontext()
    from deskterm.storage import deadline  # sockets: only with a server

    return deadline.answered_within(deadline.LONG_SECONDS, database.connection.fileno)


def _guarded(database: Database, table: str) -> bool:
    """Tell whether row security holds for this login: COPY brings no rows into such a table."""
    row = database.returned("SELECT row_security_active(:table) AS active", table=table)
    return bool(row["active"])


def _insert_arrays(
    database: Database, table: str, columns: Sequence[str], rows: Iterable[Sequence[object]]
) -> None:
    """Insert a few thousand rows a statement: an array a column, unfolded by the server."""
    kinds = {
        row["attname"]: row["kind"]
        for row in database.all(
            "SELECT attname, format_type(atttypid, NULL) AS kind FROM pg_attribute "
            "WHERE attrelid = to_regclass(:table) AND attnum > 0",
            table=table,
        )
    }
    names = ", ".join(f'"{name}"' for name in columns)
    arrays = ", ".join(f"%s::{kinds[name]}[]" for name in columns)
    text = f'INSERT INTO "{table}" ({names}) SELECT * FROM unnest({arrays})'  # noqa: S608 - our own names
    left = iter(rows)
    with database.connection.cursor() as cursor:
        while chunk := list(islice(left, _CHUNK)):
            database.written += len(chunk)
            cursor.execute(text.encode(), [list(one) for one in zip(*chunk, strict=True)])


def resume_numbering(database: Database, tables: Iterable[str]) -> None:
    """After rows with given ids: let the next number of each table follow the highest."""
    if database.dialect == "sqlite":
        return
    for table in tables:
        database.all(
            f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), "  # noqa: S608 - our own names
            f'coalesce((SELECT max(id) FROM "{table}"), 0) + 1, false)'
        )


def reserve(database: Database, table: str, many: int) -> list[int]:
    """Take so many new ids of a table, inside the caller's write transaction."""
    if database.dialect == "sqlite":
        row = database.one(f'SELECT coalesce(max(id), 0) AS top FROM "{table}"')  # noqa: S608 - our own names
        top = int(row["top"]) if row else 0
        return list(range(top + 1, top + 1 + many))
    rows = database.all(
        f"SELECT nextval(pg_get_serial_sequence('{table}', 'id')) AS id "  # noqa: S608 - our own names
        "FROM generate_series(1, :many)",
        many=many,
    )
    return [int(row["id"]) for row in rows]


def ticket_numbers(database: Database, many: int) -> list[int]:
    """Take the next so many ticket numbers, without gaps."""
    row = database.one(
        "UPDATE counter SET value = value + :many WHERE name = 'ticket' RETURNING value", many=many
    )
    last = int(row["value"])  # type: ignore[index]  # the migration makes the row
    return list(range(last - many + 1, last + 1))
