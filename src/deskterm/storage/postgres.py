"""PostgreSQL through psycopg 3: a team's shared desk."""

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from threading import Lock, Thread
from typing import Any

import psycopg
from psycopg import pq
from psycopg.rows import dict_row

from deskterm.domain import stopping
from deskterm.domain.errors import DatabaseError
from deskterm.storage import deadline
from deskterm.storage.driver import (
    Database,
    Row,
    is_sequence,
    password_hint,
    psycopg_text,
    shown_url,
    without_secrets,
)

_LINK = {
    "connect_timeout": 5,
    "tcp_user_timeout": 3000,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 2,
    "application_name": "deskterm",
}


_ASKED_FOR = {"PGDATESTYLE": "ISO", "PGTZ": "UTC"}
"""What the server is asked for at connecting, whatever it is set to: so the driver reads times.

libpq takes these from the environment and sends them while connecting; a pool that hands each
transaction to another server connection knows both and keeps to them. A `SET` it would forget.
"""
_environment = Lock()
ENCODING = "UTF8"
_BEGIN = "BEGIN ISOLATION LEVEL READ COMMITTED"
"""Said aloud: a server may be set to another level."""


_FEW = 500
"""Rows that are sent in the time of one statement."""


class PostgresDatabase(Database):
    """A connection to a PostgreSQL server; autocommit, our own BEGIN."""

    dialect = "postgresql"

    def __init__(self, url: str) -> None:
        super().__init__(url)
        try:
            self._connection = _connected(url)
            self._check_encoding()
        except psycopg.ProgrammingError as error:
            wrong = re.sub(r'"[^"]{0,500}"', "…", _first_line(error, url))
            raise DatabaseError(
                f"{shown_url(url)} is no PostgreSQL URL ({wrong}): write it like "
                "postgresql://USER@HOST/NAME; % and @ in a password are %25 and %40."
            ) from None
        except psycopg.Error as error:
            hint = password_hint(url) or "Check the URL and the server, then try again."
            raise DatabaseError(
                f"the database {shown_url(url)} cannot be reached: "
                f"{_first_line(error, url)}. {hint}"
            ) from None

    def _check_encoding(self) -> None:
        """Refuse a database whose text is not UTF-8, before anything is made in it."""
        found = self._connection.info.parameter_status("server_encoding") or ENCODING
        if found != ENCODING:
            name = self._connection.info.dbname
            self._connection.close()
            raise DatabaseError(
                f"the database {shown_url(self.url)} has the encoding {found}, and deskterm needs "
                f"UTF8 (UTF-8): make another, e.g. CREATE DATABASE \"{name}-utf8\" ENCODING 'UTF8' "
                "TEMPLATE template0, and name that one."
            )

    @property
    def connection(self) -> psycopg.Connection[object]:
        """The driver's own connection."""
        return self._connection

    @property
    def read_only(self) -> bool:
        """True on a replica, and where the server or the role may only read."""
        row = self.one("SELECT current_setting('transaction_read_only') AS value")
        return row is not None and row["value"] == "on"

    def begin(self, write: bool = True) -> None:
        """Begin: a read sees one state for all its statements."""
        mode = _BEGIN if write else "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
        with self.translating_errors(), self._answered():
            self._connection.execute(mode.encode())

    def _answered(self) -> AbstractContextManager[None]:
        longest = deadline.LONG_SECONDS if self.patient else deadline.SECONDS
        return deadline.answered_within(longest, self._connection.fileno)

    def alive(self) -> None:
        """Ask for a sign of life; raises DatabaseError where none comes within PING_SECONDS."""
        answered = deadline.answered_within(deadline.PING_SECONDS, self._connection.fileno)
        with self.translating_errors(), answered:
            self._connection.execute("SELECT 1")

    @property
    def in_transaction(self) -> bool:
        """True while a healthy transaction is open."""
        return self._status == pq.TransactionStatus.INTRANS

    @property
    def broken(self) -> bool:
        """True after an error inside the transaction."""
        return self._status == pq.TransactionStatus.INERROR

    @property
    def _status(self) -> pq.TransactionStatus:
        return self._connection.info.transaction_status

    def interrupt(self) -> None:
        """Ask the server to break off what another thread runs; nobody waits for its answer."""
        Thread(target=self._cancel, name="interrupt", daemon=True).start()

    def _cancel(self) -> None:
        with suppress(psycopg.Error):  # it may have been closed meanwhile
            self._connection.cancel()

    def _bind(self, params: Mapping[str, Any]) -> Mapping[str, Any]:
        for name, value in params.items():
            if getattr(value, "tzinfo", True) is None:
                raise ValueError(f"a time without a zone cannot be stored: {name}={value!r}")
        if any(is_sequence(value) for value in params.values()):
            return {n: list(one) if is_sequence(one) else one for n, one in params.items()}
        return params

    def _execute(self, sql: str, params: Mapping[str, Any]) -> Any:
        cursor = self._connection.cursor(row_factory=dict_row)
        with self._answered():
            return cursor.execute(psycopg_text(sql).encode(), params)

    def _fetch(self, sql: str, params: Mapping[str, object]) -> Sequence[Row]:
        rows: Sequence[Row] = self._execute(sql, params).fetchall()
        return rows

    def _execute_many(self, sql: str, rows: Sequence[Mapping[str, object]]) -> None:
        self.patient, before = self.patient or len(rows) > _FEW, self.patient
        try:
            self._send_many(sql, rows)
        finally:
            self.patient = before

    def _send_many(self, sql: str, rows: Sequence[Mapping[str, object]]) -> None:
        with self._connection.cursor() as cursor, self._answered():
            cursor.executemany(psycopg_text(sql).encode(), rows)

    @contextmanager
    def translating_errors(self) -> Iterator[None]:
        """Turn connection trouble into one sentence that says what to do."""
        try:
            yield
        except (psycopg.OperationalError, psycopg.InterfaceError) as error:
            stopping.check()
            raise DatabaseError(
                f"the connection to {shown_url(self.url)} failed: {_first_line(error, self.url)}. "
                "Nothing half-done was kept; try again."
            ) from error


def _connected(url: str) -> "psycopg.Connection[Any]":
    """Connect; nothing is prepared by name, for in a pool another connection may come next.

    A search for a rare and for a common word need different plans, too: one for all values made a
    search take 500 ms instead of 11.
    """
    with _environment:
        before = {name: os.environ.get(name) for name in _ASKED_FOR}
        os.environ.update(_ASKED_FOR)
        try:
            return psycopg.connect(
                url,
                autocommit=True,
                prepare_threshold=None,
                client_encoding="utf8",
                **_LINK,  # type: ignore[arg-type]
            )
        finally:
            for name, value in before.items():
                if value is None:
                    del os.environ[name]
                else:
                    os.environ[name] = value


def _first_line(error: psycopg.Error, url: str) -> str:
    """Give what the driver says in one line, without anything of the password."""
    text = str(error).strip()
    line = text.splitlines()[0].rstrip(".") if text else "no answer"
    return without_secrets(line, url)
