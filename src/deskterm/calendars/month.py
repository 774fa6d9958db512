"""A month of a calendar as rows: for each day its hours, or why it has none."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from deskterm.calendars.calendar import HOLIDAY, RUNNING, SHIFT, Calendar, Segment
from deskterm.domain.errors import UsageError
from deskterm.domain.patterns import pattern

_MONTH = pattern(r"(\d{4})-(\d{1,2})\Z")
_DAY = timedelta(days=1)


class DayRow(NamedTuple):
    """One local day."""

    day: date
    hours: str
    """Its windows: 08:00-12:00 13:00-18:00; empty: none."""
    seconds: int
    """Business seconds, as they really pass: a spring day around the clock has 23 hours."""
    note: str
    """A holiday's name, a change of the clock."""


def read_month(text: str, today: date) -> date:
    """Give the first day of a month such as 2026-12; empty: this month. Raises UsageError."""
    if not text.strip():
        return today.replace(day=1)
    match = _MONTH.match(text.strip())
    if match and 1 <= int(match[2]) <= 12 and 1900 <= int(match[1]) <= 9000:
        return date(int(match[1]), int(match[2]), 1)
    raise UsageError(f"{text[:20]!r} is no month: write it like 2026-12.")


def month(calendar: Calendar, first: date) -> Iterator[DayRow]:
    """Give the days of the month that begins on a date."""
    day = first
    while day.month == first.month:
        yield _row(calendar, day)
        day += _DAY


def _row(calendar: Calendar, day: date) -> DayRow:
    """Give one day: its pieces lie in that UTC date or one beside it."""
    around = datetime(day.year, day.month, day.day, tzinfo=UTC)
    pieces = [
        piece
        for piece in calendar.segments(around - _DAY, around + 2 * _DAY)
        if piece.kind in (RUNNING, HOLIDAY, SHIFT)
    ]
    zone = calendar.zone
    begin, end = _midnight(calendar, day), _midnight(calendar, day + _DAY)
    inside = [
        piece._replace(start=max(piece.start, begin), end=min(piece.end, end))
        for piece in pieces
        if piece.start < end
        and (piece.end > begin or (piece.kind == SHIFT and piece.start >= begin))
    ]
    running = [piece for piece in inside if piece.kind == RUNNING]
    notes = [_note(piece) for piece in inside if piece.kind != RUNNING]
    hours = " ".join(
        f"{piece.start.astimezone(zone):%H:%M}-"
        f"{'24:00' if piece.end == end else f'{piece.end.astimezone(zone):%H:%M}'}"
        for piece in _joined(running)
    )
    seconds = round(sum(piece.counted.total_seconds() for piece in running))
    return DayRow(day, hours, seconds, "; ".join(dict.fromkeys(one for one in notes if one)))


def _joined(pieces: list[Segment]) -> Iterator[Segment]:
    """Join what only a change of the clock parts."""
    last: Segment | None = None
    for piece in pieces:
        if last is not None and last.end == piece.start:
            last = last._replace(end=piece.end)
            continue
        if last is not None:
            yield last
        last = piece
    if last is not None:
        yield last


def _note(piece: Segment) -> str:
    """Give a holiday's name, without its date, or that the clock moves."""
    if piece.kind == SHIFT:
        return f"clock {piece.note}"
    return piece.note[11:] or "holiday"


def _midnight(calendar: Calendar, day: date) -> datetime:
    """Give the first instant of a local date, which need not be midnight."""
    low = datetime(day.year, day.month, day.day, tzinfo=UTC) - _DAY
    high = low + 2 * _DAY
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=round((high - low).total_seconds() / 2))
        if middle.astimezone(calendar.zone).date() < day:
            low = middle
        else:
            high = middle
    return high
