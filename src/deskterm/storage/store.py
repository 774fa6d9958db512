"""The desk's database as services see it: connections, units of work, the schema's version."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from deskterm.domain.errors import DatabaseError
from deskterm.domain.stopping import StoppedError
from deskterm.storage import schema
from deskterm.storage.driver import Database, connect, shown_url
from deskterm.storage.work import Work, unit_of_work


class Store:
    """A small pool of connections to one database; safe to use from several threads."""

    def __init__(self, url: str, *, new: bool = False) -> None:
        """Know the database; an SQLite file that is not there is made only where `new` says so."""
        self.url = url
        self._new = new
        self._place: tuple[int, int] | None = None
        """The SQLite file that was opened first: the store never goes over to another."""
        self._idle: list[Database] = []
        self._lock = threading.Lock()
        self._checked = False
        self._closed = False
        self.told_waiting: Callable[[str], None] | None = None
        """Called, in the thread that waits, with who holds the lock a write waits for."""

    @contextmanager
    def reading(self) -> Iterator[Database]:
        """Lend a connection for reads; each statement sees the newest state."""
        database = self._take()
        database.told_waiting = self.told_waiting
        try:
            yield database
        except (DatabaseError, StoppedError):
            database.close()
            raise
        except BaseException:
            self._give_back(database)
            raise
        else:
            self._give_back(database)

    @contextmanager
    def work(
        self, actor: str, op_id: str | None = None, *, models: bool = False, dry: bool = False
    ) -> Iterator[Work]:
        """Open a unit of work on a connection of its own."""
        with (
            self.reading() as database,
            unit_of_work(database, op_id, actor, models=models, dry=dry) as work,
        ):
            yield work

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return "sqlite" if self.url.startswith("sqlite:") else "postgresql"

    def close(self) -> None:
        """Close every idle connection; one that is lent is closed when it comes back."""
        with self._lock:
            idle, self._idle = self._idle, []
            self._closed = True
        for database in idle:
            database.close()

    def _take(self) -> Database:
        with self._lock:
            database = self._idle.pop() if self._idle else None
        if database is not None and _is_current(database):
            return database
        database = connect(self.url, new=self._new, place=self._place)
        if not self._checked:
            try:
                ensure(database, new=self._new)
            except BaseException:
                database.close()
                raise
            self._checked, self._new, self._place = True, False, database.place
        return database

    def _give_back(self, database: Database) -> None:
        if database.in_transaction or database.broken:
            database.rollback()
        with self._lock:
            if not self._closed:
                self._idle.append(database)
                return
        database.close()


def _is_current(database: Database) -> bool:
    """Tell whether a connection still shows the database; closed otherwise.

    Raises DatabaseError where the database was moved, deleted or replaced.
    """
    current = False
    try:
        database.require_place()
        current = not database.outdated
    finally:
        if not current:
            database.close()
    return current


def ensure(database: Database, *, new: bool = False) -> None:
    """Make sure the schema fits.

    An older SQLite file is upgraded by itself, after a copy; an empty one is filled only where
    `new` says so. An older shared PostgreSQL, an empty one, and a newer database of either kind
    are refused with what to do.
    """
    found = schema.revision(database)
    if found == schema.HEAD:
        return
    if found is not None and found not in schema.KNOWN:
        raise DatabaseError(
            f"the database {shown_url(database.url)} was made by a newer deskterm "
            f"(schema {found}, this program knows up to {schema.HEAD}): upgrade deskterm."
        )
    if database.dialect == "postgresql" or (found is None and not new):
        state = "is empty" if found is None else f"has the older schema {found}"
        step = "init" if found is None else "upgrade"
        raise DatabaseError(
            f"the database {shown_url(database.url)} {state}: run `deskterm db {step}` once."
        )
    from deskterm.storage.migrate import upgrade

    upgrade(database)
