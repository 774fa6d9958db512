"""What became of each promise, kept beside the ticket when it happens (semantics.md §4).

A result follows from the ledger and is judged once: whatever becomes of hours, holidays, targets or
offers, it stays. What is undone did not happen, and its result goes. Tickets that are older than
the table are named in `result_due`; the jobs judge them, and begin where they left off.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from deskterm.calendars.history import LIVE, Past, Told, is_pick_up, is_response, past
from deskterm.domain.vocabulary import PROCESSES, Outcome, State
from deskterm.storage.driver import Database, moment, moment_or_none
from deskterm.storage.ticket.clocks import DUES, Tales, as_told, promises_of, tales, unites
from deskterm.storage.ticket.entry import Derived, Entry
from deskterm.storage.work import State as FollowerState
from deskterm.storage.work import Work

if TYPE_CHECKING:
    from deskterm.calendars.promise import Promises
    from deskterm.calendars.results import Ending

_CHUNK = 500
_DONE = (State.SOLVED, State.CLOSED)
_NOT_DONE = (Outcome.SPAM, Outcome.DUPLICATE)
_COLUMNS = (
    "ticket_id, kind, number, started_at, ended_at, seconds, elapsed, target, due_at, met, why"
)
_KEEP = (
    f"INSERT INTO result ({_COLUMNS}) "  # noqa: S608 - constants
    "SELECT :ticket_id, :kind, :number, :started_at, :ended_at, :seconds, :elapsed, :target, "
    ":due_at, :met, :why FROM ticket t WHERE t.id = :ticket_id AND (:kind NOT IN ('response', "
    "'next') OR NOT EXISTS (SELECT 1 FROM technician x JOIN person_address a "
    "ON a.address = lower(x.email) WHERE x.login = :opener AND a.person_id = t.requester_id)) "
    "ON CONFLICT (ticket_id, kind, number) DO NOTHING"
)
"""A ticket that a technician opened for themselves has no response clock."""


class Stand(NamedTuple):
    """A ticket as far as its results care."""

    opened_at: datetime
    urgent: bool
    promises: "Promises"
    dues: Mapping[str, datetime | None]
    """Kind of promise → its deadline as it was kept until now."""


class Ended(FollowerState):
    """The tickets of a unit of work on which a clock has ended, or perhaps never did."""

    def __init__(self) -> None:
        self.stands: dict[int, Stand] = {}
        self.fresh: dict[int, list[Told]] = {}
        self.newest: dict[int, int] = {}
        self.anew: set[int] = set()
        """Tickets of which something was undone, or into which another was merged."""

    def finish(self, work: Work) -> None:
        """Judge what has ended, once."""
        if not self.stands:
            return
        known = work.state(Tales).told
        told = {
            number: known[number][1]
            for number in self.stands
            if known.get(number, (0, ()))[0] == self.newest[number]
        } | {number: self.fresh[number] for number in self.stands if number in self.fresh}
        unread = sorted(self.stands.keys() - told.keys())
        if unread:
            told |= tales(work.spine, unread)
        _keep(
            work.spine,
            {number: (self.stands[number], told[number]) for number in self.stands},
            self.anew,
            work.at,
        )


def follow(entry: Entry) -> Derived:
    """Note a ticket on which this entry ends a clock."""
    state = entry.work.state(Ended)
    if entry.fresh:
        state.fresh.setdefault(entry.ticket, []).append(as_told(entry))
    anew = entry.undone or unites(entry)
    if anew:
        state.anew.add(entry.ticket)
    if anew or _ends(entry):
        dues = {kind: entry.kept[column] for kind, column in DUES.items()}
        promises = promises_of(entry.work, entry.values, entry.opened_at)
        stand = Stand(entry.opened_at, bool(entry.values["urgent"]), promises, dues)
        before = state.stands.get(entry.ticket)
        state.stands[entry.ticket] = stand if before is None else _earlier(before, stand)
    if entry.ticket in state.stands:
        state.newest[entry.ticket] = entry.number
    return {}


def _earlier(before: Stand, now: Stand) -> Stand:
    """Give a ticket as the first of several endings found it, and what was promised since."""
    dues = {kind: before.dues[kind] or now.dues[kind] for kind in now.dues}
    return now._replace(dues=dues)


def _ends(entry: Entry) -> bool:
    """Tell whether an entry ends a clock."""
    kept, values = entry.kept, entry.values
    if entry.opening and values["channel"] in LIVE and entry.actor not in PROCESSES:
        return True
    if kept["picked_at"] is None and is_pick_up(
        entry.event, entry.actor, values["assignee"], entry.changes
    ):
        return True
    waits = kept["responded_at"] is None or kept["unanswered_at"] is not None
    if waits and is_response(as_told(entry)):
        return True
    before, after = entry.changes.get("state", (None, None))
    done = after in _DONE and before not in _DONE
    return done and values["outcome"] not in _NOT_DONE


def _keep(
    database: Database,
    tickets: Mapping[int, tuple[Stand, Sequence[Told]]],
    anew: Collection[int],
    now: datetime,
) -> None:
    """Keep the results of tickets that are not kept yet; of those `anew` others go."""
    from deskterm.calendars.results import endings

    frozen = _frozen(database, sorted(anew)) if anew else {}
    for number, (stand, told) in tickets.items():
        known = past(told, now)
        found = endings(told, stand.opened_at, known)
        there = {(one.kind, one.number): one.ended for one in found}
        for key, ended in frozen.get(number, {}).items():
            if there.get(key) != ended:
                database.run(
                    "DELETE FROM result WHERE ticket_id = :id AND kind = :kind AND number = :n",
                    **dict(zip(("id", "kind", "n"), (number, *key), strict=True)),
                )
        judge = _Judge(stand, known, found)
        for one in found:
            database.later(
                _KEEP, ticket_id=number, opener=told[0].actor if told else "", **judge.row(one)
            )


def _frozen(
    database: Database, numbers: Sequence[int]
) -> dict[int, dict[tuple[str, int], datetime]]:
    """Give ticket → (kind, number) → when it ended, of results that are kept."""
    rows = database.all(
        "SELECT ticket_id, kind, number, ended_at FROM result WHERE ticket_id IN :ids", ids=numbers
    )
    found: dict[int, dict[tuple[str, int], datetime]] = {}
    for row in rows:
        key = (row["kind"], row["number"])
        found.setdefault(row["ticket_id"], {})[key] = moment(row["ended_at"])
    return found


class _Judge:
    """Judges the endings of one ticket."""

    def __init__(self, stand: Stand, known: Past, found: "Sequence[Ending]") -> None:
        self._promises = stand.promises
        self._stand = stand
        self._known = known
        self._last = {one.kind: one.number for one in found}

    def row(self, one: "Ending") -> dict[str, object]:
        """Give an ending as it is kept."""
        from deskterm.calendars.promise import RESPONSE, due_of, target_words
        from deskterm.calendars.results import NEXT, measured, pauses_in

        promised = RESPONSE if one.kind == NEXT else one.kind
        since = self._known.since
        target = None
        if since is None or one.ended > since:
            target = self._promises.targets[promised, self._stand.urgent]
        newest = one.number == self._last[one.kind] and (promised != RESPONSE or self._newest(one))
        stood = self._stand.dues[promised] if newest and (since is None or target) else None
        calendar = self._promises.calendar
        pauses = pauses_in(one, self._known.pauses)
        due = due_of(target, one.started, one.ended, pauses, calendar, stood)
        took = measured(one, self._known.pauses, calendar)
        return {
            "kind": one.kind,
            "number": one.number,
            "started_at": one.started,
            "ended_at": one.ended,
            "seconds": took.seconds,
            "elapsed": took.elapsed,
            "target": target_words(target),
            "due_at": due,
            "met": None if due is None else one.ended <= due,
            "why": self._promises.why if due is not None else "",
        }

    def _newest(self, one: "Ending") -> bool:
        """Tell whether the kept deadline of an answer is that of this one."""
        from deskterm.calendars.results import NEXT

        return one.kind == NEXT or NEXT not in self._last


def refresh(database: Database, now: datetime, numbers: Collection[int] | None = None) -> None:
    """Keep what is not kept yet of tickets (None: of all), in this transaction."""
    if numbers is None:
        numbers = [row["id"] for row in database.all("SELECT id FROM ticket ORDER BY id")]
    from deskterm.storage.targets import Targets, wanted

    targets, whole = Targets(database), sorted(numbers)
    for start in range(0, len(whole), _CHUNK):
        chunk = whole[start : start + _CHUNK]
        told = tales(database, chunk)
        rows = database.all(
            "SELECT id, urgent, opened_at, service_id, requester_id, needs, "  # noqa: S608 - constants
            f"{', '.join(DUES.values())} FROM ticket WHERE id IN :ids",
            ids=chunk,
        )
        targets.meet(row["requester_id"] for row in rows)
        stands = {
            row["id"]: (
                Stand(
                    moment(row["opened_at"]),
                    bool(row["urgent"]),
                    targets.of(wanted(dict(row), moment(row["opened_at"]))),
                    {kind: moment_or_none(row[column]) for kind, column in DUES.items()},
                ),
                told[row["id"]],
            )
            for row in rows
        }
        _keep(database, stands, chunk, now)
        _answered(database, told, now)


def _answered(database: Database, told: Mapping[int, Sequence[Told]], now: datetime) -> None:
    """Write beside tickets when they were answered, for those that are older than the columns."""
    known = {number: past(entries, now) for number, entries in told.items()}
    database.many(
        "UPDATE ticket SET responded_at = :responded, unanswered_at = :unanswered WHERE id = :id",
        [
            {"id": number, "responded": one.responded_at, "unanswered": one.unanswered_at}
            for number, one in known.items()
            if one.responded_at is not None
        ],
    )
