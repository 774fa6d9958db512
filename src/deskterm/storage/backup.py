"""Backup and restore of an SQLite desk while it runs: a checked copy, renamed into place."""

import json
import os
import sqlite3
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from deskterm.domain.errors import DatabaseError, UsageError
from deskterm.storage import schema
from deskterm.storage.driver import Database
from deskterm.storage.sqlite import SqliteDatabase

_COUNTED = ("operation", "ledger", "ticket", "person", "blob", "inbox", "outbox", "solution")


def counts(database: Database) -> dict[str, int]:
    """Give how many rows the main tables hold."""
    found = {}
    for table in _COUNTED:
        row = database.one(f"SELECT count(*) AS n FROM {table}")  # noqa: S608 - constants
        found[table] = int(row["n"]) if row else 0
    return found


def backup(database: Database, target: Path) -> dict[str, Any]:
    """Copy the desk to a new file and check the copy; gives the manifest, also kept beside it.

    The copy is one consistent state although others write. Raises UsageError where the file is
    there already, DatabaseError where the copy is not whole.
    """
    if not isinstance(database, SqliteDatabase):
        raise UsageError("backup copies an SQLite file; for PostgreSQL use `deskterm export`.")
    if target.exists():
        raise UsageError(f"{target} is there already; name a new file.")
    part = target.with_name(f".{target.name}.part")
    part.unlink(missing_ok=True)
    os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    try:
        database.run("VACUUM INTO :file", file=str(part))
        _sync(part)
        manifest = check(part)
        manifest["sha256"] = _digest(part)
        os.replace(part, target)
        _sync(target.parent)
    finally:
        part.unlink(missing_ok=True)
    beside = target.with_name(f"{target.name}.manifest.json")
    beside.write_text(json.dumps(manifest, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    return manifest


def restore(source: Path, target: Path) -> dict[str, Any]:
    """Put a checked backup where no desk is yet; gives the counts compared.

    Raises UsageError where a desk is there already, DatabaseError where the backup is not whole or
    does not hold what its manifest says.
    """
    if not source.is_file():
        raise UsageError(f"{source} is no file.")
    if target.exists() and target.stat().st_size:
        raise UsageError(f"{target} is there already; move it away, or name another with --db.")
    beside = source.with_name(f"{source.name}.manifest.json")
    found = check(source)
    if beside.is_file():
        wanted = json.loads(beside.read_text(encoding="utf-8"))
        if wanted["counts"] != found["counts"]:
            raise DatabaseError(f"{source} does not hold what its manifest says; nothing restored.")
    part = target.with_name(f".{target.name}.part")
    descriptor = os.open(part, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "wb") as stream, source.open("rb") as bytes_:
        while chunk := bytes_.read(1 << 20):
            stream.write(chunk)
        stream.flush()
        os.fsync(stream.fileno())
    os.replace(part, target)
    return found


def check(file: Path) -> dict[str, Any]:
    """Check a copy: integrity, foreign keys, schema, counts; raises DatabaseError."""
    try:
        plain = sqlite3.connect(f"file:{file}?mode=ro&immutable=1", uri=True)
    except sqlite3.Error as error:
        raise DatabaseError(f"{file} cannot be read: {error}.") from error
    try:
        plain.row_factory = sqlite3.Row
        trouble = [row[0] for row in plain.execute("PRAGMA integrity_check") if row[0] != "ok"]
        trouble += [f"orphan in {row[0]}" for row in plain.execute("PRAGMA foreign_key_check")]
        if trouble:
            raise DatabaseError(f"{file} is damaged: {trouble[0]}.")
        version = plain.execute("SELECT version_num FROM alembic_version").fetchone()[0]
        found = {
            table: plain.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608 - constants
            for table in _COUNTED
        }
    except sqlite3.Error as error:
        raise DatabaseError(f"{file} is no whole deskterm database: {error}.") from error
    finally:
        plain.close()
    if version not in schema.KNOWN:
        raise DatabaseError(f"{file} was made by a newer deskterm (schema {version}).")
    return {"schema": version, "counts": found, "checked": datetime.now(UTC).isoformat()}


def _digest(file: Path) -> str:
    total = sha256()
    with file.open("rb") as stream:
        while chunk := stream.read(1 << 20):
            total.update(chunk)
    return total.hexdigest()


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
