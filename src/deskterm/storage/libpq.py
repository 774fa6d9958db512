"""A connection through libpq alone: a command needs little of psycopg, and loading it costs most.

`psycopg.pq`, its documented wrapper of libpq, and its errors are half a millisecond of work and a
quarter of its modules. What a command asks is text and whole numbers, times, yes and no; these are
written and read here as psycopg does it, and whatever else comes up (a type, a server's settings,
several hosts, a cursor, an SQLAlchemy session) is psycopg's: it is loaded then, on the same
connection. A process that has loaded it already uses it from the beginning.
"""

import os
import re
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from importlib import import_module
from select import POLLIN, POLLOUT, poll
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING, Any, NamedTuple

from deskterm.domain.patterns import pattern
from deskterm.storage.libpq_values import READ, Reader, Statement, Written, written
from deskterm.storage.putting_off import PutOff, put_off

with put_off():
    try:
        import_module("psycopg.pq")  # before its errors, as in the package's own file
    except ImportError:  # it is laid out in another way: that file first
        _ = sys.modules["psycopg"].Connection
    from psycopg import errors, pq

if TYPE_CHECKING:
    from psycopg import Connection
    from psycopg.pq.abc import PGconn, PGresult

__all__ = ["Fields", "Link", "Statement", "by_psycopg", "connected", "driver", "errors", "pq"]

_loading = Lock()
_BAD = pq.ConnStatus.BAD
_ENOUGH = 50_000
"""Values from which psycopg reads faster, loading it included."""


def is_loaded() -> bool:
    """Tell whether psycopg is loaded as a whole."""
    return not isinstance(sys.modules["psycopg"], PutOff)


def driver() -> "type[Connection[object]]":
    """Load psycopg as a whole; gives what connects by it."""
    with _loading, put_off():
        import psycopg

        return psycopg.Connection


Fields = dict[str, Any]
"""A row by the names of its columns."""


class Answer(NamedTuple):
    """What a statement gave: its rows, or how many it touched."""

    rows: Sequence[Fields] | None
    rowcount: int

    def fetchall(self) -> Sequence[Fields]:
        """Give the rows; raises ProgrammingError where the statement gives none."""
        if self.rows is None:
            raise errors.ProgrammingError("the last operation didn't produce records")
        return self.rows


class Link:
    """One connection to a server: libpq's, and psycopg's around it from when it is asked for."""

    def __init__(self, pgconn: "PGconn", whole: "Connection[object] | None" = None) -> None:
        self.pgconn = pgconn
        self._whole = whole

    @property
    def whole(self) -> "Connection[object]":
        """psycopg's own connection."""
        if self._whole is None:
            self._whole = _around(self.pgconn)
        return self._whole

    @property
    def plain(self) -> bool:
        """True while psycopg is not loaded for it."""
        return self._whole is None and not is_loaded()

    @property
    def closed(self) -> bool:
        """True where the connection is known to have ended."""
        return self.pgconn.status == _BAD

    @property
    def status(self) -> pq.TransactionStatus:
        """How the transaction stands on the server."""
        return pq.TransactionStatus(self.pgconn.transaction_status)

    def fileno(self) -> int:
        """Give the descriptor of its socket; raises OperationalError where it is closed."""
        return self.pgconn.socket

    def setting(self, name: str) -> str:
        """Give what the server said of one of its settings at connecting."""
        return (self.pgconn.parameter_status(name.encode()) or b"").decode()

    def cancel(self) -> None:
        """Ask the server to break off what runs."""
        with suppress(errors.Error):  # it may have been closed meanwhile
            self.pgconn.get_cancel().cancel()

    def close(self) -> None:
        """Close the connection."""
        if self._whole is None:
            self.pgconn.finish()
        else:
            self._whole.close()

    def answers(
        self, silent: Sequence[Statement], asked: Sequence[Statement]
    ) -> list[Answer] | None:
        """Send statements in one trip and give the answers to those that are `asked`.

        None, with nothing sent, where psycopg has to.
        """
        try:
            texts = [written(one) for one in (*silent, *asked)] if self.plain else []
        except ValueError:
            return None
        if not texts:
            return None
        results = [_one(self.pgconn, *texts)] if len(texts) == 1 else _many(self.pgconn, texts)
        return [self._read(one) for one in results[len(silent) :]]

    def _read(self, result: "PGresult") -> Answer:
        if result.status != pq.ExecStatus.TUPLES_OK:
            touched = result.command_tuples
            return Answer(None, -1 if touched is None else touched)
        columns = range(result.nfields)
        names = [(result.fname(n) or b"").decode() for n in columns]
        kinds = [result.ftype(n) for n in columns]
        count = result.ntuples
        if count * len(kinds) >= _ENOUGH or not READ.keys() >= set(kinds):
            read = self._readers(kinds)
        else:
            read = [READ[kind] for kind in kinds]
        try:
            rows = _rows(result, count, names, read)
        except (ValueError, ArithmeticError):  # a time before Christ, "infinity": as psycopg says
            rows = _rows(result, count, names, self._readers(kinds))
        return Answer(rows, count)

    def _readers(self, kinds: Sequence[int]) -> list[Reader]:
        """Give psycopg's own reader of each type."""
        whole = self.whole
        from psycopg.adapt import Transformer

        reading = Transformer(whole)
        return [reading.get_loader(kind, pq.Format.TEXT).load for kind in kinds]


