"""How each ticket went, kept beside it for the figures; follows from its ledger.

`course` has how a closed ticket went through the nine steps, `measure` what every other figure
counts. Whatever is written on a ticket that was closed lets its rows follow before the commit:
undo, merge, reopening and import go the same way. Of an open ticket only what it is about is kept,
with the change itself. Rows that are still missing (a desk that is older than a table, an import)
are named in `course_due`; the jobs make them.
"""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from deskterm.calendars.history import LIVE
from deskterm.domain.errors import UsageError
from deskterm.domain.vocabulary import OPEN_STATES, PROCESSES, Outcome
from deskterm.domain.vocabulary import State as Stands
from deskterm.storage.driver import Database, Row, as_row, json_text, moment, moment_or_none
from deskterm.storage.phrases import NOT_UNDONE
from deskterm.storage.ticket.clocks import desk_targets
from deskterm.storage.ticket.entry import Derived, Entry
from deskterm.storage.work import State, Work

if TYPE_CHECKING:
    from deskterm.calendars.promise import Promises
    from deskterm.reports.course import Course
    from deskterm.reports.course import Entry as Happened
    from deskterm.reports.measured import Business
    from deskterm.reports.mistakes import Due
    from deskterm.storage.targets import Targets

_CHUNK = 500
_OBJECTS = ("changes", "data")
_COUNTED = (
    "t.first_closed_at IS NOT NULL AND t.foreign_id IS NULL "
    "AND t.state NOT IN ('merged', 'cancelled') "
    "AND COALESCE(t.outcome, 'solved') NOT IN ('spam', 'duplicate')"
)
"""Left out of courses: merged, cancelled and imported tickets, spam and duplicates."""
_ENTRIES = (
    "SELECT l.subject_id, l.at, l.event, l.actor, l.public, l.changes, l.data "  # noqa: S608 - constants
    "FROM ledger l JOIN operation o ON o.id = l.operation_id "
    "WHERE l.kind = 'ticket' AND l.subject_id IN :ids AND o.undoes IS NULL "
    f"AND {NOT_UNDONE} ORDER BY l.subject_id, l.at, l.id"
)
_KEEP = (
    "INSERT INTO course (ticket_id, category_id, steps, seconds, reasons, mistakes, whys) "
    "VALUES (:ticket_id, :category_id, :steps, :seconds, :reasons, :mistakes, :whys) "
    "ON CONFLICT (ticket_id) DO UPDATE SET category_id = excluded.category_id, "
    "steps = excluded.steps, seconds = excluded.seconds, reasons = excluded.reasons, "
    "mistakes = excluded.mistakes, whys = excluded.whys"
)


_SUBJECTS = ("channel", "urgent", "category_id", "service_id", "group_id", "requester_id")
"""What a ticket is about: kept of every ticket, so that figures are split without reading it."""
_NUMBERS = (
    *("first_contact", "first_contact_eligible", "first_level", "escalated", "reopened"),
    *("known", "linked", "reused", "solution_age", "answered", "satisfied"),
    *("moves", "moved_again"),
)
_TIMES = ("opened_at", "closed_at", "ended_at", "merged_at")
MEASURED = ("ticket_id", *_TIMES, "counted", *_SUBJECTS, *_NUMBERS)
_READ = (
    "t.channel, t.urgent, t.service_id, t.group_id, t.requester_id, t.state, t.outcome, t.needs, "
    "t.rating, t.closed_at, "
    "v.created_at AS solution_at, COALESCE(v.source_ticket_id = t.id, FALSE) AS solution_new, "
    "EXISTS (SELECT 1 FROM problem_ticket y WHERE y.ticket_id = t.id) AS problem, "
    "(t.first_closed_at IS NOT NULL AND t.state NOT IN ('merged', 'cancelled') "
    "AND COALESCE(t.outcome, '') NOT IN ('spam', 'duplicate')) AS is_case, "
    "EXISTS (SELECT 1 FROM technician x JOIN person_address a ON a.address = lower(x.email) "
    "WHERE a.person_id = t.requester_id) AS own, "
    "f.ended_at AS judged_at, f.seconds AS judged, f.elapsed AS judged_elapsed"
)
"""What is read of a ticket `t` with its solution `v` beside what its course needs.

`f`: how long its first solution took, in business time, as it was judged when it happened.
"""
_KEEP_MEASURE = (
    f"INSERT INTO measure ({', '.join(MEASURED)}) "  # noqa: S608 - constants
    f"VALUES ({', '.join(f':{name}' for name in MEASURED)}) ON CONFLICT (ticket_id) DO UPDATE "
    f"SET {', '.join(f'{name} = excluded.{name}' for name in MEASURED[1:])}"
)
_BEGUN = (
    f"INSERT INTO measure (ticket_id, opened_at, counted, {', '.join(_SUBJECTS)}) VALUES "  # noqa: S608 - constants
    f"(:ticket_id, :opened_at, 1, {', '.join(f':{name}' for name in _SUBJECTS)})"
)
_ENDS = frozenset(("first_closed_at", "closed_at", "merged_into", "outcome", "opened_at"))
"""Whoever changes these changes more than is known of the ticket in hand."""


