"""SQLite: one file, WAL, our own BEGIN, every commit durable; whoever holds the lock is named."""

import os
import sqlite3
import stat
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from time import monotonic, sleep
from types import NoneType
from typing import Any

from deskterm import disk
from deskterm.domain import stopping
from deskterm.domain.clock import to_text
from deskterm.domain.errors import DatabaseError
from deskterm.domain.patterns import pattern
from deskterm.storage.driver import Database, is_sequence, json_text, path_of, sqlite_text

_SOON, _LATEST = 5_000, 30_000
"""Milliseconds until somebody is told that a lock is waited for, and until it is given up."""
_LOOK, _LOOK_LEAST, _HALVED = 0.01, 0.001, 0.1
"""Seconds between two looks at a lock: at first, at least, and after how long half as many."""
_PRAGMAS: tuple[str, ...] = (
    f"PRAGMA busy_timeout = {_LATEST}",
    "PRAGMA foreign_keys = ON",
    "PRAGMA recursive_triggers = ON",
    "PRAGMA synchronous = FULL",
    "PRAGMA temp_store = MEMORY",
)
_NETWORK = {"nfs", "nfs4", "cifs", "smb", "smb2", "smbfs", "9p", "sshfs", "fuse.sshfs", "afs"}
_ESCAPED = pattern(r"\\([0-7]{3})")
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
_DOUBTFUL = ("disk I/O", "not a database", "malformed")
"""What the driver says of damage, and of a read error that passes."""
_MISSING = {
    True: "there is no database {path}. Make a new desk there with "
    "`deskterm --db sqlite:///{path} db init`, or name the file where yours is with --db.",
    False: "the database {path} was moved or deleted while it was open. Put it back, with its "
    "-wal file; nothing was made in its place.",
}
Stamp = tuple[int, int, bool]
Place = tuple[int, int]
"""Device and inode: which file it is, whatever its name."""


