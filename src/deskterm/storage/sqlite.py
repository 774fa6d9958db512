"""SQLite: one file, WAL, our own BEGIN, every commit durable."""

import os
import re
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from deskterm.domain.clock import to_text
from deskterm.domain.errors import DatabaseError
from deskterm.storage.driver import Database, Row, is_sequence, json_text, sqlite_text

_PRAGMAS = (
    "PRAGMA busy_timeout = 30000",
    "PRAGMA foreign_keys = ON",
    "PRAGMA recursive_triggers = ON",
    "PRAGMA synchronous = FULL",
    "PRAGMA temp_store = MEMORY",
)
_NETWORK = {"nfs", "nfs4", "cifs", "smb", "smb2", "smbfs", "9p", "sshfs", "fuse.sshfs", "afs"}
_ESCAPED = re.compile(r"\\([0-7]{3})")
_ADVICE = (
    ("unable to open", "cannot be opened; does the folder exist, and may you write there?"),
    (
        "readonly",
        "is read-only; check the permissions of the file, of its -wal and -shm, and of the folder.",
    ),
    ("disk is full", "cannot be written: the disk is full. Free some room and try again."),
    ("disk I/O", "cannot be read or written: the disk reports an error."),
    ("locked", "is busy: another program holds it. Try again in a moment."),
    ("not a database", "is no deskterm database, or it is damaged; restore a backup."),
    ("malformed", "is damaged; restore a backup (deskterm db restore FILE)."),
)


class SqliteDatabase(Database):
    """A connection to an SQLite file."""

    dialect = "sqlite"

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.path = _path(url)
        refuse_network_share(self.path)
        _create_private(self.path)
        with self.translating_errors():
            self._connection = sqlite3.connect(
                self.path, isolation_level=None, check_same_thread=False
            )
            for pragma in _PRAGMAS:
                self._connection.execute(pragma)
            self._use_wal()

    def _use_wal(self) -> None:
        """Switch a new desk to WAL; another program's file is left as it is."""
        (mode,) = self._connection.execute("PRAGMA journal_mode").fetchone()
        if mode == "wal" or not os.access(self.path, os.W_OK):
            return
        tables = self._connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        names = {name for (name,) in tables}
        if not names or "alembic_version" in names:
            self._connection.execute("PRAGMA journal_mode = WAL")

    @property
    def connection(self) -> sqlite3.Connection:
        """The driver's own connection."""
        return self._connection

    def begin(self, write: bool = True) -> None:
        """Begin: a write takes the lock at once, a read sees one state."""
        with self.translating_errors():
            self._connection.execute("BEGIN IMMEDIATE" if write else "BEGIN DEFERRED")

    @property
    def in_transaction(self) -> bool:
        """True while a transaction is open."""
        return self._connection.in_transaction

    def _bind(self, params: Mapping[str, Any]) -> Mapping[str, Any]:
        for value in params.values():
            if isinstance(value, datetime) or is_sequence(value):
                return {name: _bound(one) for name, one in params.items()}
        return params

    def _execute(self, sql: str, params: Mapping[str, Any]) -> sqlite3.Cursor:
        return self._cursor().execute(sqlite_text(sql), params)

    def _cursor(self) -> sqlite3.Cursor:
        """Give a cursor with named rows; SQLAlchemy needs plain tuples on the same connection."""
        cursor = self._connection.cursor()
        cursor.row_factory = sqlite3.Row
        return cursor

    def _fetch(self, sql: str, params: Mapping[str, Any]) -> Sequence[Row]:
        rows: Sequence[Row] = self._execute(sql, params).fetchall()
        return rows

    def _execute_many(self, sql: str, rows: Sequence[Mapping[str, Any]]) -> None:
        self._connection.executemany(sqlite_text(sql), rows)

    @contextmanager
    def translating_errors(self) -> Iterator[None]:
        """Turn sqlite3's errors into one sentence that says what to do."""
        try:
            yield
        except (sqlite3.IntegrityError, sqlite3.ProgrammingError):
            raise
        except UnicodeDecodeError as error:
            # A damaged schema can make the very message of the error unreadable.
            raise DatabaseError(
                f"the database {self.path} is damaged; restore a backup (deskterm db restore FILE)."
            ) from error
        except sqlite3.DatabaseError as error:
            text = str(error)
            advice = next((say for sign, say in _ADVICE if sign in text), None)
            if advice is None and "no such" in text:
                raise
            raise DatabaseError(
                f"the database {self.path} {advice or f'failed: {text}.'}"
            ) from error


def _bound(value: Any) -> Any:
    if isinstance(value, datetime):
        return to_text(value)
    return json_text(list(value)) if is_sequence(value) else value


def _path(url: str) -> Path:
    """Give the file's path; raises DatabaseError where the URL names none."""
    name = url.removeprefix("sqlite:///")
    if not name or "\x00" in name:
        raise DatabaseError(f"{url[:200]!r} names no file: write it like sqlite:///desk.sqlite.")
    return Path(name)


def refuse_network_share(path: Path, mounts: Path = Path("/proc/mounts")) -> None:
    """Raise DatabaseError on a network share: WAL needs shared memory, which it cannot give.

    `mounts` lists the mounted file systems; where there is no such file nothing is known.
    """
    if not mounts.exists():
        return
    try:
        folder = os.path.realpath(path.parent)
    except OSError as error:
        raise DatabaseError(
            f"the database {path} cannot be found: the present folder is gone. Name a full path."
        ) from error
    best, kind = "", ""
    for line in mounts.read_text(encoding="utf-8", errors="replace").splitlines():
        _, point, fstype, *_ = line.split(" ")
        point = _ESCAPED.sub(lambda octal: chr(int(octal.group(1), 8)), point)
        inside = folder == point or folder.startswith(point.rstrip("/") + "/")
        if inside and len(point) >= len(best):
            best, kind = point, fstype
    if kind in _NETWORK:
        raise DatabaseError(
            f"{path} is on a network share ({kind}), where SQLite loses data; "
            "use a local file, or PostgreSQL for a team (--db postgresql://…)."
        )


def _create_private(path: Path) -> None:
    """Create the file readable by its owner only, before SQLite would with the umask."""
    try:
        if path.exists():
            return
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise DatabaseError(
            f"the database {path} cannot be created: {error.strerror}. "
            "Choose another place with --db sqlite:///PATH."
        ) from error
