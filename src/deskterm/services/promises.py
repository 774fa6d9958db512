"""What is promised to people, from every source, and what can be done with each (G6)."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from deskterm.domain import clock
from deskterm.domain.asking import NOW, How, Request
from deskterm.domain.errors import NotFoundError, RefusedError
from deskterm.domain.promises import BrokenRow, PromiseKind, PromiseRow, named
from deskterm.domain.rows import Done
from deskterm.domain.verbs import NOBODY, EndCall, KeepFix, MoveCall, MoveFix, Resume
from deskterm.domain.visits import EndVisit, SetVisit, VisitState
from deskterm.services.reminders import asked_again
from deskterm.services.tickets.operation import Tickets
from deskterm.storage.driver import Database
from deskterm.storage.names import login_of
from deskterm.storage.operations import is_done
from deskterm.storage.reads import promises as reads
from deskterm.storage.reads.asked import desk_zone
from deskterm.storage.reads.in_hand import stands_in_for
from deskterm.storage.store import Store
from deskterm.storage.work import operation_id
from deskterm.triage.spans import later


class Deeds(NamedTuple):
    """What can be done with a promise of one kind; words in place of a request say why not."""

    keep: Callable[[PromiseRow, str], Request | str]
    """It is kept; the words are a note."""
    move: Callable[[PromiseRow, str], Request | str]
    """It is for another time."""
    drop: Callable[[PromiseRow, str], Request | str]
    """It is not wanted any more; the words say why."""


def _again_by_rule(row: PromiseRow, _: str) -> str:
    return (
        f"#{row.ticket_id}: they are asked again by the rule (settings remind.*) until they "
        "answer; `deskterm ticket wait` or `verify` says otherwise."
    )


def _decided(row: PromiseRow, _: str) -> str:
    return f"#{row.ticket_id} waits for its approver: write the decision down (ticket approve)."


def _no_is_for_all(row: PromiseRow, _: str) -> str:
    return (
        f"#{row.ticket_id}: they were told that P{row.number} will be fixed. A no is told with its "
        f"reason to everybody: `deskterm problem close P{row.number} --as wont_fix --because`."
    )


def _no_other_day(row: PromiseRow, _: str) -> str:
    return f"#{row.ticket_id}: say anew for whom it waits, and until when (ticket wait --until)."


DEEDS: Mapping[str, Deeds] = {
    PromiseKind.FIX: Deeds(
        lambda row, _: KeepFix(row.number),
        lambda row, words: MoveFix(row.number, words),
        _no_is_for_all,
    ),
    PromiseKind.CALL: Deeds(
        lambda row, words: EndCall(True, words, row.number),
        lambda row, words: MoveCall(words, "", row.number),
        lambda row, words: EndCall(False, words, row.number),
    ),
    PromiseKind.VISIT: Deeds(
        lambda _, words: EndVisit(str(VisitState.DONE), words),
        lambda _, words: SetVisit(at=words),
        lambda _, words: EndVisit(str(VisitState.CANCELLED), words),
    ),
    PromiseKind.WAIT: Deeds(
        lambda _, words: Resume(words),
        _no_other_day,
        lambda _, words: Resume(words),
    ),
    PromiseKind.ASK: Deeds(*[_again_by_rule] * 3),
    PromiseKind.APPROVAL: Deeds(*[_decided] * 3),
}
"""Kind → what is done with it. Where rows come from: `SOURCES` of storage, and `_asked` here."""


class Promises:
    """The list of everything that is promised, and its verbs."""

    def __init__(self, store: Store, me: str, tickets: Tickets) -> None:
        self.store = store
        self.me = me
        self.tickets = tickets

    def list(self, *, until: str = "", owner: str = "", kind: str = "") -> list[PromiseRow]:
        """Give what is promised, the earliest first, what has no day at the end.

        `until` (`now`, `today`, `3d`) keeps what is due by then; `owner` a login's, nobody's
        (`none`), or with `me` one's own, nobody's, and of those one stands in for.
        """
        now = clock.now()
        with self.store.reading() as database, database.snapshot():
            edge = _edge(database, until, now) if until.strip() else None
            found = [*reads.rows(database), *_asked(database)]
            owners = self._owners(database, owner.strip(), now)
        kept = [
            one
            for one in found
            if (not kind or one.kind == kind)
            and (owners is None or one.owner in owners)
            and (edge is None or (one.at is not None and one.at <= edge))
        ]
        return sorted(kept, key=lambda one: (one.at is None, one.at or now, one.ticket_id))

    def _owners(self, database: Database, owner: str, now: datetime) -> "set[str] | None":
        if owner == "me":
            return {"", self.me, *stands_in_for(database, self.me, now)}
        if owner in NOBODY:
            return {""} if owner else None
        return {login_of(database, owner)}

    def broken(self) -> Sequence[BrokenRow]:
        """Give how many were broken, kind by kind: kept late or given up, and late now."""
        with self.store.reading() as database:
            return reads.broken(database, clock.now())

    def keep(self, promise: str, note: str = "", how: How = NOW) -> Done:
        """Say that a promise (`call.12.1`) is kept; raises NotFoundError, RefusedError."""
        return self._do(promise, lambda row: DEEDS[row.kind].keep(row, note), how)

    def move(self, promise: str, when: str, how: How = NOW) -> Done:
        """Promise it for another time."""
        return self._do(promise, lambda row: DEEDS[row.kind].move(row, when), how)

    def drop(self, promise: str, reason: str = "", how: How = NOW) -> Done:
        """Say that it is not wanted any more."""
        return self._do(promise, lambda row: DEEDS[row.kind].drop(row, reason), how)

    def _do(self, promise: str, deed: Callable[[PromiseRow], Request | str], how: How) -> Done:
        kind, ticket, number = named(promise)
        with self.store.reading() as database, database.snapshot():
            if how.op_id is not None and is_done(database, wanted := operation_id(how.op_id)):
                return self.tickets.repeated("promise", wanted)
            rows = reads.rows(database, [ticket])
            if kind in (PromiseKind.ASK, PromiseKind.APPROVAL):
                rows = _asked(database)
        row = next((one for one in rows if one[:3] == (kind, ticket, number)), None)
        if row is None:
            raise NotFoundError(f"there is no promise {promise[:40]!r}; see `deskterm promises`.")
        asked = deed(row)
        if isinstance(asked, str):
            raise RefusedError(asked)
        return self.tickets.do([ticket], asked, how)


def _edge(database: Database, until: str, now: datetime) -> datetime:
    """Give until when something counts as due; raises UsageError."""
    from deskterm.triage.spans import bounds

    if until.strip().lower() in ("now", "due"):
        return now
    zone = desk_zone(database)
    if until.strip().lower() == "today":
        return bounds(":", "today", now, zone)[1] or now
    return later(until, now, zone)


def _asked(database: Database) -> list[PromiseRow]:
    """Give whom the desk asks again by itself, and when."""
    found = asked_again(database)
    about = reads.about(database, [one.ticket for one, _, _ in found])
    return [_again(about[one.ticket], one.about, step, at) for one, step, at in found]


def _again(row: PromiseRow, about: str, step: str, at: datetime) -> PromiseRow:
    kind = PromiseKind.APPROVAL if about == "approval" else PromiseKind.ASK
    words = {"waiting": "for what we need", "solved": "whether it works"}.get(about, row.note)
    note = words if step == "remind" else "it ends by the rule: asked twice"
    return row._replace(kind=str(kind), at=at, note=note)
