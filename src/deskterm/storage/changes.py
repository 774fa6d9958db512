"""A feed of changes by others: SQLite's data_version, PostgreSQL's LISTEN.

It says only *that* something changed; what changed is read anew (refresh by state, not by event).
"""

from collections.abc import Iterable
from threading import Event, Lock
from time import monotonic
from types import TracebackType

from deskterm.domain.errors import DatabaseError
from deskterm.storage import deadline, schema
from deskterm.storage.driver import Database, connect

_LAST = "SELECT max(id) FROM ledger"


class Changes:
    """One watcher over one database, with a connection of its own.

    One thread waits; any thread may close: a connection is never closed under a running statement.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._database: Database | None = None
        self._place: tuple[int, int] | None = None
        """The SQLite file that is watched: never another under its name."""
        self._version = -1
        self._last: int | None = None
        self._pinged = 0.0
        self._lock = Lock()
        self._closed = Event()

    def wait(self, seconds: float = 0.25) -> bool:
        """Wait up to `seconds` and tell whether something changed meanwhile.

        After a lost connection the first answer is True: a full refresh is due, because what was
        announced meanwhile is lost. Raises DatabaseError while the database cannot be reached.
        Once closed it says False at once.
        """
        if self._url.startswith("sqlite:"):
            self._closed.wait(seconds)
        with self._lock:
            return not self._closed.is_set() and self._look(seconds)

    def _look(self, seconds: float) -> bool:
        fresh = self._database is None
        if self._database is None:
            self._database = self._open()
        try:
            heard = self._heard(self._database, seconds)
        except Exception:
            self._drop()
            raise
        return heard or fresh

    def close(self) -> None:
        """Close the watcher for good; waits for a statement under way."""
        self._closed.set()
        with self._lock:
            self._drop()

    def _drop(self) -> None:
        database, self._database = self._database, None
        if database is not None:
            database.close()

    def __enter__(self) -> "Changes":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _open(self) -> Database:
        database = connect(self._url, place=self._place)
        try:
            self._place = database.place
            if database.dialect == "sqlite":
                self._version = _data_version(database)
            elif not database.read_only:  # a standby announces nothing: its ledger is looked at
                database.run("LISTEN deskterm")
            self._news(database)
        except BaseException:
            database.close()
            raise
        return database

    def _heard(self, database: Database, seconds: float) -> bool:
        if database.dialect == "postgresql":
            return self._notified(database, seconds)
        database.require_place()
        version = _data_version(database)
        if version == self._version:
            return False
        self._version = version
        return self._news(database)

    def _notified(self, database: Database, seconds: float) -> bool:
        """Tell whether somebody announced a change; a server that is silent is asked to answer.

        Behind a pool that hands each transaction to another server connection announcements may
        not come: what it answers is whether the ledger grew.
        """
        import psycopg

        try:
            heard = _any(database.connection.notifies(timeout=seconds, stop_after=1))
            until = monotonic() + seconds
            while heard and monotonic() < until:  # one look answers all that wait, were it a flood
                if not _any(database.connection.notifies(timeout=0)):
                    break
        except psycopg.Error as error:
            raise DatabaseError("the connection to the database is lost.") from error
        now = monotonic()
        if heard or now - self._pinged < deadline.PING_EVERY:
            return heard
        self._pinged = now
        with database.promptly():
            return self._news(database)

    def _news(self, database: Database) -> bool:
        """Tell whether the ledger grew: leases and drafts change the file too, and are no news.

        SQLite has one writer at a time, so that the highest entry is also the newest. Raises
        UpgradedError where another version has changed the schema.
        """
        row = database.returned(f"SELECT ({_LAST}) AS last, {schema.NOW} AS found")
        schema.require_same(row["found"])
        changed, self._last = row["last"] != self._last, row["last"]
        return bool(changed)


def _any(announced: Iterable[object]) -> bool:
    """Tell whether something was announced; all of it is taken."""
    return [*announced] != []


def _data_version(database: Database) -> int:
    row = database.one("PRAGMA data_version")
    return int(row["data_version"]) if row else -1
