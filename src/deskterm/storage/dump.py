"""Every table's rows as plain JSON values, and back: the way between the two databases.

Imports SQLAlchemy through the models (about 0.5 s): never for a ticket command.
"""

import base64
import binascii
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Boolean, Integer, LargeBinary, Table

from deskterm.domain.clock import from_text, to_text
from deskterm.models import metadata
from deskterm.models.types import Moment
from deskterm.storage import bulk
from deskterm.storage.driver import Database, moment

LEFT_OUT = frozenset({"secret", "lease", "presence", "day_total", "day_mark"})
"""Secrets never leave in an export; leases and presence pass, totals follow from measures."""
_CHUNK = 2000


class Column(NamedTuple):
    """A column as an export knows it."""

    name: str
    kind: str
    """text, number, flag, time or bytes."""
    needed: bool


class Shape(NamedTuple):
    """A table as an export knows it."""

    name: str
    columns: tuple[Column, ...]
    numbered: bool
    """The database gives its ids."""


def shapes() -> list[Shape]:
    """Give every table that is exported, in an order that foreign keys allow."""
    return [_shape(table) for table in metadata.sorted_tables if table.name not in LEFT_OUT]


def _shape(table: Table) -> Shape:
    columns = tuple(Column(c.name, _kind(c.type), not c.nullable) for c in table.columns)
    column = table.columns.get("id")
    numbered = column is not None and _kind(column.type) == "number" and table.name != "ticket"
    return Shape(table.name, columns, numbered)


def _kind(type_: object) -> str:
    for of, kind in ((Moment, "time"), (LargeBinary, "bytes"), (Boolean, "flag")):
        if isinstance(type_, of):
            return kind
    return "number" if isinstance(type_, Integer) else "text"


_ORDER = {"ticket": '"id"', "operation": '"at", "id"'}
"""Operations are written in the order in which they were done, which SQLite keeps."""


def read_rows(database: Database, shape: Shape) -> Iterator[dict[str, object]]:
    """Give a table's rows inside the caller's snapshot, a few at a time."""
    names = ", ".join(f'"{column.name}"' for column in shape.columns)
    order = _ORDER.get(shape.name) or ('"id"' if shape.numbered else names)
    text = f'SELECT {names} FROM "{shape.name}" ORDER BY {order}'  # noqa: S608 - our own names
    connection = database.connection
    with database.translating_errors():
        cursor = (
            connection.cursor()
            if database.dialect == "sqlite"
            else connection.cursor(name=f"export_{shape.name}")
        )
        try:
            cursor.execute(text)
            while rows := cursor.fetchmany(_CHUNK):
                for row in rows:
                    yield {c.name: _out(c, v) for c, v in zip(shape.columns, row, strict=True)}
        finally:
            cursor.close()


def _out(column: Column, value: Any) -> Any:
    if value is None or column.kind in ("text", "number"):
        return value
    if column.kind == "time":
        return to_text(moment(value))
    if column.kind == "flag":
        return bool(value)
    return base64.b64encode(bytes(value)).decode("ascii")


def to_row(shape: Shape, given: Mapping[str, object]) -> list[object]:
    """Give the values of an exported row as they are inserted; raises ValueError."""
    wanted = {column.name for column in shape.columns}
    if set(given) != wanted:
        odd = min(set(given) ^ wanted)
        raise ValueError(f"key {odd!r} is {'unknown' if odd in given else 'missing'}")
    return [_in(column, given[column.name]) for column in shape.columns]


_TYPES: dict[str, type] = {"text": str, "time": str, "bytes": str, "number": int, "flag": bool}


def _in(column: Column, value: object) -> object:
    if value is None:
        if column.needed:
            raise ValueError(f"{column.name} is empty")
        return None
    if type(value) is not _TYPES[column.kind]:
        raise ValueError(f"{column.name} is no {column.kind}")
    return _of_text(column, value) if isinstance(value, str) else value


def _of_text(column: Column, value: str) -> object:
    if column.kind == "time":
        return to_text(from_text(value))
    if column.kind == "bytes":
        try:
            return base64.b64decode(value, validate=True)
        except binascii.Error as error:
            raise ValueError(f"{column.name} is no base64") from error
    if column.kind == "text" and ("\x00" in value or not _encodable(value)):
        raise ValueError(f"{column.name} holds what no database can keep")
    return value


def _encodable(text: str) -> bool:
    return text.isascii() or not any("\ud800" <= sign <= "\udfff" for sign in text)


def clear(database: Database, tables: Sequence[Shape]) -> None:
    """Take away what a new desk begins with, inside the caller's transaction."""
    for shape in reversed(tables):
        if shape.name not in ("ledger", "operation"):
            database.run(f'DELETE FROM "{shape.name}"')  # noqa: S608 - our own names


def write_rows(database: Database, shape: Shape, rows: Iterable[Sequence[object]]) -> None:
    """Insert rows; a row may name one of the same table that comes later."""
    if database.dialect == "sqlite":
        database.run("PRAGMA defer_foreign_keys = ON")
    bulk.insert(database, shape.name, [column.name for column in shape.columns], rows)


def count(database: Database, table: str) -> int:
    """Give how many rows a table has."""
    row = database.one(f'SELECT count(*) AS n FROM "{table}"')  # noqa: S608 - our own names
    return int(row["n"]) if row else 0
