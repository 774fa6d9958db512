"""Bring a database to the newest schema with Alembic, after a copy where it holds anything."""

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy.schema import CreateTable

from deskterm import disk
from deskterm.domain.errors import DatabaseError
from deskterm.models import metadata
from deskterm.storage import schema
from deskterm.storage.driver import Database
from deskterm.storage.secrets import add_token
from deskterm.storage.session import engine_on
from deskterm.storage.sqlite import SqliteDatabase, file_uri

Told = Callable[[str], object]
"""Hears what is being done, a line a step."""


def upgrade(database: Database, revision: str = "head", told: Told = str) -> str:
    """Run the missing migrations in one transaction; gives the revision reached.

    However long that takes, and however long others have in hand what it needs: a large desk
    takes minutes, and `told` hears of each step that was made.
    """
    with database.patiently():
        return _upgraded(database, revision, told)


def _upgraded(database: Database, revision: str, told: Told) -> str:
    found = schema.revision(database)
    if found == schema.HEAD:
        return found if database.dialect == "sqlite" else _laid(database)
    if isinstance(database, SqliteDatabase) and found is not None:
        told("a copy of the file is made first …")
        _copy_first(database)
    with engine_on(database).begin() as connection:
        if database.dialect == "postgresql":
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7364523)")
            if found not in (None, schema.HEAD):  # who works ends first, whoever comes waits
                connection.exec_driver_sql("LOCK TABLE alembic_version")
        if schema.revision(database) != schema.HEAD:
            config = _config()
            config.attributes["connection"] = connection
            config.attributes["database"] = database
            config.attributes["told"] = told
            command.upgrade(config, revision)
    return _laid(database) if database.dialect == "postgresql" else schema.revision(database) or ""


def _laid(database: Database) -> str:
    """Let the server hold the rights of the newest schema; gives the revision."""
    found = schema.revision(database) or ""
    from deskterm.storage.rights.laying import lay, owns

    if found == schema.HEAD and owns(database):
        database.begin()
        try:
            _secret_again(database)
            lay(database)
            database.commit()
        finally:
            database.rollback()
    return found


def _secret_again(database: Database) -> None:
    """Make what signs letters anew where a copy without secrets was restored."""
    if database.returned("SELECT to_regclass('secret') IS NULL AS gone")["gone"]:
        table = metadata.tables["secret"]
        database.run(str(CreateTable(table).compile(engine_on(database))))
        add_token(database, token_hex(32), datetime.now(UTC))


def missing(found: str) -> list[str]:
    """Give what an upgrade from this revision would do, a sentence a step, first step first."""
    steps = ScriptDirectory.from_config(_config()).iterate_revisions("head", found)
    return [f"{step.revision} {step.doc.rstrip('.')}" for step in reversed(list(steps))]


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config


def _copy_first(database: SqliteDatabase) -> None:
    """Keep a copy of the file beside it before its schema changes."""
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")
    name = f"{database.path.name}.before-{schema.HEAD}-{stamp}-{os.getpid()}"
    copy = database.path.with_name(name)
    try:
        with disk.part_of(copy) as part:
            database.run("VACUUM INTO :copy", copy=file_uri(part))
    except OSError as error:
        raise DatabaseError(f"no copy before the upgrade at {copy}: {error.strerror}.") from error