class Counted(State):
    """The tickets whose figures follow from what a unit of work has done."""

    def __init__(self) -> None:
        self.anew: set[int] = set()
        """Worked out from their ledger."""
        self.open: dict[int, dict[str, object]] = {}
        """Never closed: what this unit of work has changed in their measures."""
        self.fresh: set[int] = set()

    def finish(self, work: Work) -> None:
        """Let courses and measures follow."""
        for number, values in self.open.items():
            if number in self.fresh:
                work.spine.later(_BEGUN, ticket_id=number, **values)
            elif number not in self.anew:
                sets = ", ".join(f"{name} = :{name}" for name in values)
                work.spine.later(
                    f"UPDATE measure SET {sets} WHERE ticket_id = :ticket_id",  # noqa: S608 - our own names
                    ticket_id=number,
                    **values,
                )
        if self.anew:
            refresh(work.spine, self.anew, work.once(desk_targets))


def follow(entry: Entry) -> Derived:
    """Note what figures count: of an open ticket the change, any other is worked out anew."""
    state = entry.work.state(Counted)
    known = {name: _plain(name, entry) for name in _SUBJECTS if name in entry.touched}
    if entry.opening:
        state.fresh.add(entry.ticket)
        known = {name: _plain(name, entry) for name in _SUBJECTS} | {"opened_at": entry.opened_at}
    elif entry.undone or entry.touched & _ENDS or entry.values["first_closed_at"] is not None:
        state.anew.add(entry.ticket)
        return {}
    if known:
        state.open.setdefault(entry.ticket, {}).update(known)
    return {}


def _plain(name: str, entry: Entry) -> object:
    return int(entry.values[name]) if name == "urgent" else entry.values[name]


def refresh(
    database: Database,
    numbers: Collection[int] | None = None,
    targets: "Targets | None" = None,
) -> None:
    """Keep courses and measures of tickets anew (None: of all), in this transaction."""
    wanted = _all(database) if numbers is None else sorted(numbers)
    targets = targets or (desk_targets(database) if wanted else None)
    for start in range(0, len(wanted), _CHUNK):
        chunk = wanted[start : start + _CHUNK]
        told = list(_told(database, chunk))
        rows = list(_judged(told, targets)) if told and targets is not None else []
        if rows:
            database.many(_KEEP, rows)
        left = set(chunk) - {row["ticket_id"] for row in rows}
        if left:
            database.later("DELETE FROM course WHERE ticket_id IN :ids", ids=sorted(left))
        if told and targets is not None:
            database.many(_KEEP_MEASURE, _measures(told, targets))


def _measures(
    told: "Sequence[tuple[Row, Course | None]]", targets: "Targets"
) -> list[Mapping[str, object]]:
    _meet(told, targets)
    return [_measured(row, course, targets) for row, course in told]


def _meet(told: "Sequence[tuple[Row, Course | None]]", targets: "Targets") -> None:
    """Read together of whom the tickets are: what is promised follows from it."""
    targets.meet(row["requester_id"] for row, _ in told)


def _measured(row: Row, course: "Course | None", targets: "Targets") -> Mapping[str, object]:
    """Give what figures count of a ticket; of one that is no case what it is about."""
    found: Mapping[str, int | None] = {}
    if course is not None and row["is_case"]:
        from deskterm.reports.measured import About, measured

        about = as_row(About, row, live=row["channel"] in LIVE)
        found = measured(course, about, _business(row, targets))
    is_open, is_merged = row["state"] in OPEN_STATES, row["state"] == Stands.MERGED
    return {
        "ticket_id": row["id"],
        "opened_at": moment(row["opened_at"]),
        "closed_at": moment_or_none(row["first_closed_at"]),
        "ended_at": None if is_open else moment_or_none(row["closed_at"]),
        "merged_at": moment_or_none(row["closed_at"]) if is_merged else None,
        "counted": int(not is_merged and row["outcome"] != Outcome.SPAM),
        **{name: int(row[name]) if name == "urgent" else row[name] for name in _SUBJECTS},
        **{name: found.get(name) for name in _NUMBERS},
    }


def _business(row: Row, targets: "Targets") -> "Business":
    """Give what tells how much business time a ticket took until it was solved.

    What was judged then holds, whatever became of the hours since (results.py). Where its clock
    stood, for an approval, the customer waited all the same: that counts by the wall's clock.
    """

    def business(start: datetime, end: datetime) -> timedelta:
        if row["judged"] is not None and moment(row["judged_at"]) == end:
            stood = end - start - timedelta(seconds=row["judged_elapsed"])
            return timedelta(seconds=row["judged"]) + max(stood, timedelta())
        return _promises(row, targets).calendar.business_time_between(start, end)

    return business


def _promises(row: Row, targets: "Targets") -> "Promises":
    """Give what a ticket was promised."""
    from deskterm.storage.targets import wanted

    return targets.of(wanted(dict(row), moment(row["opened_at"])))


