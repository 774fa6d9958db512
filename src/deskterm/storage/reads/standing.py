"""Reads for "why is this on top" and "take the next one"."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from deskterm.calendars.calendar import Calendar
from deskterm.calendars.history import Past, is_paused
from deskterm.calendars.promise import (
    PICKUP,
    PROMISED,
    RESPONSE,
    SOLUTION,
    Promises,
    Span,
    Target,
    due_at,
    pauses_since,
    read_target,
    segments,
    target_words,
)
from deskterm.domain.errors import NotFoundError, UsageError
from deskterm.domain.rows import BoardRow
from deskterm.domain.standing import ClockRow, PieceRow, Standing
from deskterm.domain.vocabulary import OPEN_STATES, State
from deskterm.storage.driver import Database, Row, moment, moment_or_none
from deskterm.storage.reads import board
from deskterm.storage.targets import Targets, wanted
from deskterm.storage.ticket.clocks import DUES, past_of
from deskterm.triage.ranking import key, reasons
from deskterm.triage.ranking import reason as impact_reason
from deskterm.triage.taking import Taker

_TICKET = (
    "SELECT id, state, urgent, waiting_for, approval, service_id, requester_id, needs, opened_at, "
    "picked_at, responded_at, unanswered_at, solved_at, closed_at, pickup_due, response_due, "
    "solution_due FROM ticket WHERE id = :id"
)
_RESULTS = (
    "SELECT kind, started_at, ended_at, target, due_at, met, why FROM result "
    "WHERE ticket_id = :id ORDER BY kind, number"
)
_WORKING = (State.NEW, State.OPEN, State.WAITING)


class _Clock(NamedTuple):
    """One clock before it is told."""

    kind: str
    start: datetime
    end: datetime | None
    due: datetime | None
    """As it is kept beside the ticket."""


def promised(
    database: Database, number: int, now: datetime
) -> tuple[str, str, tuple[ClockRow, ...]]:
    """Give by which offer and calendar a ticket is promised anything, by which rule; its clocks."""
    row = database.returned(_TICKET, id=number)
    targets, about = Targets(database), wanted(dict(row), moment(row["opened_at"]))
    promises = targets.of(about)
    past = past_of(database, [number], now)[number]
    judged = {one["kind"]: one for one in database.all(_RESULTS, id=number)}
    found = []
    for clock in _clocks(row, past):
        frozen = judged.get("next" if _is_later(clock, past) else clock.kind)
        told = _told(clock, promises, past, row, now)
        one = _judged(clock, frozen, promises, past) if clock.end and frozen else told
        if one is not None:
            found.append(one)
    return promises.why, targets.rule(about), tuple(found)


def _is_later(clock: _Clock, past: Past) -> bool:
    """Tell whether an answer is not the first."""
    return clock.kind == RESPONSE and past.unanswered_at == clock.start


def _clocks(row: Row, past: Past) -> list[_Clock]:
    """Give a ticket's clocks: when each began, and ended."""
    opened = past.start(moment(row["opened_at"]))
    answered = past.responded_at if past.unanswered_at is None else None
    ends = {PICKUP: moment_or_none(row["picked_at"]), RESPONSE: answered, SOLUTION: _solved(row)}
    starts = {RESPONSE: past.unanswered_at or opened}
    return [
        _Clock(kind, starts.get(kind, opened), ends[kind], moment_or_none(row[DUES[kind]]))
        for kind in PROMISED
    ]


def _solved(row: Row) -> datetime | None:
    """When the work was said to be done, or the ticket ended without that."""
    if row["state"] in _WORKING:
        return None
    return moment_or_none(row["solved_at"]) or moment_or_none(row["closed_at"])


def _told(
    clock: _Clock, promises: Promises, past: Past, row: Row, now: datetime
) -> ClockRow | None:
    """Give a clock by what is promised today; None where nothing is."""
    target = promises.targets[clock.kind, bool(row["urgent"])]
    if target is None:
        return None
    until = clock.end or now
    before = [one for one in past.pauses if one.start < until]
    span = Span(clock.start, target, pauses_since(before, clock.start))
    stands = clock.end is None and is_paused(row["state"], row["waiting_for"], row["approval"])
    due = None if stands else clock.due or _due(span, promises.calendar)
    state = "paused" if stands else "running"
    if clock.end is not None:
        state = "kept" if due is None or clock.end <= due else "missed"
    return _row(clock, target, (state, due), _pieces(span, promises.calendar, until))


