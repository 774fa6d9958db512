"""The driver itself: plain parametrised SQL over sqlite3 or psycopg, one text for both.

`:name` is a parameter; `IN :names` and `NOT IN :names` take a sequence (an empty one: no row, and
every row), one text however many there are.

Importing SQLAlchemy costs about 0.3 s; ticket commands therefore speak to the driver. psycopg is
imported only for a PostgreSQL URL.
"""

import json
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol, TypeVar

from deskterm.domain.clock import from_text, to_text
from deskterm.domain.errors import DatabaseError
from deskterm.domain.patterns import pattern
from deskterm.domain.stopping import while_reading


class Row(Protocol):
    """One row, read by column name."""

    def __getitem__(self, key: str, /) -> Any:
        """Give the column's value."""

    def keys(self) -> Iterable[str]:
        """Give the column names."""


def moment(value: Any) -> datetime:
    """Give a stored time as an aware UTC datetime."""
    return from_text(value) if isinstance(value, str) else from_text(value.isoformat())


def moment_or_none(value: object) -> datetime | None:
    """Give a stored time that may be missing."""
    return None if value is None else moment(value)


N = TypeVar("N")
_READ: Mapping[object, Callable[[Any], object]] = {
    datetime: moment,
    datetime | None: moment_or_none,
    bool: bool,
}
"""How a column is read whose field is of that type; of any other it is as it was stored."""


def as_row(kind: Callable[..., N], row: Row, **read: object) -> N:
    """Give a stored row as one of the program's: to each field the column of its name.

    Times, and yes and no, are read as the field's type says; `read` has the fields that are made
    of something else.
    """
    for name, type_ in kind.__annotations__.items():
        if name not in read:
            reader = _READ.get(type_)
            read[name] = reader(row[name]) if reader else row[name]
    return kind(**read)


_PARAMETER = pattern(r"'(?:[^']|'')*'|::|(?P<within>\b(?:NOT )?IN )?:(?P<name>[a-z_][a-z0-9_]*)|%")
_STATEMENTS = 1_000
"""So many statements are kept as they were translated; a desk's board and commands use fewer."""


def parameters(sql: str) -> set[str]:
    """Give the names of a statement's parameters."""
    return {match["name"] for match in _PARAMETER.finditer(sql) if match["name"]}


@lru_cache(_STATEMENTS)
def psycopg_text(sql: str) -> str:
    """Give the statement in psycopg's style: `:name` → `%(name)s`, `%` doubled, `::` left alone.

    `IN :names` takes a sequence.
    """
    return _PARAMETER.sub(_translate, sql)


def _translate(match: re.Match[str]) -> str:
    if not match["name"]:
        return match.group().replace("%", "%%")
    value = f"%({match['name']})s"
    if not match["within"]:
        return value
    return f"<> ALL({value})" if match["within"].startswith("NOT") else f"= ANY({value})"


@lru_cache(_STATEMENTS)
def sqlite_text(sql: str) -> str:
    """Give the statement as SQLite takes it: a sequence is bound as one JSON text."""
    return _PARAMETER.sub(_expand, sql)


def _expand(match: re.Match[str]) -> str:
    if not match["within"]:
        return match.group()
    values = f"json_each(:{match['name']})"
    return f"{match['within']}(SELECT value FROM {values})"  # noqa: S608 - a parameter's name


_AT_ONCE = 500
"""So many rows are written in the time of one statement."""
_PART = "part"
Question = tuple[str, Mapping[str, object]]
"""A statement that gives rows, and its parameters."""


@lru_cache(_STATEMENTS)
def insert_text(table: str, names: tuple[str, ...]) -> str:
    """Give the statement that inserts a row; table and columns are our own names."""
    values = ", ".join(f":{name}" for name in names)
    return f"INSERT INTO {table} ({', '.join(names)}) VALUES ({values})"  # noqa: S608 - our own names


def is_sequence(value: object) -> bool:
    """Tell whether a parameter stands for several values; a dict stands for its keys."""
    return isinstance(value, Collection) and not isinstance(value, str | bytes | memoryview)


