"""Backup and restore of an SQLite desk while it runs: a checked copy, renamed into place.

A database is its file *with* the `-wal`, `-shm` and `-journal` beside it: what SQLite finds there
it plays into the file.
"""

import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from deskterm import disk
from deskterm.domain.errors import DatabaseError, DeskError, UsageError
from deskterm.storage import schema
from deskterm.storage.driver import Database, connect
from deskterm.storage.soundness import contradictions, damage
from deskterm.storage.sqlite import SqliteDatabase, file_uri, siblings

_COUNTED = ("operation", "ledger", "ticket", "person", "blob", "inbox", "outbox", "solution")


def counts(database: Database) -> dict[str, int]:
    """Give how many rows the main tables hold."""
    found = {}
    for table in _COUNTED:
        row = database.one(f"SELECT count(*) AS n FROM {table}")  # noqa: S608 - constants
        found[table] = int(row["n"]) if row else 0
    return found


def backup(database: Database, target: Path) -> dict[str, object]:
    """Copy the desk to a new file and check the copy; gives the manifest, also kept beside it.

    The copy is one consistent state although others write. Raises UsageError where the file is
    there already or cannot be written, DatabaseError where the copy is not whole; then nothing is
    left.
    """
    if not isinstance(database, SqliteDatabase):
        raise UsageError("backup copies an SQLite file; for PostgreSQL use `deskterm export`.")
    _refuse_taken(target, "name a new file")
    beside = _manifest_of(target)
    with _saying(target), disk.part_of(target) as part:
        database.run("VACUUM INTO :file", file=file_uri(part))
        _keep_wal_mode(part)
        manifest = check(part)
        manifest["sha256"] = _digest(part)
        text = json.dumps(manifest, indent=2, sort_keys=True) + "\n"
        disk.write(beside, text.encode("ascii"), replace=True)
        try:
            _refuse_taken(target, "name a new file")
        except UsageError:
            beside.unlink()
            raise
    return manifest


def restore(source: Path, target: Path) -> dict[str, Any]:
    """Put a checked backup where no desk is yet; gives the counts compared.

    `contradictions` has what the backup's own ledger and tables disagree on: it is restored as it
    is, for a backup of a desk with one wrong field is better than none.

    Raises UsageError where a desk is there already or the place cannot be written, DatabaseError
    where the backup is not whole or not what its manifest says; then nothing is left.
    """
    if not source.is_file():
        raise UsageError(f"{source} is no file.")
    _refuse_taken(target, "name another place with --db", empty=True)
    wanted = _read_manifest(source)
    claimed = target.exists()
    with _saying(target), disk.part_of(target, replace=claimed) as part:
        digest = _copy(source, part)
        found = check(part, source)
        _compare(source, wanted, digest, found)
        _refuse_taken(target, "name another place with --db", empty=True)
    try:
        contradictory = _look_at(target, found)
    except DeskError:
        for file in (target, *siblings(target)):
            file.unlink(missing_ok=True)
        disk.sync_folder(target.parent)
        raise
    return {**found, "contradictions": contradictory}


def check(file: Path, name: Path | None = None) -> dict[str, object]:
    """Check a copy that nobody writes: integrity, foreign keys, schema, counts.

    Messages call it `name`. Raises DatabaseError.
    """
    name = name or file
    try:
        plain = sqlite3.connect(file_uri(file, "mode=ro&immutable=1"), uri=True)
    except sqlite3.Error as error:
        raise DatabaseError(f"{name} cannot be read: {error}.") from error
    try:
        plain.row_factory = sqlite3.Row
        damage = [row[0] for row in plain.execute("PRAGMA integrity_check") if row[0] != "ok"]
        damage += [f"orphan in {row[0]}" for row in plain.execute("PRAGMA foreign_key_check")]
        if damage:
            raise DatabaseError(f"{name} is damaged: {damage[0]}.")
        version = plain.execute("SELECT version_num FROM alembic_version").fetchone()[0]
        found = {
            table: plain.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608 - constants
            for table in _COUNTED
        }
    except (sqlite3.Error, UnicodeDecodeError, TypeError) as error:
        raise DatabaseError(f"{name} is no whole deskterm database: {error}.") from error
    finally:
        plain.close()
    if version not in schema.KNOWN:
        raise DatabaseError(f"{name} was made by a newer deskterm (schema {version}).")
    return {"schema": version, "counts": found, "checked": datetime.now(UTC).isoformat()}


