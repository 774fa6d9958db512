"""Reads what is promised of one ticket, and what its clocks count: for `why` and for scripts."""

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
from deskterm.domain.errors import UsageError
from deskterm.domain.standing import ClockRow, PieceRow
from deskterm.domain.vocabulary import State
from deskterm.storage.driver import Database, Row, moment, moment_or_none
from deskterm.storage.targets import Targets, wanted
from deskterm.storage.ticket.clocks import DUES, past_of

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