def _rows(result: "PGresult", count: int, names: list[str], read: Sequence[Reader]) -> list[Fields]:
    get, columns = result.get_value, list(enumerate(read))
    return [
        dict(
            zip(
                names,
                [
                    None if (value := get(row, n)) is None else reader(value)
                    for n, reader in columns
                ],
                strict=True,
            )
        )
        for row in range(count)
    ]


def _around(pgconn: "PGconn") -> "Connection[object]":
    """Give psycopg's connection around libpq's: in autocommit, nothing prepared by name.

    It may be within a transaction already, where `autocommit` cannot be set any more.
    """
    made: Connection[object] = driver()(pgconn)
    made._autocommit = True
    made.prepare_threshold = None
    return made


# Connecting.

_NUMBERED = pattern(rb"[0-9.]+\Z|[0-9a-fA-F:]+\Z|[/@]")
"""A host that is an address or a folder, not a name with perhaps several addresses."""
_FOR_A_NAME = 2.5
"""Seconds for a host that is a name; psycopg then gives each of its addresses their own time."""


def connected(url: str, settings: Mapping[str, object]) -> Link | None:
    """Connect to the one server that a URL names; None where psycopg has to.

    Raises OperationalError where it cannot be reached; ProgrammingError where it is no URL.
    """
    if is_loaded():
        return None
    try:
        options = {one.keyword: one.val for one in pq.Conninfo.parse(url.encode()) if one.val}
    except errors.OperationalError as error:
        raise errors.ProgrammingError(str(error)) from None
    options |= {name.encode(): str(value).encode() for name, value in settings.items()}
    host = _host(options)
    if host is None:
        return None
    seconds = float(options[b"connect_timeout"])
    a_name = host and not _NUMBERED.match(host)
    try:
        pgconn = _reached(options, min(seconds, _FOR_A_NAME) if a_name else seconds)
    except errors.ConnectionTimeout:
        if a_name:
            return None
        raise
    link = Link(pgconn)
    if link.setting("TimeZone") != "UTC" or not link.setting("DateStyle").startswith("ISO"):
        _ = link.whole  # reads times as this server writes them
    return link


def by_psycopg(url: str, settings: Mapping[str, object]) -> Link:
    """Connect as psycopg does."""
    whole = driver().connect(
        url,
        autocommit=True,
        prepare_threshold=None,
        **settings,  # type: ignore[arg-type]
    )
    return Link(whole.pgconn, whole)


def _host(options: Mapping[bytes, bytes]) -> bytes | None:
    """Give the one host that libpq finds by itself; None where it is not said so simply."""
    host = options.get(b"host") or os.environb.get(b"PGHOST", b"")
    address = options.get(b"hostaddr") or os.environb.get(b"PGHOSTADDR", b"")
    elsewhere = b"service" in options or b"PGSERVICE" in os.environb
    return None if b"," in host or address or elsewhere else host


