"""The unit of work: one operation, one transaction, committed once.

`with store.work("close", actor) as work:` claims the operation id first, gives the spine's driver
connection (`work.spine`) and, with `models=True`, an SQLModel session on the same transaction
(`work.session`). Leaving the block commits; an exception or `dry=True` rolls back.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from deskterm.domain import clock
from deskterm.domain.errors import UsageError
from deskterm.domain.rows import Change, Subject
from deskterm.domain.text import storable
from deskterm.storage.driver import Database, json_text

if TYPE_CHECKING:
    from sqlmodel import Session


class RepeatedError(Exception):
    """The operation id was done before: nothing was done again. `operation_id` names it."""

    def __init__(self, operation_id: str) -> None:
        super().__init__(operation_id)
        self.operation_id = operation_id


class State:
    """What one follower of changes keeps for one unit of work, until it is committed."""

    def finish(self, work: "Work") -> None:
        """Write what follows from all the changes; called once, before the commit."""


_Kept = TypeVar("_Kept", bound=State)


class Work:
    """One operation under way: what it changes, and in whose name."""

    def __init__(self, database: Database, operation_id: str, actor: str, dry: bool) -> None:
        self.id = operation_id
        self.actor = actor
        self.at: datetime = clock.now()
        self.dry = dry
        self.changes: list[Change] = []
        self.subjects: dict[Subject, None] = {}
        """What the entries written so far tell of, in order."""
        self._states: dict[type[State], State] = {}
        self._database = database
        self._session: Session | None = None

    @property
    def spine(self) -> Database:
        """The driver connection inside this transaction; what the session holds is flushed."""
        if self._session is not None:
            self._session.flush()
        return self._database

    @property
    def session(self) -> "Session":
        """The SQLModel session of this transaction; only where opened with `models=True`."""
        if self._session is None:
            raise TypeError("this unit of work was opened without models=True")
        return self._session

    def claim(self, kind: str, undoes: str | None = None) -> None:
        """Claim the operation id; raises RepeatedError where it was done before."""
        claimed = self._database.run(
            "INSERT INTO operation (id, kind, actor, at, undoes) "
            "VALUES (:id, :kind, :actor, :at, :undoes) ON CONFLICT DO NOTHING",
            id=self.id,
            kind=kind,
            actor=self.actor,
            at=self.at,
            undoes=undoes,
        )
        if not claimed:
            raise RepeatedError(self.id)

    def record(  # noqa: PLR0913 - one ledger entry has this many facts
        self,
        subject: Subject,
        event: str,
        text: str = "",
        *,
        public: bool = False,
        changes: dict[str, tuple[Any, Any]] | None = None,
        data: dict[str, object] | None = None,
        actor: str | None = None,
        person_id: int | None = None,
        at: datetime | None = None,
        version: int = 0,
    ) -> int:
        """Write one ledger entry about a subject (kind, id) and give its id."""
        kind, number = subject
        row = self.spine.one(
            "INSERT INTO ledger (operation_id, at, actor, person_id, kind, subject_id, version, "
            "event, public, text, changes, data) VALUES (:operation, :at, :actor, :person, :kind, "
            ":subject, :version, :event, :public, :text, :changes, :data) RETURNING id",
            operation=self.id,
            at=at or self.at,
            actor=actor or self.actor,
            person=person_id,
            kind=kind,
            subject=number,
            version=version,
            event=str(event),
            public=public,
            text=storable(text),
            changes=json_text(changes or {}),
            data=json_text(data or {}),
        )
        self.subjects[subject] = None
        for field, (before, after) in (changes or {}).items():
            self.changes.append(Change(number, str(event), field, before, after))
        return int(row["id"])  # type: ignore[index]  # RETURNING always gives the row

    def finish(self) -> None:
        """Commit, or roll back a dry run; refuses where the transaction was lost meanwhile."""
        database = self.spine
        database.require_transaction()
        self.follow()
        if self.dry:
            database.rollback()
            return
        if database.dialect == "postgresql":
            database.all("SELECT pg_notify('deskterm', :id)", id=self.id)
        database.commit()

    def state(self, kind: type[_Kept]) -> _Kept:
        """Give a follower's own state in this unit of work; new where it is first asked for."""
        found = self._states.get(kind)
        if not isinstance(found, kind):
            found = self._states[kind] = kind()
        return found

    def follow(self) -> None:
        """Let every follower write what follows from all the changes, once each."""
        for state in tuple(self._states.values()):
            state.finish(self)


def operation_id(given: str | None) -> str:
    """Give the operation id as stored: the client's UUID, or a new one. Raises UsageError."""
    from uuid import UUID, uuid4  # not for a command that only reads

    if given is None:
        return str(uuid4())
    try:
        return str(UUID(given))
    except ValueError as error:
        raise UsageError(f"{given[:60]!r} is not an operation id: give a UUID.") from error


@contextmanager
def unit_of_work(
    database: Database, given: str | None, actor: str, *, models: bool, dry: bool
) -> Iterator[Work]:
    """Open a transaction, hand out the work, and commit, or roll back on any exception."""
    work = Work(database, operation_id(given), actor, dry)
    if models:
        from deskterm.storage.session import session_on

        opening: AbstractContextManager[Session | None] = session_on(database)
    else:
        opening = _plain(database)
    with opening as session:
        work._session = session
        database.guarded = True
        try:
            yield work
            work.finish()
        finally:
            database.guarded = False


@contextmanager
def unit_within(database: Database, given: str, actor: str) -> Iterator[Work]:
    """Hand out a unit of work inside the caller's transaction, which commits it with others.

    What it wrote is taken back where it raises; what the others wrote is kept.
    """
    work = Work(database, operation_id(given), actor, dry=False)
    database.run("SAVEPOINT one_unit")
    try:
        yield work
        database.require_transaction()
        work.follow()
    except BaseException:
        if database.in_transaction or database.broken:
            database.run("ROLLBACK TO SAVEPOINT one_unit")
        raise
    else:
        database.run("RELEASE SAVEPOINT one_unit")


@contextmanager
def _plain(database: Database) -> Iterator[None]:
    database.begin(write=True)
    try:
        yield None
    finally:
        if database.in_transaction or database.broken:
            database.rollback()
