"""PostgreSQL through psycopg 3: a team's shared desk."""

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from select import POLLIN, poll
from threading import Lock, Thread
from time import monotonic
from typing import TYPE_CHECKING, Any

from deskterm.domain import stopping
from deskterm.domain.errors import BusyError, DatabaseError, HeldError
from deskterm.domain.patterns import pattern
from deskterm.storage import deadline
from deskterm.storage.driver import (
    Database,
    Question,
    Row,
    insert_text,
    is_sequence,
    psycopg_text,
    secret_of,
    shown_url,
)
from deskterm.storage.libpq import Link, by_psycopg, connected, errors, pq
from deskterm.storage.trips import MOST, Answer, Numbers, Trips

if TYPE_CHECKING:
    from psycopg import Connection

_LINK: Mapping[str, object] = {
    "connect_timeout": 5,
    "tcp_user_timeout": 3000,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 2,
    "application_name": "deskterm",
}


_SEVERAL = pattern(r"//(?:[^/?]*@)?[^/?@]*,[^/?@]*(?:[/?]|\Z)|[?&]host(?:addr)?=[^&]*(?:,|%2[cC])")
"""A URL that names several servers, of which one is written to."""
_ASKED_FOR = {"PGDATESTYLE": "ISO", "PGTZ": "UTC"}
"""What the server is asked for at connecting, whatever it is set to: so the driver reads times.

libpq takes these from the environment and sends them while connecting; a pool that hands each
transaction to another server connection knows both and keeps to them. A `SET` it would forget.
"""
_environment = Lock()
ENCODING = "UTF8"
_BEGIN = b"BEGIN ISOLATION LEVEL READ COMMITTED"
_BEGIN_READING = b"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
"""Said aloud: a server may be set to another level."""
_LIMITED = deadline.limits(deadline.IDLE_SECONDS, deadline.LOCK_SECONDS)
"""For this transaction only, so that it holds behind a pool as well."""
_LONG = deadline.limits(deadline.LONG_SECONDS)
"""The same where it takes long by nature: an import works things out between two statements."""
_BUSY = (errors.DeadlockDetected, errors.SerializationFailure)
_GONE = (
    errors.OperationalError,
    errors.InterfaceError,
    errors.IdleInTransactionSessionTimeout,
)