class SqliteDatabase(Database):
    """A connection to an SQLite file."""

    dialect = "sqlite"
    _connection: sqlite3.Connection
    no_table = sqlite3.OperationalError

    def __init__(self, url: str, *, new: bool = False, place: Place | None = None) -> None:
        """Open the file, which is made only where `new` says so.

        `place` is the file it has to be. Raises DatabaseError.
        """
        super().__init__(url)
        self.path = path_of(url)
        refuse_network_share(self.path)
        if new:
            _create_private(self.path)
        self.place = _place_of(self.path, place)
        self._still: Stamp | None = None
        """Size and time of change of a file that is read as one that stands still."""
        with self.translating_errors():
            self._connection = self._opened()
            self._use_wal(new)

    def _opened(self) -> sqlite3.Connection:
        """Open the file as it may be opened here: on a read-only place as one that stands still."""
        try:
            return _connected(self.path, "mode=rw")
        except sqlite3.OperationalError:
            if os.access(self.path.parent, os.W_OK):
                raise
        _refuse_unread_log(self.path)
        self._still = _stamp(self.path)
        return _connected(self.path, "mode=ro&immutable=1")

    @property
    def read_only(self) -> bool:
        """True on a read-only place, and for a file that may not be written."""
        return self._still is not None or not os.access(self.path, os.W_OK)

    @property
    def outdated(self) -> bool:
        """True where a file that was taken to stand still has changed since."""
        return self._still is not None and self._still != _stamp(self.path)

    def require_place(self) -> None:
        """Raise DatabaseError where the file was moved, deleted or replaced since it was opened."""
        _place_of(self.path, self.place)

    def _use_wal(self, new: bool) -> None:
        """Switch a new desk to WAL; another program's file is left as it is."""
        (mode,) = self._connection.execute("PRAGMA journal_mode").fetchone()
        if mode == "wal" or not os.access(self.path, os.W_OK):
            return
        tables = self._connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        names = {name for (name,) in tables}
        if "alembic_version" in names or (new and not names):
            self._connection.execute("PRAGMA journal_mode = WAL")

    @property
    def connection(self) -> sqlite3.Connection:
        """The driver's own connection."""
        return self._connection

    def begin(self, write: bool = True) -> None:
        """Begin: a write takes the lock at once, a read sees one state."""
        self.require_place()
        with self.translating_errors():
            if write:
                self._begin_writing()
            else:
                self._connection.execute("BEGIN DEFERRED")

    def _begin_writing(self) -> None:
        """Take the lock in turn; whoever asked is told soon that another program holds it.

        SQLite's own waiting sleeps the longer the longer it waits, so that whoever has just written
        writes again before it: eight writers kept one of them waiting for four seconds.
        """
        self._connection.execute("PRAGMA busy_timeout = 0")
        began, tell = monotonic(), self.told_waiting
        try:
            while not self._locked(last=(waited := monotonic() - began) > _LATEST / 1000):
                if tell is not None and waited * 1000 > _SOON:
                    tell(holder(self.path))
                    tell = None
                sleep(pause(waited))
        finally:
            self._connection.execute(f"PRAGMA busy_timeout = {_LATEST}")

    def _locked(self, last: bool) -> bool:
        """Begin a write where nobody else writes; the last time that is an error."""
        try:
            self._connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if last or error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                raise
            return False
        return True

    @property
    def in_transaction(self) -> bool:
        """True while a transaction is open."""
        return self._connection.in_transaction

    def interrupt(self) -> None:
        """Break off the statement that another thread runs; it raises StoppedError."""
        self._connection.interrupt()

    def _bind(self, params: Mapping[str, object]) -> Mapping[str, object]:
        for value in params.values():
            if type(value) not in _AS_IT_IS:
                return {
                    name: one if type(one) in _AS_IT_IS else _bound(one)
                    for name, one in params.items()
                }
        return params

    def _execute(self, sql: str, params: Mapping[str, object]) -> sqlite3.Cursor:
        return self._cursor().execute(sqlite_text(sql), params)

    def _cursor(self) -> sqlite3.Cursor:
        """Give a cursor with named rows; SQLAlchemy needs plain tuples on the same connection."""
        cursor = self._connection.cursor()
        cursor.row_factory = sqlite3.Row
        return cursor

    def _execute_many(self, sql: str, rows: Sequence[Mapping[str, object]]) -> None:
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
            raise DatabaseError(self._looked_at_again("malformed")) from error
        except sqlite3.DatabaseError as error:
            stopping.check()
            text = str(error)
            if any(sign in text for sign in _DOUBTFUL):
                raise DatabaseError(self._looked_at_again(text)) from error
            if "no such" in text and "VFS" not in text:
                raise
            raise DatabaseError(f"the database {self.path} {_advice(text)}") from error

    def _looked_at_again(self, text: str) -> str:
        """Say what a second look finds, through a connection of its own.

        A passing read error looks like damage, and the advice that damage needs would do harm.
        """
        found = _second_look(self.path)
        if found is not None:
            return f"the database {self.path} {_advice(found if _is_advised(found) else text)}"
        return (
            f"the database {self.path} could not be read just now ({text}), but a second look "
            "found it whole. Try again; if it comes back, run `deskterm db check` and see to the "
            "disk."
        )


def pause(waited: float) -> float:
    """Give how long to look away from a lock: the longer one has waited, the shorter."""
    from random import uniform  # 1 ms, and few commands wait

    seconds: float = _LOOK * 0.5 ** (waited / _HALVED)
    return uniform(0.5, 1.5) * max(_LOOK_LEAST, seconds)


_AS_IT_IS = frozenset((str, int, float, bool, bytes, NoneType))
"""Types that the driver takes as they are."""


def _bound(value: Any) -> Any:
    if isinstance(value, datetime):
        return to_text(value)
    return json_text(list(value)) if is_sequence(value) else value


def _advice(text: str) -> str:
    return next((say for sign, say in _ADVICE if sign in text), f"failed: {text}.")


def _is_advised(text: str) -> bool:
    return any(sign in text for sign, _ in _ADVICE)


