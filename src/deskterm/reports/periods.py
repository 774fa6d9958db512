"""Periods that figures are asked for: a month, a quarter, any range, in the desk's zone.

A period is whole local days: from the first instant of one to the first instant after another.
Midnight need not exist: where it is skipped, the day begins with the change.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import NamedTuple

from deskterm.domain.errors import UsageError
from deskterm.domain.patterns import pattern

HELP = (
    "today, yesterday, this-week, last-month, this-quarter, last-year, 30d, 12w, "
    "2026, 2026-11, 2026-W48, 2026-Q4, 2026-11-05, 2026-10-01..2026-10-31"
)
_DAY = timedelta(days=1)
_NAMED = pattern(r"(this|last)-(week|month|quarter|year)\Z")
_SPAN = pattern(r"(\d{1,4})([dw])\Z")
_WEEK = pattern(r"(\d{4})-w(\d{1,2})\Z")
_QUARTER = pattern(r"(\d{4})-q([1-4])\Z")
_DATE = pattern(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?\Z")
_FIRST, _LAST = date(1970, 1, 1), date(2998, 12, 31)


class Period(NamedTuple):
    """Whole local days, from the first to the day after the last."""

    first: date
    after: date
    zone: tzinfo
    unit: str = "range"
    """day, week, month, quarter, year, or range."""

    @property
    def start(self) -> datetime:
        """The first instant, UTC."""
        return midnight(self.first, self.zone)

    @property
    def end(self) -> datetime:
        """The first instant after it, UTC."""
        return midnight(self.after, self.zone)

    @property
    def days(self) -> int:
        """How many local days it has."""
        return (self.after - self.first).days

    @property
    def name(self) -> str:
        """As it is written when it is asked for: `2026-11`, `2026-Q4`, `2026-10-01..2026-10-31`."""
        first = self.first
        if self.unit == "week":
            year, week, _ = first.isocalendar()
            return f"{year}-W{week:02d}"
        names = {
            "day": first.isoformat(),
            "month": f"{first:%Y-%m}",
            "quarter": f"{first.year}-Q{(first.month + 2) // 3}",
            "year": f"{first.year}",
        }
        return names.get(self.unit, f"{first}..{self.after - _DAY}")

    def before(self) -> "Period":
        """Give the period before it: the month before, or as many days before."""
        return self.moved(-1)

    def moved(self, steps: int) -> "Period":
        """Give the period so many steps later; at the ends of the calendar it stays."""
        if self.unit in _STEPS:
            first, after = (_STEPS[self.unit](day, steps) for day in (self.first, self.after))
        else:
            first, after = (day + steps * self.days * _DAY for day in (self.first, self.after))
        return self._replace(first=first, after=after) if _FIRST <= first < _LAST else self

    def year_ago(self) -> "Period":
        """Give the same period a year ago; a week keeps its days of the week."""
        if self.unit in ("week", "day", "range"):
            back = 364 * _DAY if self.unit == "week" else None
            first = self.first - back if back else _add_months(self.first, -12)
            return self._replace(first=first, after=first + self.days * _DAY)
        return self._replace(first=_add_months(self.first, -12), after=_add_months(self.after, -12))

    def pieces(self) -> Iterator["Period"]:
        """Give the pieces that a line of it has: days, weeks or months, at most about 60."""
        unit = "day" if self.days <= 62 else "week" if self.days <= 370 else "month"
        first = self.first
        while first < self.after:
            after = min(_STEPS[unit](first if unit != "month" else first.replace(day=1), 1),
                        self.after)  # fmt: skip
            yield Period(first, after, self.zone, unit if unit == "day" else "range")
            first = after


def midnight(day: date, zone: tzinfo) -> datetime:
    """Give the first instant of a local day, UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


def _add_months(day: date, months: int) -> date:
    count = day.year * 12 + day.month - 1 + months
    year, month = divmod(count, 12)
    first = date(min(max(year, 1), 9998), month + 1, 1)
    after = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return first + min(day.day - 1, (after - first).days - 1) * _DAY


_STEPS: dict[str, Callable[[date, int], date]] = {
    "day": lambda day, n: day + n * _DAY,
    "week": lambda day, n: day + 7 * n * _DAY,
    "month": _add_months,
    "quarter": lambda day, n: _add_months(day, 3 * n),
    "year": lambda day, n: _add_months(day, 12 * n),
}


def period(text: str, today: date, zone: tzinfo) -> Period:
    """Give the period that `2026-11`, `last-quarter`, `30d` or a range of days means.

    `30d` ends with today. Raises UsageError with what is possible.
    """
    words = text.strip().lower()
    try:
        first, after, unit = _read(words, today)
    except (ValueError, OverflowError):
        raise UsageError(f"{text[:40]!r} is no period: write {HELP}.") from None
    if not _FIRST <= first < after <= _LAST + _DAY:
        raise UsageError(
            f"{text[:40]!r} is no period: it ends before it begins, or its year is not "
            "from 1970 to 2998."
        )
    return Period(first, after, zone, unit)


def _read(words: str, today: date) -> tuple[date, date, str]:
    if ".." in words:
        low, _, high = words.partition("..")
        return _read(low, today)[0], _read(high, today)[1], "range"
    if words in ("today", "yesterday"):
        first = today - _DAY * (words == "yesterday")
        return first, first + _DAY, "day"
    for shape, read in ((_NAMED, _named), (_SPAN, _span), (_WEEK, _week), (_QUARTER, _quarter)):
        match = shape.match(words)
        if match:
            return read(match[1], match[2], today)
    match = _DATE.match(words)
    if not match:
        raise ValueError(words)
    year, month, day = (int(part) if part else None for part in match.groups())
    if month is None:
        return date(year or 0, 1, 1), date((year or 0) + 1, 1, 1), "year"
    first = date(year or 0, month, day or 1)
    return (first, first + _DAY, "day") if day else (first, _add_months(first, 1), "month")


def _named(which: str, unit: str, today: date) -> tuple[date, date, str]:
    first = {
        "week": today - today.weekday() * _DAY,
        "month": today.replace(day=1),
        "quarter": today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1),
        "year": today.replace(month=1, day=1),
    }[unit]
    first = _STEPS[unit](first, -1) if which == "last" else first
    return first, _STEPS[unit](first, 1), unit


def _span(many: str, unit: str, today: date) -> tuple[date, date, str]:
    days = int(many) * (7 if unit == "w" else 1)
    return today + _DAY - days * _DAY, today + _DAY, "range"


def _week(year: str, week: str, _: date) -> tuple[date, date, str]:
    first = date.fromisocalendar(int(year), int(week), 1)
    return first, first + 7 * _DAY, "week"


def _quarter(year: str, number: str, _: date) -> tuple[date, date, str]:
    first = date(int(year), int(number) * 3 - 2, 1)
    return first, _add_months(first, 3), "quarter"
