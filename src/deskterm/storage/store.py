"""The desk's database as services see it: connections, units of work, the schema's version."""

import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from time import monotonic, sleep
from typing import TypeVar

from deskterm.domain.errors import BusyError, DatabaseError, DeskError, HeldError, UnclearError
from deskterm.domain.stopping import StoppedError
from deskterm.storage import schema
from deskterm.storage.driver import Database, connect, shown_url
from deskterm.storage.work import Work, unit_of_work, was_kept

_Done = TypeVar("_Done")
_TRIES = 3
"""So often an operation is tried again that others were in the way of."""
_PATIENCE = 2.0
"""Seconds that somebody may have a connection to a server before others open a further one.

However many wait for it: on a busy machine each in turn is sooner done than a further one opened.
"""
_LONG = 0.25
"""Seconds after which none is waited for that is kept or asked for long: a turn of the jobs with
little to do, such as a letter or two, is over by then, and a board does with one."""
_FULL = 6.0
"""Seconds that one of ours is waited for where a server takes no more connections."""
_MOST = 4
"""So many connections to a server there are at once at most; a server has a hundred for all."""
_KEPT = 2.0
"""Seconds until a further one that nobody uses is closed."""
_UNCLEAR = 8.0
"""From an operation's beginning: so long the server is asked whether a commit was kept that it did
not answer; once at least."""
_AGAIN, _ASKING = 0.2, 1.0
"""Seconds between two such questions, and for its answer to one."""


class Lent:
    """A place for a connection, with it where one was there or is opened by now."""

    def __init__(self, database: Database | None, long: bool) -> None:
        self.database = database
        self._long = long
        self._since = monotonic()

    @property
    def short(self) -> float:
        """Seconds for which it is still waited for; few where it is kept or asked for long."""
        long = self._long or (self.database is not None and self.database.patient)
        return self._since + (_LONG if long else _PATIENCE) - monotonic()


class Pool:
    """Connections that are lent: to a server one, and a few more only while it is busy for long.

    A thread that has one already gets another at once: it would wait for itself.
    """

    def __init__(self, opened: Callable[[], Database], few: bool) -> None:
        self._opened = opened
        self._few = few
        self._idle: list[tuple[Database, float]] = []
        """With the time they came back, the latest last."""
        self._lent: list[Lent] = []
        self._free = threading.Condition()
        self._here = threading.local()
        self._closed = False

    def take(self, long: bool = False) -> Lent:
        """Lend a connection; raises DatabaseError where none can be opened and none comes back."""
        full, nested = False, getattr(self._here, "many", 0) > 0
        while True:
            lent = self._place(nested, long, full)
            try:
                lent.database = lent.database or self._opened()
                break
            except DatabaseError:
                if not self._forget(lent) or nested or full:
                    raise
                full = True
            except BaseException:
                self._forget(lent)
                raise
        self._here.many = getattr(self._here, "many", 0) + 1
        return lent

    def _place(self, nested: bool, long: bool, full: bool) -> Lent:
        """Give a place, with a connection that nobody uses where there is one.

        Where the server is `full` one of ours may come back.
        """
        with self._free:
            if full:
                self._free.wait_for(lambda: self._idle or not self._lent, _FULL)
            elif self._few and not nested:
                self._await_one()
            lent = Lent(self._idle.pop()[0] if self._idle else None, long)
            self._lent.append(lent)
            return lent

    def _await_one(self) -> None:
        """Wait until there is one that nobody uses, or a further one may be opened."""
        while self._lent and not self._idle:
            short = max(one.short for one in self._lent)
            if short <= 0 and len(self._lent) < _MOST:
                return
            self._free.wait(short if short > 0 else None)

    def _forget(self, lent: Lent) -> int:
        """Give up a place; gives how many there are."""
        with self._free:
            self._lent.remove(lent)
            self._free.notify_all()
            return len(self._lent)

    def give_back(self, lent: Lent) -> None:
        """Take a connection back; a place without one is given up."""
        self._here.many -= 1
        now, stale, database = monotonic(), [], lent.database
        with self._free:
            self._lent.remove(lent)
            if database is not None and self._closed:
                stale.append(database)
            elif database is not None:
                self._idle.append((database, now))
            while self._few and len(self._idle) > 1 and now - self._idle[0][1] >= _KEPT:
                stale.append(self._idle.pop(0)[0])
            self._free.notify_all()
        for one in stale:
            one.close()

    def close(self) -> None:
        """Close every idle connection; one that is lent is closed when it comes back."""
        with self._free:
            idle, self._idle = self._idle, []
            self._closed = True
        for database, _ in idle:
            database.close()