class PostgresDatabase(Database):
    """A connection to a PostgreSQL server; autocommit, our own BEGIN."""

    dialect = "postgresql"
    _connection: Link
    no_table = errors.UndefinedTable

    def __init__(self, url: str, longest: float | None = None) -> None:
        """Connect; with `longest` neither that nor any statement takes more than so many seconds.

        (Two for connecting at least: libpq knows no less.)
        """
        super().__init__(url)
        self._longest = longest
        self._waited = 0.0
        """Seconds that this transaction has waited by now."""
        try:
            self._connection = _connected(url, longest)
            _check_settings(self._connection, url)
        except errors.ProgrammingError as error:
            wrong = re.sub(r'"[^"]{0,500}"', "…", _first_line(error, url))
            raise DatabaseError(
                f"{shown_url(url)} is no PostgreSQL URL ({wrong}): write it like "
                "postgresql://USER@HOST/NAME; % and @ in a password are %25 and %40."
            ) from None
        except errors.Error as error:
            hint = password_hint(url) or _hint(error)
            raise DatabaseError(
                f"the database {shown_url(url)} cannot be reached: "
                f"{_first_line(error, url)}. {hint}"
            ) from None

        self._trips = Trips(self._connection)
        self._numbers = Numbers()

    @property
    def connection(self) -> "Connection[object]":
        """The driver's own connection; nothing waits to be sent."""
        if not self._trips.idle:
            with self.translating_errors():
                self._send()
        return self._connection.whole

    @property
    def read_only(self) -> bool:
        """True on a replica, and where the server or the role may only read."""
        row = self.one("SELECT current_setting('transaction_read_only') AS value")
        return row is not None and row["value"] == "on"

    @property
    def outdated(self) -> bool:
        """True where the server has ended the connection, or said something, while it was idle."""
        if self._connection.closed:
            return True
        waiting = poll()
        waiting.register(self._connection.fileno(), POLLIN)
        return bool(waiting.poll(0))

    def interrupt(self) -> None:
        """Ask the server to break off what another thread runs; nobody waits for its answer."""
        Thread(target=self._connection.cancel, name="interrupt", daemon=True).start()

    def begin(self, write: bool = True) -> None:
        """Begin: a read sees one state for all its statements."""
        self._numbers.forget()
        self._waited = 0.0
        self._trips.begin(_BEGIN if write else _BEGIN_READING)
        if write:
            self._trips.wait(_LONG if self.patient else _LIMITED, {})

    def rollback(self) -> None:
        """Roll back whatever is open; what waits is not sent."""
        self._trips.forget()
        super().rollback()

    def later(self, sql: str, /, **params: object) -> None:
        """Let a statement travel with the next one; outside our own transaction it is run."""
        if self.shared or not self.in_transaction:
            self.run(sql, **params)
        elif self._trips.wait(psycopg_text(sql).encode(), self._bind(params)):
            with self.translating_errors():
                self._send()

    def add(self, table: str, /, **values: object) -> int:
        """Insert a row; a ledger entry later, under a number that is taken ahead.

        Of two entries about a ticket the later has the higher number: those that were taken before
        the ticket was locked are not used.
        """
        if table != "ledger" or not self.in_transaction:
            return super().add(table, **values)
        number = self._numbers.take()
        while number is None:
            (rows,) = self.together(self._numbers.wanted())
            self._numbers.keep(row["id"] for row in rows)
            number = self._numbers.take()
        self.later(insert_text(table, ("id", *values)), id=number, **values)
        return number

    def locked(self, sql: str, ids: Sequence[int]) -> Sequence[Row]:
        """Lock the rows of `:ids`, and take the numbers of what will follow behind the lock."""
        self._numbers.forget()
        rows, numbers = self.together((sql, {"ids": ids}), self._numbers.wanted(max(2, len(ids))))
        self._numbers.keep(row["id"] for row in numbers)
        return rows

    def together(self, *questions: Question) -> list[Sequence[Row]]:
        """Give the rows of several statements, asked in one trip."""
        self._guard()
        with self.translating_errors():
            answers = self._send(*((sql, self._bind(params)) for sql, params in questions))
            return [one.fetchall() for one in answers]

    @contextmanager
    def part(self, *, prompt: bool = True) -> Iterator[None]:
        """Where the block raises, what it wrote is taken back; what waits of it is not sent."""
        with super().part(prompt=prompt):
            before = self._trips.place
            try:
                yield
            except BaseException:
                self._trips.forget(before)
                raise

    @contextmanager
    def promptly(self) -> Iterator[None]:
        """Raise DatabaseError where an answer takes longer than PING_SECONDS."""
        before, self._longest = self._longest, deadline.PING_SECONDS
        try:
            yield
        finally:
            self._longest = before

    @property
    def in_transaction(self) -> bool:
        """True while a healthy transaction is open, or begins with the next statement."""
        return self._trips.begun or self._trips.status == pq.TransactionStatus.INTRANS

    @property
    def broken(self) -> bool:
        """True after an error inside the transaction."""
        return self._trips.status == pq.TransactionStatus.INERROR

    def _bind(self, params: Mapping[str, Any]) -> Mapping[str, Any]:
        for name, value in params.items():
            if getattr(value, "tzinfo", True) is None:
                raise ValueError(f"a time without a zone cannot be stored: {name}={value!r}")
        if any(is_sequence(value) for value in params.values()):
            return {n: list(one) if is_sequence(one) else one for n, one in params.items()}
        return params

    def _execute(self, sql: str, params: Mapping[str, Any]) -> Any:
        return self._send((sql, params))[0]

    def _send(self, *asked: Question) -> list[Answer]:
        texts = [(psycopg_text(sql).encode(), params) for sql, params in asked]
        began = monotonic()
        if not self.in_transaction:
            self._waited = 0.0
        with _answered(self):
            answers = self._trips.send(texts)
        self._waited += max(0.0, monotonic() - began - deadline.SOON)
        return answers

    def _execute_many(self, sql: str, rows: Sequence[Mapping[str, object]]) -> None:
        text = psycopg_text(sql).encode()
        if self._connection.plain and 0 < len(rows) <= MOST:
            with _answered(self):
                self._trips.send([(text, row) for row in rows])
            return
        with self.connection.cursor() as cursor, _answered(self):
            cursor.executemany(text, rows)

    @contextmanager
    def translating_errors(self) -> Iterator[None]:
        """Turn connection trouble into one sentence that says what to do."""
        try:
            yield
        except errors.LockNotAvailable as error:
            raise HeldError(
                "somebody else has had in hand for some seconds what is needed "
                f"({_first_line(error, self.url)}). Nothing half-done was kept; try again."
            ) from error
        except _BUSY as error:
            raise BusyError(
                f"somebody else has in hand what is needed ({_first_line(error, self.url)}). "
                "Nothing half-done was kept; try again."
            ) from error
        except errors.ReadOnlySqlTransaction as error:
            raise DatabaseError(
                f"{shown_url(self.url)} is read-only now: it is a standby, or was set so. Nothing "
                "was changed; name the server that is written to, or several: see `docs/team.md`."
            ) from error
        except errors.InsufficientPrivilege as error:
            from deskterm.storage.rights.refusing import refused, set_wrongly

            if wrong := set_wrongly(str(error)):
                raise DatabaseError(f"{_first_line(error, self.url)}. {wrong}") from error
            login = self._connection.pgconn.user.decode()
            raise refused(_first_line(error, self.url), login) from error
        except TimeoutError as error:
            raise DatabaseError(
                f"{shown_url(self.url)} has not answered for {error}: it hangs, or has too much "
                "to do. Nothing half-done was kept; try again."
            ) from error
        except _GONE as error:
            stopping.check()
            from deskterm.storage.rights.refusing import set_wrongly

            what = set_wrongly(str(error)) or "Nothing half-done was kept; try again."
            raise DatabaseError(
                f"the connection to {shown_url(self.url)} failed: {_first_line(error, self.url)}. "
                f"{what}"
            ) from error