def file_uri(path: Path, options: str = "mode=rw") -> str:
    """Give the SQLite URI of a file; whatever stands in its path stands for itself."""
    return f"{path.absolute().as_uri()}?{options}"


def siblings(path: Path) -> list[Path]:
    """Give the files that make up a database with this one and are there."""
    named = (path.with_name(path.name + end) for end in ("-wal", "-shm", "-journal"))
    return [file for file in named if os.path.lexists(file)]


def _connected(path: Path, options: str) -> sqlite3.Connection:
    """Connect and read once: SQLite opens a file only when it has to."""
    connection = sqlite3.connect(
        file_uri(path, options), uri=True, isolation_level=None, check_same_thread=False
    )
    try:
        for pragma in (*_PRAGMAS, "PRAGMA schema_version"):
            connection.execute(pragma)
    except BaseException:
        connection.close()
        raise
    return connection


def _second_look(path: Path) -> str | None:
    """Give what is wrong with a file that gave an error; None where it is whole."""
    writable = os.access(path.parent, os.W_OK)
    try:
        with closing(_connected(path, "mode=ro" if writable else "mode=ro&immutable=1")) as again:
            found = str(again.execute("PRAGMA quick_check(1)").fetchone()[0])
    except UnicodeDecodeError:
        return "malformed"
    except sqlite3.Error as error:
        return str(error)
    return None if found == "ok" else found


def _stamp(path: Path) -> Stamp:
    try:
        found = path.stat()
    except OSError:
        return (0, 0, False)
    return (found.st_size, found.st_mtime_ns, path.with_name(f"{path.name}-wal").exists())


def _refuse_unread_log(path: Path) -> None:
    log = path.with_name(f"{path.name}-wal")
    if log.exists() and log.stat().st_size:
        raise DatabaseError(
            f"the database {path} is in a folder where nothing can be written, and its last "
            f"changes are still in {log.name}: copy both into a folder of yours, and name the "
            "copy with --db."
        )


def _place_of(path: Path, expected: Place | None = None) -> Place:
    """Give which file it is; raises DatabaseError where there is none, or not the expected one."""
    try:
        found = path.stat()
    except FileNotFoundError:
        raise DatabaseError(_MISSING[expected is None].format(path=path)) from None
    except OSError as error:
        raise DatabaseError(
            f"the database {path} cannot be opened: {error.strerror}. "
            "Choose another place with --db sqlite:///PATH."
        ) from error
    if not stat.S_ISREG(found.st_mode):
        raise DatabaseError(f"the database {path} is no file: name one with --db sqlite:///PATH.")
    place = (found.st_dev, found.st_ino)
    if expected not in (None, place):
        raise DatabaseError(
            f"the database {path} was replaced by another file while it was open; nothing was "
            "written to that one. Put the old one back, or leave and start again to use the new."
        )
    return place


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
        disk.create(path)
    except FileExistsError:
        return
    except OSError as error:
        raise DatabaseError(
            f"the database {path} cannot be created: {error.strerror}. "
            "Choose another place with --db sqlite:///PATH."
        ) from error


_WRITE_LOCK = 120
"""The byte of the `-shm` file that whoever writes has locked (SQLite's WAL format, 2.3.1)."""


def holder(path: Path) -> str:
    """Give words for who is writing: `process 4711`, or `another program` where it is not known."""
    try:
        found = os.stat(f"{path}-shm")
        locks = Path("/proc/locks").read_text(encoding="ascii")
    except (OSError, UnicodeError):
        return "another program"
    file = f"{os.major(found.st_dev):02x}:{os.minor(found.st_dev):02x}:{found.st_ino}"
    for line in locks.splitlines():
        words = line.split()
        if len(words) >= 8 and words[3] == "WRITE" and words[5] == file:
            first, last = int(words[6]), words[7]
            if first <= _WRITE_LOCK and (last == "EOF" or int(last) >= _WRITE_LOCK):
                return f"process {words[4]}"
    return "another program"
