"""Whether a database fits this program, and what to do where not: Alembic is imported only then."""

from deskterm.domain.errors import DatabaseError
from deskterm.storage import schema
from deskterm.storage.driver import Database, shown_url


def ensure(database: Database, *, new: bool = False) -> None:
    """Make sure the schema fits.

    An older SQLite file is upgraded by itself, after a copy; an empty one is filled only where
    `new` says so. An older shared PostgreSQL, an empty one, and a newer database of either kind
    are refused with what to do.
    """
    found = schema.revision(database)
    if found == schema.HEAD:
        return
    if found is not None and found not in schema.KNOWN:
        raise DatabaseError(
            f"the database {shown_url(database.url)} was made by a newer deskterm "
            f"(schema {found}, this program knows up to {schema.HEAD}): upgrade deskterm."
        )
    if database.dialect == "postgresql" or (found is None and not new):
        state = "is empty" if found is None else f"has the older schema {found}"
        step = "init" if found is None else "upgrade"
        raise DatabaseError(
            f"the database {shown_url(database.url)} {state}: run `deskterm db {step}` once."
        )
    from deskterm.storage.migrate import upgrade

    upgrade(database)