def _refuse_taken(target: Path, advice: str, *, empty: bool = False) -> None:
    """Raise UsageError where a database, or the log of one that was moved away, is there.

    `advice` says what else can be done; an `empty` file may be there.
    """
    beside = siblings(target)
    logs = " and ".join(str(file) for file in beside)
    free = empty and not target.is_symlink() and target.is_file() and not target.stat().st_size
    if os.path.lexists(target) and not free:
        what = f"{target} and {logs} away together" if beside else "it away"
        raise UsageError(f"{target} is there already; move {what}, or {advice}.")
    if beside:
        raise UsageError(
            f"{logs} belongs to a database that was at {target}, and would be played into the new "
            f"one; move {logs} to where that database is now, or {advice}."
        )


def _manifest_of(file: Path) -> Path:
    return file.with_name(f"{file.name}.manifest.json")


def _read_manifest(source: Path) -> dict[str, object] | None:
    """Give what was written beside a backup; None where nothing was."""
    file = _manifest_of(source)
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
        return {"counts": dict(found["counts"]), "sha256": str(found["sha256"])}
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise UsageError(
            f"{file} cannot be read ({type(error).__name__}); move it away to restore without it."
        ) from error


def _compare(
    source: Path, wanted: dict[str, object] | None, digest: str, found: dict[str, object]
) -> None:
    if wanted is None:
        return
    what = ""
    if wanted["counts"] != found["counts"]:
        what = "it holds other counts"
    elif wanted["sha256"] != digest:
        what = "its sha256 differs"
    if what:
        raise DatabaseError(
            f"{source} is not what its manifest says ({what}): it was changed or damaged after "
            f"the backup. Nothing was restored; take another backup, or, to use this one as it "
            f"is now, move {_manifest_of(source)} away."
        )


def _copy(source: Path, part: Path) -> str:
    """Copy a database with what is in its log; gives the sha256 of what was copied."""
    if any(file.stat().st_size for file in siblings(source) if not file.name.endswith("-shm")):
        return _copy_with_log(source, part)
    digest = sha256()
    with source.open("rb") as old, part.open("wb") as new:
        while chunk := old.read(1 << 20):
            digest.update(chunk)
            new.write(chunk)
    return digest.hexdigest()


def _copy_with_log(source: Path, part: Path) -> str:
    """Let SQLite read the file and its log as one, also while somebody writes to it."""
    try:
        with closing(sqlite3.connect(file_uri(source, "mode=ro"), uri=True)) as plain:
            plain.execute("PRAGMA busy_timeout = 30000")
            plain.execute("VACUUM INTO ?", (file_uri(part),))
    except sqlite3.Error as error:
        logs = " and ".join(str(one) for one in siblings(source))
        raise DatabaseError(
            f"{source} has a log beside it that cannot be read ({error}): copy {source} and "
            f"{logs} into a folder of yours, and restore from there."
        ) from error
    _keep_wal_mode(part)
    return _digest(part)


def _keep_wal_mode(file: Path) -> None:
    """Put the copy into the mode it is used in: opening it later then does not change its bytes."""
    with closing(sqlite3.connect(file_uri(file, "mode=rw"), uri=True)) as plain:
        plain.execute("PRAGMA synchronous = FULL")
        plain.execute("PRAGMA journal_mode = WAL")


def _look_at(target: Path, expected: dict[str, object]) -> list[str]:
    """Open what was restored as every command does; gives where it contradicts itself.

    Raises DatabaseError where it is not what was checked before it got its name.
    """
    with closing(connect(f"sqlite:///{target}")) as database, database.snapshot():
        wrong = damage(database)
        if not wrong and counts(database) != expected["counts"]:
            wrong = ["it does not hold what was copied"]
        if wrong:
            raise DatabaseError(f"{target} is not whole after all ({wrong[0]}); it was removed.")
        return contradictions(database) if expected["schema"] == schema.HEAD else []


@contextmanager
def _saying(target: Path) -> Iterator[None]:
    """Turn what the file system refuses into a sentence."""
    try:
        yield
    except FileExistsError as error:
        raise UsageError(f"{target} is there already; name a new file.") from error
    except OSError as error:
        raise UsageError(f"{target} cannot be written: {error.strerror}.") from error


def _digest(file: Path) -> str:
    total = sha256()
    with file.open("rb") as stream:
        while chunk := stream.read(1 << 20):
            total.update(chunk)
    return total.hexdigest()