def _answered(database: PostgresDatabase) -> AbstractContextManager[None]:
    """Limit what a statement waits; what its transaction has waited by now counts as well."""
    longest = database._longest or deadline.SECONDS
    if database.patient:
        longest = deadline.LONG_SECONDS
    elif database._waited:
        longest = max(longest - database._waited, deadline.SOON)
    return deadline.answered_within(longest, database._connection.fileno)


_HINTS = (
    (
        "session is read-only",
        "None of the servers is written to: it goes on once a standby has been promoted.",
    ),
    (
        "password authentication failed",
        "The password is wrong or has expired, or the login is gone or shut: whoever owns the "
        "desk's server gives a new one (ALTER ROLE … PASSWORD … VALID UNTIL …).",
    ),
    (
        "permission denied for database",
        "This login has no role at the desk: whoever owns it gives one (deskterm team add LOGIN "
        "--role …).",
    ),
    ("no password supplied", "Put it into ~/.pgpass (mode 0600), or into PGPASSWORD."),
    ("too many connections", "The server is full: close a board, or ask for more connections."),
    ("too many clients", "The server is full: close a board, or ask for more connections."),
    *(
        (
            word,
            "The login was dropped, renamed or shut, or the server came back without its logins: "
            "whoever owns the desk says who belongs to it (deskterm team list).",
        )
        for word in ("is not permitted to log in", 'role "')
    ),
)
"""What a server says at the door → what to do about it; it never says why a password fails."""


def _hint(error: errors.Error) -> str:
    """Say what to do about a server that cannot be reached."""
    said = str(error)
    for word, advice in _HINTS:
        if word in said:
            return advice
    return "Check the URL and the server, then try again."


def _check_settings(link: Link, url: str) -> None:
    """Refuse a database of other text than UTF-8, or with other backslashes in texts."""
    name, wrong = link.pgconn.db.decode(), ""
    found = link.setting("server_encoding") or ENCODING
    if found != ENCODING:
        wrong = (
            f"has the encoding {found}, and deskterm needs UTF8 (UTF-8): make another, e.g. CREATE "
            f"DATABASE \"{name}-utf8\" ENCODING 'UTF8' TEMPLATE template0, and name that one"
        )
    elif link.setting("standard_conforming_strings") == "off":
        on = "SET standard_conforming_strings = on"
        wrong = f'needs ALTER DATABASE "{name}" {on} (ALTER ROLE where a role has it off)'
    if wrong:
        link.close()
        raise DatabaseError(f"the database {shown_url(url)} {wrong}.")


def _connected(url: str, longest: float | None) -> Link:
    """Connect; nothing is prepared by name, for in a pool another connection may come next.

    A search for a rare and for a common word need different plans, too: one for all values made a
    search take 500 ms instead of 11.
    """
    asked, link = dict(_ASKED_FOR), dict(_LINK)
    if longest is not None:
        link["connect_timeout"] = max(2, int(longest))
    if _SEVERAL.search(url):
        asked["PGTARGETSESSIONATTRS"] = os.environ.get("PGTARGETSESSIONATTRS", "read-write")
        link["connect_timeout"] = 2  # seconds for each of them
    with _environment:
        before = {name: os.environ.get(name) for name in asked}
        os.environ.update(asked)
        try:
            link["client_encoding"] = "utf8"
            return connected(url, link) or by_psycopg(url, link)
        finally:
            for name, value in before.items():
                if value is None:
                    del os.environ[name]
                else:
                    os.environ[name] = value


def _first_line(error: errors.Error, url: str) -> str:
    """Give what the driver says in one line, without anything of the password."""
    text = str(error).strip()
    line = text.splitlines()[0].rstrip(".") if text else "no answer"
    return without_secrets(line, url)


def password_hint(url: str) -> str:
    """Give how a password is written, where the URL's may be written wrongly; else nothing."""
    _, secret, _ = secret_of(url)
    if not set("@/") & set(secret):
        return ""
    return "In a password @ is written %40 and / is written %2F."


def without_secrets(text: str, url: str) -> str:
    """Give a driver's words without any piece of the URL's password."""
    _, secret, tail = secret_of(url)
    query = re.search(r"[?&]password=([^&\s]*)", tail or url)
    for piece in (*re.split("[@:/?]", secret), secret, query.group(1) if query else ""):
        if len(piece) > 2:
            text = text.replace(piece, "***")
    return text
