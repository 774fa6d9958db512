"""Which schema the database has, and which this program knows."""

from deskterm.domain.errors import DatabaseError, UpgradedError
from deskterm.storage.driver import Database, shown_url

HEAD = "0055"
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
    "0016",
    "0017",
    "0018",
    "0019",
    "0020",
    "0021",
    "0022",
    "0023",
    "0024",
    "0025",
    "0026",
    "0027",
    "0028",
    "0029",
    "0030",
    "0031",
    "0032",
    "0033",
    "0034",
    "0035",
    "0036",
    "0037",
    "0038",
    "0039",
    "0040",
    "0041",
    "0042",
    "0043",
    "0044",
    "0045",
    "0046",
    "0047",
    "0048",
    "0049",
    "0050",
    "0051",
    "0052",
    "0053",
    "0054",
    "0055",
)
"""Every schema this program knows, oldest first."""


NOW = "(SELECT version_num FROM alembic_version)"
"""Asked beside something else: the schema as it is by now."""


def require_same(found: object) -> None:
    """Raise UpgradedError where the schema is no longer the one that was opened.

    Asked in every operation's transaction; an upgrade keeps them waiting until it has ended.
    """
    if found != HEAD:
        raise UpgradedError(
            f"the database was upgraded to schema {found} while this deskterm, which knows {HEAD}, "
            "was running. Nothing was changed; end it and start the new version. Drafts are kept."
        )


def revision(database: Database) -> str | None:
    """Give the schema's revision, or None where the database is empty: in one trip, for commands.

    Inside a transaction of PostgreSQL, which an error would end, it takes two.
    """
    if database.in_transaction and database.dialect == "postgresql":
        there = database.one("SELECT to_regclass('alembic_version') IS NOT NULL AS there")
        if there is None or not there["there"]:
            return None
    try:
        row = database.one("SELECT version_num FROM alembic_version")
    except database.no_table:
        if database.dialect == "sqlite":
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