class Database(ABC):
    """One connection to the desk's database. Not shared between threads at the same time."""

    dialect = ""
    no_table: type[Exception] = Exception
    """What the driver raises for a table that is not there."""
    place: tuple[int, int] | None = None
    """Device and inode of an SQLite file."""
    _connection: Any

    def __init__(self, url: str) -> None:
        self.url = url
        self.guarded = False
        """True inside a unit of work: a statement outside its transaction is refused."""
        self.patient = False
        """True where statements may take long by what they are asked for."""
        self.told_waiting: Callable[[str], None] | None = None
        """Called with who holds the lock that a write has waited for for some seconds."""
        self.written = 0
        """Rows that this transaction has written many at a time; a server looks at each again."""
        self.shared = False
        """True while somebody else runs statements on the same connection: none waits then."""

    @property
    def connection(self) -> Any:
        """The driver's own connection."""
        raise TypeError("Database is abstract: use connect(url)")

    def all(self, sql: str, /, **params: object) -> Sequence[Row]:
        """Give every row of a statement."""
        self._guard()
        with self.translating_errors():
            return self._fetch(sql, self._bind(params))

    def one(self, sql: str, /, **params: object) -> Row | None:
        """Give the first row of a statement, or None."""
        rows = self.all(sql, **params)
        return rows[0] if rows else None

    def returned(self, sql: str, /, **params: object) -> Row:
        """Give the row of a statement that always gives one: RETURNING, a count, a maximum."""
        return self.all(sql, **params)[0]

    def run(self, sql: str, /, **params: object) -> int:
        """Run a statement and give the number of rows it touched."""
        self._guard()
        with self.translating_errors():
            return int(self._execute(sql, self._bind(params)).rowcount)

    def many(self, sql: str, rows: Iterable[Mapping[str, object]]) -> None:
        """Run one statement for many rows."""
        self._guard()
        bound = [self._bind(row) for row in rows]
        self.written += len(bound)
        with self.translating_errors(), self._unhurried(len(bound)):
            self._execute_many(sql, bound)

    def later(self, sql: str, /, **params: object) -> None:
        """Run a statement of which nothing is wanted, before whatever is run next.

        On PostgreSQL it travels with that, inside a transaction: what is wrong with it is raised
        there.
        """
        self.run(sql, **params)

    def add(self, table: str, /, **values: object) -> int:
        """Insert a row into a table that numbers its rows; gives its number."""
        return int(
            self.returned(f"{insert_text(table, tuple(values))} RETURNING id", **values)["id"]
        )

    def locked(self, sql: str, ids: Sequence[int]) -> Sequence[Row]:
        """Give the rows of `:ids`, which nobody else changes until the transaction ends."""
        return self.all(sql, ids=ids)

    def together(self, *questions: Question) -> list[Sequence[Row]]:
        """Give the rows of several statements, asked in one trip to a server."""
        return [self.all(sql, **params) for sql, params in questions]

    @contextmanager
    def part(self, *, prompt: bool = True) -> Iterator[None]:
        """Where the block raises, what it wrote is taken back; the transaction goes on.

        Without `prompt` what is wrong with its last statements is raised by the next trip.
        """
        self.later(f"SAVEPOINT {_PART}")
        try:
            yield
            (self.run if prompt else self.later)(f"RELEASE SAVEPOINT {_PART}")
        except BaseException:
            if self.in_transaction or self.broken:
                self.run(f"ROLLBACK TO SAVEPOINT {_PART}")
            raise

    def require_place(self) -> None:  # noqa: B027 - only a file can be moved away
        """Raise DatabaseError where the database is not where it was opened."""

    @property
    @abstractmethod
    def read_only(self) -> bool:
        """True where nothing can be written: what only reads then leaves out what it would note."""

    @property
    def outdated(self) -> bool:
        """True where the connection no longer shows what is there."""
        return False

    @abstractmethod
    def begin(self, write: bool = True) -> None:
        """Begin a transaction; a write takes SQLite's write lock at once."""

    def commit(self) -> None:
        """Commit; raises DatabaseError where no transaction is open (nothing would be stored)."""
        self.require_transaction()
        rows, self.written = self.written, 0
        with self.translating_errors(), self._unhurried(rows):
            self._execute("COMMIT", {})

    def rollback(self) -> None:
        """Roll back whatever is open."""
        self.written = 0
        if self.in_transaction or self.broken:
            with self.translating_errors():
                self._execute("ROLLBACK", {})

    @contextmanager
    def patiently(self) -> Iterator[None]:
        """Let each statement of the block take long: a report, an export, a new index.

        Where nobody waits for it any more it is broken off (`stopping`).
        """
        if self.dialect == "postgresql" and not self.patient and self.in_transaction:
            from deskterm.storage.deadline import LONG_SECONDS, limits

            self.later(limits(LONG_SECONDS).decode())  # also what is worked out between two
        with self._unhurried(_AT_ONCE + 1), while_reading(self.interrupt):
            yield

    @contextmanager
    def _unhurried(self, rows: int) -> Iterator[None]:
        """Let what is done about so many rows take long, where they are many."""
        before, self.patient = self.patient, self.patient or rows > _AT_ONCE
        try:
            yield
        finally:
            self.patient = before

    @abstractmethod
    def interrupt(self) -> None:
        """Break off the statement that another thread runs on this connection."""

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Read several statements from one consistent state."""
        if self.in_transaction:
            yield
            return
        self.begin(write=False)
        try:
            yield
        finally:
            self.rollback()

    def _guard(self) -> None:
        if self.guarded:
            self.require_transaction()

    def require_transaction(self) -> None:
        """Refuse to go on where the transaction was lost (a swallowed error, a failed flush)."""
        if not self.in_transaction:
            raise DatabaseError("the transaction was lost before it could be stored; try again.")

    @property
    @abstractmethod
    def in_transaction(self) -> bool:
        """True while a healthy transaction is open."""

    @property
    def broken(self) -> bool:
        """True where the transaction failed and only a rollback is possible."""
        return False

    def promptly(self) -> AbstractContextManager[None]:
        """Let what the block asks be a sign of life: a server answers soon, or is given up."""
        return nullcontext()

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    @abstractmethod
    def _bind(self, params: Mapping[str, object]) -> Mapping[str, object]: ...

    @abstractmethod
    def _execute(self, sql: str, params: Mapping[str, Any]) -> Any: ...

    def _fetch(self, sql: str, params: Mapping[str, object]) -> Sequence[Row]:
        rows: Sequence[Row] = self._execute(sql, params).fetchall()
        return rows

    @abstractmethod
    def _execute_many(self, sql: str, rows: Sequence[Mapping[str, object]]) -> None: ...

    @contextmanager
    def translating_errors(self) -> Iterator[None]:
        """Turn the driver's errors into DatabaseError with a sentence that says what to do."""
        yield


