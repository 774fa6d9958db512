"""The unit of work: one operation, one transaction, committed once.

`with store.work("close", actor) as work:` claims the operation id first, gives the spine's driver
connection (`work.spine`) and, with `models=True`, an SQLModel session on the same transaction
(`work.session`). Leaving the block commits; an exception or `dry=True` rolls back.
"""

import os
import time
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, cast

from deskterm.domain import clock
from deskterm.domain.errors import DatabaseError, UsageError
from deskterm.domain.patterns import pattern
from deskterm.domain.rows import Change, Subject
from deskterm.domain.text import storable
from deskterm.storage import schema
from deskterm.storage.driver import Database, json_text, moment

if TYPE_CHECKING:
    from sqlmodel import Session


_SIGNS = "0123456789abcdefghijklmnopqrstuv"
_NOISE = 45
_SHIFTS = range(85, -5, -5)
_MADE = pattern(r"[0-9a-v]{18}")
_CLAIM = (
    "INSERT INTO operation (id, kind, actor, at, undoes) VALUES (:id, :kind, :actor, :at, :undoes)"
)


WITHIN = "DESKTERM_WITHIN_HOOKS"
"""The environment of what a hook runs: the names of the hooks around it, a space between them."""


def within_hooks() -> list[str]:
    """Give the hooks that this process was begun by, the outermost first."""
    return os.environ.get(WITHIN, "").split()


class Doing(NamedTuple):
    """What is asked for within an operation, as hooks are told of it."""

    verb: str
    ticket: int
    """0: one that is being opened."""
    actor: str
    request: Mapping[str, object]


class RepeatedError(Exception):
    """The operation id was done before: nothing was done again. `operation_id` names it."""

    def __init__(self, operation_id: str) -> None:
        super().__init__(operation_id)
        self.operation_id = operation_id


class State:
    """What one follower of changes keeps for one unit of work, until it is committed."""

    last = False
    """Whether it waits until every other has finished."""

    def finish(self, work: "Work") -> None:
        """Write what follows from all the changes; called once, before the commit."""


_Kept = TypeVar("_Kept", bound=State)
_Read = TypeVar("_Read")


class Common:
    """What the units of work of one transaction share."""

    def __init__(self, tickets: int = 1) -> None:
        self.known: dict[tuple[object, ...], object] = {}
        """What was read of the desk's own settings."""
        self.numbers: list[int] = []
        """Ticket numbers that are taken and not used yet."""
        self.block = tickets
        """So many are taken at once; what is not used is given back before the commit."""


def ahead(database: Database) -> timedelta:
    """Give how far a server's clock is ahead of ours, where it says what time it is.

    Raises UpgradedError where the schema is another by now.
    """
    if database.dialect == "sqlite":
        schema.require_same(database.returned(f"SELECT {schema.NOW} AS found")["found"])
        return timedelta(0)
    row = database.returned(
        f"SELECT clock_timestamp() AS now, deskterm_bound() AS bound, {schema.NOW} AS found"
    )
    schema.require_same(row["found"])
    return moment(row["now"]) - clock.now() if row["bound"] else timedelta(0)


