"""Free time for visits: business hours without absences and visits, the way included (§13)."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from deskterm.calendars.calendar import RUNNING, Calendar
from deskterm.calendars.hours import ALWAYS
from deskterm.domain.visits import AHEAD

STEP = timedelta(minutes=30)
"""Visits begin at full and half hours of the calendar's clock."""
_BY_DAY = (8, 18)
"""Hours in which visits are offered by a desk that never closes."""
_NOON = 12


class Busy(NamedTuple):
    """A time at which a technician is somewhere, or off."""

    start: datetime
    end: datetime
    site: int | None = None
    """Where; None where that is no site of the desk's."""
    travel: int = 0
    """Minutes of the way there."""
    ticket: int = 0
    """The ticket of the visit; 0: they are off."""


class Wanted(NamedTuple):
    """What is looked for."""

    length: timedelta
    travel: int = 0
    site: int | None = None


def way_between(one: Busy, other: Busy) -> timedelta:
    """Give the time for the way between two visits: none within a site, else the longer way."""
    if not one.ticket or not other.ticket:
        return timedelta(0)
    if one.site is not None and one.site == other.site:
        return timedelta(0)
    return timedelta(minutes=max(one.travel, other.travel))


def in_the_way(one: Busy, others: Iterable[Busy]) -> Busy | None:
    """Give the first of others that does not leave time for one, the way between included."""
    for other in others:
        way = way_between(one, other)
        if one.start < other.end + way and other.start < one.end + way:
            return other
    return None


def free_slots(
    calendar: Calendar, busy: Sequence[Busy], wanted: Wanted, start: datetime, most: int
) -> list[datetime]:
    """Give up to `most` times at which there is time, the earliest of each half day."""
    found: list[datetime] = []
    halves: set[tuple[str, bool]] = set()
    for at in _starts(calendar, wanted.length, start):
        local = at.astimezone(calendar.zone)
        half = (local.date().isoformat(), local.hour < _NOON)
        if half in halves or in_the_way(_as_busy(at, wanted), busy):
            continue
        halves.add(half)
        found.append(at)
        if len(found) == most:
            break
    return found


def _as_busy(at: datetime, wanted: Wanted) -> Busy:
    return Busy(at, at + wanted.length, wanted.site, wanted.travel, ticket=-1)


def _starts(calendar: Calendar, length: timedelta, start: datetime) -> Iterator[datetime]:
    """Give the half hours from which a whole visit lies in business hours."""
    for piece in calendar.segments(start, start + AHEAD):
        if piece.kind != RUNNING:
            continue
        at = _rounded(max(piece.start, start), calendar)
        while at + length <= piece.end:
            if calendar.week != ALWAYS or _is_by_day(at, length, calendar):
                yield at
            at += STEP


def _is_by_day(at: datetime, length: timedelta, calendar: Calendar) -> bool:
    local, end = (one.astimezone(calendar.zone) for one in (at, at + length))
    low, high = _BY_DAY
    return low <= local.hour and (end.hour, end.minute) <= (high, 0) and local.date() == end.date()


def _rounded(at: datetime, calendar: Calendar) -> datetime:
    """Give the next half hour of the local clock."""
    local = at.astimezone(calendar.zone)
    over = timedelta(
        minutes=local.minute % 30, seconds=local.second, microseconds=local.microsecond
    )
    return at if not over else at + STEP - over
