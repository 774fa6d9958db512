"""Business time: what a calendar counts between two instants, piece by piece, and its inverse.

An instant counts where its local time of day lies in a window of its local date (semantics.md §4).
Nothing here steps along the local clock: a day is cut where the zone's offset changes, so a spring
day has 23 hours, an hour that comes twice counts twice, and midnight need not exist.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import chain
from typing import NamedTuple

from deskterm.calendars.hours import ALWAYS, DAY, Holidays, Week
from deskterm.domain.errors import UsageError

RUNNING = "running"
CLOSED = "out of hours"
HOLIDAY = "holiday"
SHIFT = "daylight saving"
PAUSED = "paused"

FARTHEST = 3_700
"""Days that are walked before a calendar counts as one that never opens."""
STRETCH = 32
"""Days of which it is remembered together what they count: a year is some forty sums."""

_MINUTE = timedelta(minutes=1)
_ONE_DAY = timedelta(days=1)
_NONE = timedelta(0)


class Segment(NamedTuple):
    """A piece of time and what the calendar makes of it; `why` prints these."""

    start: datetime
    end: datetime
    kind: str
    """running, out of hours, holiday, daylight saving (no length: the clock moves), paused."""
    note: str = ""

    @property
    def counted(self) -> timedelta:
        """What this piece adds to the clock."""
        return self.end - self.start if self.kind == RUNNING else _NONE


class Calendar:
    """Windows of a week, holidays and the zone both are meant in."""

    def __init__(
        self, week: Week = ALWAYS, holidays: Holidays | None = None, zone: tzinfo = UTC
    ) -> None:
        self.week = week
        self.holidays = holidays or Holidays()
        self.zone = zone
        self._days: dict[int, tuple[Segment, ...]] = {}
        self._sums: dict[tuple[int, int], timedelta] = {}

    def segments(self, start: datetime, end: datetime) -> Iterator[Segment]:
        """Give the pieces between two aware instants, in order, without gaps."""
        last: Segment | None = None
        for piece in self._pieces(start, end):
            if last and (last.kind, last.note) == (piece.kind, piece.note) and piece.kind != SHIFT:
                last = last._replace(end=piece.end)
            else:
                if last:
                    yield last
                last = piece
        if last:
            yield last

    def business_time_between(self, start: datetime, end: datetime) -> timedelta:
        """Give how much business time lies between two instants; zero where end ≤ start."""
        start, end = start.astimezone(UTC), end.astimezone(UTC)
        first, last = start.toordinal() + 1, end.toordinal()
        if first >= last:
            return _counted(self._pieces(start, end))
        edges = chain(self._pieces(start, _midnight(first)), self._pieces(_midnight(last), end))
        return _counted(edges) + self._whole(first, last)

    def add_business_time(self, start: datetime, length: timedelta) -> datetime:
        """Give the first instant at which `length` of business time has passed since `start`.

        So 18:00 and not the next morning; `start` itself for no length at all. Raises UsageError
        where the calendar does not open often enough.
        """
        left = length
        at = start.astimezone(UTC)
        if left <= _NONE:
            return at
        for piece in self._pieces(at, self._horizon(at)):
            if piece.counted >= left:
                return piece.start + left
            left -= piece.counted
        raise self._never()

    def next_open(self, start: datetime) -> datetime:
        """Give the first instant from `start` on that lies in business hours; raises UsageError."""
        at = start.astimezone(UTC)
        for piece in self._pieces(at, self._horizon(at)):
            if piece.kind == RUNNING:
                return piece.start
        raise self._never()

    def add_business_days(self, start: datetime, days: int) -> datetime:
        """Give the same time of day so many open days later; a start out of hours counts from
        the next opening, and a time that is not open that day moves on to the next opening of
        the same day, or back to its close. Raises UsageError.
        """
        first = self.next_open(start)
        local = first.astimezone(self.zone)
        day, left = local.date(), days
        if left <= 0:
            return first
        for _ in range(FARTHEST):
            day += _ONE_DAY
            opened = self._open_on(day)
            left -= bool(opened)
            if opened and left <= 0:
                return self._at_clock(day, local, opened)
        raise self._never()

    def _at_clock(self, day: date, local: datetime, opened: list[Segment]) -> datetime:
        meant = local.replace(year=day.year, month=day.month, day=day.day, fold=0).astimezone(UTC)
        for piece in opened:
            if meant < piece.end:
                return max(meant, piece.start)
        return opened[-1].end

    def _open_on(self, day: date) -> list[Segment]:
        """The open pieces of a local date: they lie in that UTC date or one beside it."""
        near = day.toordinal()
        return [
            piece
            for ordinal in (near - 1, near, near + 1)
            for piece in self._day(ordinal)
            if piece.kind == RUNNING and piece.start.astimezone(self.zone).date() == day
        ]

    def _pieces(self, start: datetime, end: datetime) -> Iterator[Segment]:
        start, end = start.astimezone(UTC), end.astimezone(UTC)
        if end <= start:
            return
        for ordinal in range(start.toordinal(), end.toordinal() + 1):
            for piece in self._day(ordinal):
                if piece.start >= end:
                    return
                if piece.end > start or (piece.kind == SHIFT and piece.start >= start):
                    yield piece._replace(start=max(piece.start, start), end=min(piece.end, end))

    def _whole(self, first: int, last: int) -> timedelta:
        """What whole UTC dates count, the last one not among them; stretches are summed once."""
        found = _NONE
        while first < last:
            step = STRETCH if first % STRETCH == 0 and first + STRETCH <= last else 1
            key = first, step
            if key not in self._sums:
                days = range(first, first + step)
                self._sums[key] = _counted(piece for day in days for piece in self._day(day))
            found += self._sums[key]
            first += step
        return found

    def _day(self, ordinal: int) -> tuple[Segment, ...]:
        """The pieces of one UTC date, worked out once."""
        if ordinal not in self._days:
            self._days[ordinal] = tuple(self._cut(ordinal))
        return self._days[ordinal]

    def _cut(self, ordinal: int) -> Iterator[Segment]:
        day = date.fromordinal(ordinal)
        start = datetime(day.year, day.month, day.day, tzinfo=UTC)
        end = start + _ONE_DAY
        before, after = _offset(start, self.zone), _offset(end - timedelta(seconds=1), self.zone)
        if before == after:
            yield from self._even(start, end, before)
            return
        change = _change(start, end, self.zone, before)
        yield from self._even(start, change, before)
        minutes = round((after - before) / _MINUTE)
        yield Segment(change, change, SHIFT, f"{minutes:+d} min")
        yield from self._even(change, end, after)

    def _even(self, start: datetime, end: datetime, offset: timedelta) -> Iterator[Segment]:
        """The pieces of a stretch in which the zone's offset does not change."""
        at = start
        while at < end:
            midnight = (at + offset).replace(hour=0, minute=0, second=0, microsecond=0) - offset
            day = (midnight + offset).date()
            close = min(end, midnight + _ONE_DAY)
            for low, high, kind, note in self._marks(day):
                begins = max(at, midnight + low * _MINUTE)
                ends = min(close, midnight + high * _MINUTE)
                if begins < ends:
                    yield Segment(begins, ends, kind, note)
            at = close

    def _marks(self, day: date) -> Iterator[tuple[int, int, str, str]]:
        """A local date's clock face, in minutes: what counts and what does not."""
        if day in self.holidays:
            yield 0, DAY, HOLIDAY, self.holidays.note(day)
            return
        at = 0
        for low, high in self.week[day.weekday()]:
            if at < low:
                yield at, low, CLOSED, ""
            yield low, high, RUNNING, ""
            at = high
        if at < DAY:
            yield at, DAY, CLOSED, ""

    def _horizon(self, start: datetime) -> datetime:
        far = datetime.max.replace(tzinfo=UTC) - 3 * _ONE_DAY
        return min(start, far - FARTHEST * _ONE_DAY) + FARTHEST * _ONE_DAY

    def _never(self) -> UsageError:
        return UsageError(
            "the desk's calendar does not open within ten years: see the settings hours and "
            "holidays."
        )


def _counted(pieces: Iterable[Segment]) -> timedelta:
    return sum((piece.counted for piece in pieces), _NONE)


def _midnight(ordinal: int) -> datetime:
    """The first instant of a UTC date."""
    return datetime.combine(date.fromordinal(ordinal), time(), UTC)


def _offset(at: datetime, zone: tzinfo) -> timedelta:
    return at.astimezone(zone).utcoffset() or _NONE


def _change(low: datetime, high: datetime, zone: tzinfo, before: timedelta) -> datetime:
    """The second at which the offset changes, by halving."""
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=round((high - low).total_seconds() / 2))
        if _offset(middle, zone) == before:
            low = middle
        else:
            high = middle
    return high