def _reached(options: Mapping[bytes, bytes], seconds: float) -> "PGconn":
    escaped = {name: re.sub(rb"([\\'])", rb"\\\1", value) for name, value in options.items()}
    text = b" ".join(b"%s='%s'" % one for one in escaped.items())
    pgconn = pq.PGconn.connect_start(text)
    until = monotonic() + seconds
    status = pq.PollingStatus.WRITING
    while status != pq.PollingStatus.OK:
        if pgconn.status == _BAD or status == pq.PollingStatus.FAILED:
            raise errors.OperationalError(
                f"connection failed: {pgconn.get_error_message()}",
                pgconn=errors.finish_pgconn(pgconn),
            )
        wanted = POLLIN if status == pq.PollingStatus.READING else POLLOUT
        if not _ready(pgconn.socket, wanted, until - monotonic()):
            pgconn.finish()
            raise errors.ConnectionTimeout("connection timeout expired")
        status = pq.PollingStatus(pgconn.connect_poll())
    pgconn.nonblocking = 1
    return pgconn


def _ready(socket: int, wanted: int, seconds: float | None = None) -> int:
    """Wait until a socket is ready; gives for what, 0 where the time is over."""
    waiting = poll()
    waiting.register(socket, wanted)
    found = waiting.poll(None if seconds is None else max(0, int(seconds * 1000)))
    return found[0][1] if found else 0


# Sending.


def _one(pgconn: "PGconn", asked: Written) -> "PGresult":
    """Run one statement by itself; without parameters it may be several, as psycopg has it."""
    if asked.values:
        pgconn.send_query_params(*asked)
    else:
        pgconn.send_query(asked.sql)
    found = []
    while (result := _results(pgconn)) is not None:
        found.append(result)
        if result.status not in _ENDS:
            break
    for result in found:
        _require(pgconn, result)
    return found[0]


def _many(pgconn: "PGconn", asked: Sequence[Written]) -> "list[PGresult]":
    """Run statements in one trip; nothing behind one that failed is done."""
    pgconn.enter_pipeline_mode()
    try:
        for one in asked:
            pgconn.send_query_params(*one)
        pgconn.pipeline_sync()
        found = []
        for _ in asked:
            result = _results(pgconn)
            assert result is not None
            found.append(result)
            _results(pgconn)  # nothing: the end of this statement
        _results(pgconn)  # the end of the trip
    finally:
        if pgconn.status != _BAD:
            pgconn.exit_pipeline_mode()
    for result in found:
        _require(pgconn, result)
    return found


def _results(pgconn: "PGconn") -> "PGresult | None":
    """Wait for the next result and give it; None at the end of a statement's."""
    try:
        while (unsent := pgconn.flush()) or pgconn.is_busy():
            wanted = POLLIN | POLLOUT if unsent else POLLIN
            if _ready(pgconn.socket, wanted) & ~POLLOUT:
                pgconn.consume_input()
    except KeyboardInterrupt:
        pgconn.get_cancel().cancel()
        pgconn.finish()
        raise
    return pgconn.get_result()


_DONE = (pq.ExecStatus.TUPLES_OK, pq.ExecStatus.COMMAND_OK, pq.ExecStatus.EMPTY_QUERY)
_ENDS = (*_DONE, pq.ExecStatus.FATAL_ERROR)


def _require(pgconn: "PGconn", result: "PGresult") -> None:
    """Raise what is wrong with a statement; that the connection is gone is an OperationalError."""
    if result.status in _DONE:
        return
    if result.status != pq.ExecStatus.FATAL_ERROR:
        raise errors.InternalError(f"unexpected result: {pq.ExecStatus(result.status).name}")
    error = errors.error_from_result(result)
    if error.sqlstate is None and pgconn.status == _BAD:
        raise errors.OperationalError(str(error)) from error
    raise error