class Work:
    """One operation under way: what it changes, and in whose name."""

    def __init__(self, database: Database, operation_id: str, actor: str, dry: bool) -> None:
        self.id = operation_id
        self.actor = actor
        self.at: datetime = clock.now()
        self.dry = dry
        self.unclear = False
        """Whether the connection was lost before the server answered the commit."""
        self.changes: list[Change] = []
        self.subjects: dict[Subject, None] = {}
        """What the entries written so far tell of, in order."""
        self.common = Common()
        self.asked: list[Doing] | None = None
        """In a trial: what it asks for, so that hooks can be asked before it is done."""
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
        """Claim the operation id; raises RepeatedError where it was done before.

        A server says itself what time it is (semantics §14): everything of it happens then.
        """
        text = f"{_CLAIM} ON CONFLICT DO NOTHING RETURNING at, {schema.NOW} AS found"
        row = self._database.one(text, **self._claimed(kind, undoes))
        if row is None:
            raise RepeatedError(self.id)
        schema.require_same(row["found"])
        self.at = moment(row["at"])

    def claim_alone(self, kind: str) -> None:
        """Claim an operation id that nobody has or can claim: whoever may holds a lock for it.

        What time it is on a server is asked once a transaction.
        """
        self.at += self.once(ahead)
        self._database.later(_CLAIM, **self._claimed(kind, None))

    def _claimed(self, kind: str, undoes: str | None) -> dict[str, object]:
        return {
            "id": self.id,
            "kind": kind,
            "actor": self.actor,
            "at": self.at,
            "undoes": undoes,
        }

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
        if hooks := within_hooks():
            data = {**(data or {}), "hooks": hooks}
        if self.asked is not None and event == "received":
            request = {"do": event, "text": text}
            self.asked.append(Doing(event, number, actor or self.actor, request))
        entry = self.spine.add(
            "ledger",
            operation_id=self.id,
            at=at or self.at,
            actor=actor or self.actor,
            person_id=person_id,
            kind=kind,
            subject_id=number,
            version=version,
            event=str(event),
            public=public,
            text=storable(text),
            changes=entry_text(changes or {}),
            data=entry_text(data or {}),
        )
        self.subjects[subject] = None
        for field, (before, after) in (changes or {}).items():
            self.changes.append(Change(number, str(event), field, before, after))
        return entry

    def finish(self) -> None:
        """Commit, or roll back a dry run; refuses where the transaction was lost meanwhile."""
        database = self.spine
        database.require_transaction()
        self.follow()
        if self.dry:
            database.rollback()
            return
        if database.dialect == "postgresql":
            database.later("SELECT pg_notify('deskterm', :id)", id=self.id)
        try:
            database.commit()
        except DatabaseError:
            self.unclear = database.dialect == "postgresql" and database.outdated
            raise

    def once(self, read: Callable[..., _Read], *about: Hashable) -> _Read:
        """Give what `read(database, *about)` gives, read once a transaction.

        For what the desk has settled: rules, groups, targets, and whatever no ticket changes.
        """
        key = (read, *about)
        known = self.common.known
        if key not in known:
            known[key] = read(self.spine, *about)
        return cast("_Read", known[key])

    def state(self, kind: type[_Kept]) -> _Kept:
        """Give a follower's own state in this unit of work; new where it is first asked for."""
        found = self._states.get(kind)
        if not isinstance(found, kind):
            found = self._states[kind] = kind()
        return found

    def follow(self) -> None:
        """Let every follower write what follows from all the changes, once each."""
        for state in sorted(self._states.values(), key=lambda one: one.last):
            state.finish(self)


def new_id() -> str:
    """Give a new operation id."""
    return ordered_id(time.time_ns() // 1_000_000, int.from_bytes(os.urandom(6), "big") >> 3)


def ordered_id(at: int, noise: int) -> str:
    """Give an id, 18 signs, of a time in ms and 45 bits that are anybody's.

    It sorts by time: the indexes of operation and ledger grow at one end, so that a write at a
    million tickets touches pages that are at hand. It stands in four places for every entry, so
    that it is half as long as a UUID.
    """
    number = at << _NOISE | noise
    return "".join(_SIGNS[number >> shift & 31] for shift in _SHIFTS)


def operation_id(given: str | None) -> str:
    """Give the operation id as stored: the client's UUID, or a new one; raises UsageError.

    One that the desk has made is taken as it is.
    """
    if given is None:
        return new_id()
    if _MADE.fullmatch(given):
        return given
    from uuid import UUID  # 2 ms

    try:
        return str(UUID(given))
    except ValueError as error:
        raise UsageError(f"{given[:60]!r} is not an operation id: give a UUID.") from error


def entry_text(value: object) -> str:
    """Give what an entry of the ledger holds as JSON: without spaces.

    Entries of older desks have them: who looks into the text must bear both.
    """
    return json_text(value, (",", ":"))


def was_kept(database: Database, operation: str, actor: str) -> bool:
    """Tell whether an operation is stored.

    Raises BusyError where its server still has it in hand.
    """
    database.begin()
    try:
        database.later("SET LOCAL lock_timeout = '800ms'")
        Work(database, operation, actor, dry=True).claim("unclear")
    except RepeatedError:
        return True
    finally:
        database.rollback()
    return False


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
def unit_within(
    database: Database, given: str, actor: str, common: Common | None = None, *, last: bool = True
) -> Iterator[Work]:
    """Hand out a unit of work inside the caller's transaction, which commits it with others.

    What it wrote is taken back where it raises; what the others wrote is kept. Where it is not the
    `last`, what is wrong with its last statements may be raised by the one after it.
    """
    work = Work(database, operation_id(given), actor, dry=False)
    work.common = common or work.common
    numbers = list(work.common.numbers)
    try:
        with database.part(prompt=last):
            yield work
            database.require_transaction()
            work.follow()
    except BaseException:
        work.common.numbers[:] = numbers
        raise


@contextmanager
def _plain(database: Database) -> Iterator[None]:
    database.begin(write=True)
    try:
        yield None
    finally:
        if database.in_transaction or database.broken:
            database.rollback()
