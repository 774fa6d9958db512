"""Many rows at once: executemany on SQLite, COPY on PostgreSQL, inside the caller's transaction.

Table and column names are our own, never a user's text.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from deskterm.storage.driver import Database


def insert(
    database: Database, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]
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
        with (
            database.connection.cursor() as cursor,
            cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy,
        ):
            for row in rows:
                copy.write_row(row)


def resume_numbering(database: Database, tables: Iterable[str]) -> None:
    """After rows with given ids: let the next number of each table follow the highest."""
    if database.dialect == "sqlite":
        return
    for table in tables:
        database.all(
            f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), "  # noqa: S608 - our own names
            f'coalesce((SELECT max(id) FROM "{table}"), 0) + 1, false)'
        )
