"""Which schema the database has, and what to do about it. Alembic is imported only when behind."""

import sqlite3

from deskterm.domain.errors import DatabaseError
from deskterm.storage.driver import Database, shown_url

HEAD = "0015"
"""The schema that this program reads and writes."""
KNOWN = (
    "0001",
    "0002",
    "0003",
    "0004",
    "0005",
    "0006",
    "0007",
    "0008",
    "0009",
    "0010",
    "0011",
    "0012",
    "0013",
    "0014",
    "0015",
)
"""Every schema this program knows, oldest first."""


def ensure(database: Database, *, new: bool = False) -> None:
    """Make sure the schema fits.

    An older SQLite file is upgraded by itself, after a copy; an empty one is filled only where
    `new` says so. An older shared PostgreSQL, an empty one, and a newer database of either kind
    are refused with what to do.
    """
    found = revision(database)
    if found == HEAD:
        return
    if found is not None and found not in KNOWN:
        raise DatabaseError(
            f"the database {shown_url(database.url)} was made by a newer deskterm "
            f"(schema {found}, this program knows up to {HEAD}): upgrade deskterm."
        )
    if database.dialect == "postgresql" or (found is None and not new):
        state = "is empty" if found is None else f"has the older schema {found}"
        step = "init" if found is None else "upgrade"
        raise DatabaseError(
            f"the database {shown_url(database.url)} {state}: run `deskterm db {step}` once."
        )
    from deskterm.storage.migrate import upgrade

    upgrade(database)


def revision(database: Database) -> str | None:
    """Give the schema's revision, or None where the database is empty."""
    if database.dialect == "postgresql":
        there = database.one("SELECT to_regclass('alembic_version') IS NOT NULL AS there")
        if there is None or not there["there"]:
            return None
        row = database.one("SELECT version_num FROM alembic_version")
    else:
        try:
            row = database.one("SELECT version_num FROM alembic_version")
        except sqlite3.OperationalError:
            _refuse_foreign(database)
            return None
    return str(row["version_num"]) if row else None


def _refuse_foreign(database: Database) -> None:
    """A file full of somebody else's tables is not ours to write into."""
    row = database.one("SELECT count(*) AS n FROM sqlite_master WHERE type = 'table'")
    if row and row["n"]:
        raise DatabaseError(
            f"{shown_url(database.url)} is an SQLite file of another program; name another file."
        )