def _judged(clock: _Clock, frozen: Row, promises: Promises, past: Past) -> ClockRow | None:
    """Give a clock as it was judged when it ended; None where nothing was promised then."""
    due, ended = moment_or_none(frozen["due_at"]), moment(frozen["ended_at"])
    if due is None:
        return None
    target = read_target(frozen["target"])
    before = [one for one in past.pauses if one.start < ended]
    start = moment(frozen["started_at"])
    span = Span(start, target or Target(), pauses_since(before, start))
    state = "kept" if frozen["met"] else "missed"
    one = _row(
        clock._replace(end=ended), target, (state, due), _pieces(span, promises.calendar, ended)
    )
    return one._replace(why=frozen["why"] if frozen["why"] != promises.why else "")


def _due(span: Span, calendar: Calendar) -> datetime | None:
    try:
        return due_at(span, calendar)
    except (UsageError, OverflowError):
        return None


def _pieces(span: Span, calendar: Calendar, until: datetime) -> tuple[PieceRow, ...]:
    return tuple(
        PieceRow(*piece, round(piece.counted.total_seconds()))
        for piece in segments(span, calendar, until)
    )


def _row(
    clock: _Clock,
    target: Target | None,
    stand: tuple[str, datetime | None],
    pieces: Sequence[PieceRow],
) -> ClockRow:
    state, due = stand
    ran = sum(piece.counted for piece in pieces)
    return ClockRow(clock.kind, target_words(target), state, due, clock.end, ran, tuple(pieces))


_EXPERIENCE = 2_000
"""Newest tickets of a technician that are looked at for what they have solved."""


def standing(database: Database, number: int, now: datetime) -> Standing:
    """Give where a ticket stands and why; raises NotFoundError."""
    rows = board.rows(database, [number])
    if not rows:
        raise NotFoundError(f"there is no ticket #{number}.")
    row = rows[0]
    is_open = row.state in OPEN_STATES
    return Standing(
        row.id,
        row.subject,
        _before(database, row) + 1 if is_open else None,
        _count(database, "is_open = TRUE"),
        tuple(_reasons(database, row, now)),
        *promised(database, row.id, now),
    )


def _count(database: Database, condition: str, **params: object) -> int:
    row = database.one(f"SELECT count(*) AS n FROM ticket WHERE {condition}", **params)  # noqa: S608 - constants
    return int(row["n"]) if row else 0


def _before(database: Database, row: BoardRow) -> int:
    """How many open tickets the board shows above this one."""
    stands = key(row)
    return _count(
        database,
        "is_open = TRUE AND (line, rank_at, -impact, opened_at, id) "
        "< (:line, :rank, :impact, :opened, :id)",
        **dict(zip(("line", "rank", "impact", "opened", "id"), stands, strict=True)),
    )


def _reasons(database: Database, row: BoardRow, now: datetime) -> list[str]:
    """Give why it stands there; where a problem touches so many people, which one."""
    found = reasons(row, now)
    plain = f"{row.impact} people"
    if plain in found:
        known = database.one(
            "SELECT t.people, min(x.problem_id) AS problem FROM ticket t "
            "LEFT JOIN problem_ticket x ON x.ticket_id = t.id WHERE t.id = :id GROUP BY t.people",
            id=row.id,
        )
        if known is not None and known["problem"] is not None:
            words = impact_reason(known["people"], row.impact, f"P{known['problem']}")
            found[found.index(plain)] = words
    return found


def taker(database: Database, me: str, rows: Sequence[BoardRow]) -> Taker:
    """Give what is known of a technician who takes one of these tickets."""
    groups = database.all(
        "SELECT g.name FROM membership m JOIN desk_group g ON g.id = m.group_id "
        "WHERE m.login = :me",
        me=me,
    )
    gave = database.all(
        "SELECT id FROM ticket WHERE from_assignee = :me AND id IN :ids",
        me=me,
        ids=[row.id for row in rows],
    )
    solved = database.all(
        "SELECT c.path, count(*) AS n FROM (SELECT category_id FROM ticket WHERE assignee = :me "
        "AND outcome = 'solved' ORDER BY id DESC LIMIT :most) AS own "
        "JOIN category c ON c.id = own.category_id GROUP BY c.path",
        me=me,
        most=_EXPERIENCE,
    )
    return Taker(
        {row["name"] for row in groups},
        {row["id"] for row in gave},
        {row["path"]: row["n"] for row in solved},
    )