class Store:
    """The connections to one database; safe to use from several threads."""

    def __init__(self, url: str, *, new: bool = False) -> None:
        """Know the database; an SQLite file that is not there is made only where `new` says so."""
        self.url = url
        self._new = new
        self._place: tuple[int, int] | None = None
        """The SQLite file that was opened first: the store never goes over to another."""
        self._checked = False
        self._pool = Pool(self._open, few=self.dialect == "postgresql")
        self.told_waiting: Callable[[str], None] | None = None
        """Called, in the thread that waits, with who holds the lock a write waits for."""

    @contextmanager
    def reading(self, *, long: bool = False) -> Iterator[Database]:
        """Lend a connection for reads; each statement sees the newest state.

        `long`: it is kept while other things are waited for, such as a mail server.
        """
        lent = self._pool.take(long)
        whole = True
        try:
            database = self._current(lent)
            database.told_waiting = self.told_waiting
            yield database
        except BusyError:
            raise
        except (DatabaseError, StoppedError):
            whole = False
            raise
        finally:
            self._give_back(lent, whole)

    @contextmanager
    def work(
        self, actor: str, op_id: str | None = None, *, models: bool = False, dry: bool = False
    ) -> Iterator[Work]:
        """Open a unit of work on a connection of its own.

        Where the connection is lost before a commit is answered, the server is asked whether it
        was kept; raises UnclearError where nobody can say.
        """
        work, until = None, monotonic() + _UNCLEAR
        try:
            with (
                self.reading() as database,
                unit_of_work(database, op_id, actor, models=models, dry=dry) as work,
            ):
                yield work
        except DatabaseError:
            if work is None or not work.unclear:
                raise
            if not self._kept(work.id, actor, until):
                raise

    def _kept(self, operation: str, actor: str, until: float) -> bool:
        from deskterm.storage.postgres import PostgresDatabase

        while True:
            with suppress(DeskError), closing(PostgresDatabase(self.url, _ASKING)) as database:
                return was_kept(database, operation, actor)
            if monotonic() >= until:
                break
            sleep(_AGAIN)
        raise UnclearError(
            f"the connection to {shown_url(self.url)} was lost while the server stored this, and "
            f"whether it was kept is not known. Repeat it with --op {operation}: then it is done "
            "once, whichever it was."
        )

    def tried(self, operation: Callable[[], _Done]) -> _Done:
        """Do an operation; where others were in its way it is done again as a whole, a few times.

        On a server two operations may wait for each other: one of them is then refused. What was
        waited for long enough is not tried again.
        """
        for _ in range(_TRIES):
            try:
                return operation()
            except HeldError:
                raise
            except BusyError:
                continue
        return operation()

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return "sqlite" if self.url.startswith("sqlite:") else "postgresql"

    def close(self) -> None:
        """Close every idle connection; one that is lent is closed when it comes back."""
        self._pool.close()

    def _current(self, lent: Lent) -> Database:
        """Give a connection that shows the database; raises DatabaseError where it was moved."""
        found, lent.database = lent.database, None
        lent.database = found if found is not None and _is_current(found) else self._open()
        return lent.database

    def _open(self) -> Database:
        database = connect(self.url, new=self._new, place=self._place)
        if not self._checked:
            try:
                ensure(database, new=self._new)
            except BaseException:
                database.close()
                raise
            self._checked, self._new, self._place = True, False, database.place
        return database

    def _give_back(self, lent: Lent, whole: bool) -> None:
        database, lent.database = lent.database, None
        try:
            if database is not None and not whole:
                database.close()
            elif database is not None:
                if database.in_transaction or database.broken:
                    database.rollback()
                lent.database = database
        finally:
            self._pool.give_back(lent)


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