def json_text(value: object, separators: tuple[str, str] = (", ", ": ")) -> str:
    """Give a value as stored JSON: sorted keys, exact."""
    return json.dumps(value, sort_keys=True, default=_json_default, separators=separators)


def _json_default(value: object) -> str:
    if isinstance(value, datetime):
        return to_text(value)
    raise TypeError(f"{type(value).__name__} cannot be kept in the ledger")


def connect(url: str, *, new: bool = False, place: tuple[int, int] | None = None) -> Database:
    """Open a connection by URL (`sqlite:///path`, `postgresql://…`); raises DatabaseError.

    An SQLite file is made only where `new` says so; `place` is the file it has to be.
    """
    if url.startswith("sqlite:///"):
        from deskterm.storage.sqlite import SqliteDatabase

        return SqliteDatabase(url, new=new, place=place)
    if url.startswith(("postgresql://", "postgres://")):
        from deskterm.storage.postgres import PostgresDatabase

        return PostgresDatabase(url)
    raise DatabaseError(
        f"{shown_url(url)!r} is no database URL: use sqlite:///PATH or postgresql://HOST/NAME."
    )


def path_of(url: str) -> Path:
    """Give the path of an SQLite file; raises DatabaseError where the URL names none."""
    name = url.removeprefix("sqlite:///")
    if not name or "\x00" in name:
        raise DatabaseError(f"{url[:200]!r} names no file: write it like sqlite:///desk.sqlite.")
    return Path(name)


_SHOWN = 500
"""Characters of a URL that are shown."""


def secret_of(url: str) -> tuple[str, str, str]:
    """Give what stands before the password of a URL, the password, what stands behind it.

    From `//` to the last `@` everything but the user's name is the password: whoever forgot that an
    `@` or a `/` in it is written otherwise shall not see half of it in a message.
    """
    scheme, slashes, rest = url.partition("//")
    query = rest.rfind("?")
    at = rest.rfind("@", 0, query if query > rest.find("@") else len(rest))
    if not slashes or at < 0:
        return url, "", ""
    name = re.split("[:@]", rest[:at], maxsplit=1)
    if len(name) == 1:
        return url, "", ""
    head = f"{scheme}//{name[0]}:"
    return head, rest[len(name[0]) + 1 : at], rest[at:]


def shown_url(url: str) -> str:
    """Give the URL without its password, for messages."""
    head, secret, tail = secret_of(url)
    shown = f"{head}***{tail}" if secret else re.sub(r":[^:@/]{1,200}(?=@)", ":***", url[:_SHOWN])
    return re.sub(r"(password\s*=\s*)(?:'[^']*'?|[^&\s]*)", r"\1***", shown[:_SHOWN])