def _due(row: Row, targets: "Targets") -> "Due":
    """Give what tells when a promise of a ticket is due."""
    from deskterm.calendars.promise import Span, due_at

    promises = _promises(row, targets)

    def due(kind: str, start: datetime) -> datetime | None:
        target = promises.targets.get((kind, bool(row["urgent"])))
        try:
            return due_at(Span(start, target), promises.calendar) if target else None
        except (UsageError, OverflowError):
            return None

    return due


def judged(database: Database, numbers: Sequence[int]) -> Iterator[Mapping[str, object]]:
    """Work out the courses of those tickets that count, from the ledger: a row each, by number."""
    return _judged(list(_told(database, numbers)), desk_targets(database))


def measures(database: Database, numbers: Sequence[int]) -> list[Mapping[str, object]]:
    """Work out the measures of tickets from the ledger: a row each, by number."""
    return _measures(list(_told(database, numbers)), desk_targets(database))


def _told(database: Database, numbers: Sequence[int]) -> "Iterator[tuple[Row, Course | None]]":
    """Read tickets, those that figures count with their courses."""
    text = (
        "SELECT t.id, t.subject, t.body, t.opened_at, t.first_closed_at, t.category_id, "  # noqa: S608 - constants
        f"({_COUNTED}) AS is_course, {_READ} FROM ticket t "
        "LEFT JOIN solution v ON v.id = t.solution_id "
        "LEFT JOIN result f ON f.ticket_id = t.id AND f.kind = 'solution' AND f.number = 1 "
        "AND f.started_at = t.opened_at WHERE t.id IN :ids ORDER BY t.id"
    )
    given = {"ids": numbers}
    tickets, happened = database.together((text, given), (_ENTRIES, given))
    cases = {row["id"] for row in tickets if row["is_case"]}
    entries = _entries([row for row in happened if row["subject_id"] in cases]) if cases else {}
    for row in tickets:
        is_case = row["id"] in cases
        yield row, _course(row, entries.get(row["id"], ())) if is_case else None


def _judged(
    told: "Sequence[tuple[Row, Course | None]]", targets: "Targets"
) -> Iterator[Mapping[str, object]]:
    _meet(told, targets)
    for row, course in told:
        if course is None or not row["is_course"]:
            continue
        from deskterm.reports.judged import judge
        from deskterm.reports.mistakes import unusual

        found = judge(course, _due(row, targets))
        whys = unusual(found.mistakes)
        yield {
            "ticket_id": row["id"],
            "category_id": row["category_id"],
            "steps": found.steps,
            "seconds": json.dumps(found.seconds, separators=(",", ":")),
            "reasons": json_text(found.reasons) if found.reasons else "",
            "mistakes": "".join(map(str, found.mistakes)),
            "whys": json_text(whys) if whys else "",
        }


def _course(row: Row, entries: "Sequence[Happened]") -> "Course":
    from deskterm.reports.course import Course

    opened = moment(row["opened_at"])
    return Course(row["id"], row["subject"], row["body"], opened, tuple(entries))


def _entries(rows: Sequence[Row]) -> "Mapping[int, list[Happened]]":
    """Give what happened on each ticket; what was undone did not happen."""
    from deskterm.reports.course import Entry as Happened

    found: dict[int, list[Happened]] = {}
    for row, changes, data in zip(rows, *(_json(rows, one) for one in _OBJECTS), strict=True):
        ours = row["actor"] not in PROCESSES
        one = Happened(moment(row["at"]), row["event"], ours, bool(row["public"]), changes, data)
        found.setdefault(row["subject_id"], []).append(one)
    return found


def _json(rows: Sequence[Row], column: str) -> Sequence[Any]:
    """Read a column of JSON in one go: one by one takes twice as long."""
    return json.loads(f"[{','.join(row[column] for row in rows)}]")  # type: ignore[no-any-return]  # an array


def _all(database: Database) -> list[int]:
    return [row["id"] for row in database.all("SELECT id FROM ticket ORDER BY id")]


def mend(database: Database, numbers: Sequence[int]) -> list[int]:
    """Keep the rows of tickets anew; gives the tickets of which something else was kept."""
    before = _kept(database, numbers)
    refresh(database, numbers)
    after = _kept(database, numbers)
    return sorted(one for one in before.keys() | after.keys() if before.get(one) != after.get(one))


def _kept(database: Database, numbers: Sequence[int]) -> dict[int, tuple[object, ...]]:
    rows = database.all(
        f"SELECT {', '.join(MEASURED)} FROM measure WHERE ticket_id IN :ids",  # noqa: S608 - constants
        ids=numbers,
    )
    return {row["ticket_id"]: tuple(row[name] for name in MEASURED) for row in rows}


def numbers_after(database: Database, reached: int, most: int) -> list[int]:
    """Give the next tickets by number."""
    rows = database.all(
        "SELECT id FROM ticket WHERE id > :reached ORDER BY id LIMIT :most",
        reached=reached,
        most=most,
    )
    return [row["id"] for row in rows]
