"""Spans of time and times to come, as people write them: `3d`, `2026-09`, `tomorrow`, `14:30`."""

from datetime import UTC, date, datetime, time, timedelta, tzinfo

from deskterm.domain.errors import UsageError
from deskterm.domain.patterns import pattern

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)

_SPAN = pattern(r"(\d{1,5})(min|mo|m|h|d|w|y)\Z")
_UNITS = {
    "m": timedelta(minutes=1),
    "min": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
    "mo": timedelta(days=30),
    "y": timedelta(days=365),
}
_DATE = pattern(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2})(?:[tT](\d{1,2}):(\d{2}))?)?)?\Z")
WORDS = (
    "today",
    "yesterday",
    "this-week",
    "last-week",
    "this-month",
    "last-month",
    "this-year",
    "last-year",
)
SPAN_HELP = "a span such as 30min, 4h, 2d, 1w, 3mo or 1y"
DATE_HELP = (
    "a date such as 2026-11, 2026-11-05, today, last-week or 2026-10-01..2026-10-31, or "
    + SPAN_HELP
)

Bounds = tuple[datetime | None, datetime | None]
"""From (included) and to (excluded), aware UTC; None is open."""


def span(text: str) -> timedelta | None:
    """Give the length of a span (a month is 30 days, a year 365), or None if it is no span."""
    match = _SPAN.match(text.lower())
    return int(match.group(1)) * _UNITS[match.group(2)] if match else None


def bounds(operator: str, text: str, now: datetime, zone: tzinfo) -> Bounds:
    """Give the instants that `updated<1w`, `created:2026-11` and the like mean.

    A span counts back from now: `<1w` is less than a week ago, `:1w` within the last week.
    Raises ValueError with what is possible.
    """
    first, dots, last = text.partition("..")
    if dots:
        if operator != ":":
            raise ValueError("a range goes with ':'")
        return _range(first, last, now, zone)
    length = span(text)
    if length is not None:
        return _since(operator, length, now)
    low, high = _window(text, now, zone)
    return {
        ":": (low, high),
        "<": (None, low),
        "<=": (None, high),
        ">": (high, None),
        ">=": (low, None),
    }[operator]


def _since(operator: str, length: timedelta, now: datetime) -> Bounds:
    edge = _back(now, length)
    return {
        ":": (edge, None),
        "<": (edge + _TICK, None),
        "<=": (edge, None),
        ">": (None, edge),
        ">=": (None, edge + _TICK),
    }[operator]


def _back(now: datetime, length: timedelta) -> datetime:
    return EPOCH if length >= now - EPOCH else now - length


def _range(first: str, last: str, now: datetime, zone: tzinfo) -> Bounds:
    shorter, longer = span(first), span(last)
    if shorter is not None and longer is not None:
        near, far = sorted((shorter, longer))
        return _back(now, far), _back(now, near) + _TICK
    low = None if first in ("", "*") else _edge(first, now, zone)[0]
    high = None if last in ("", "*") else _edge(last, now, zone)[1]
    if low is None and high is None:
        raise ValueError("a range needs a beginning or an end")
    if low and high and low >= high and _DATE.match(first) and _DATE.match(last):
        raise ValueError(f"the range ends before it begins: {first}..{last}")
    return low, high


def _edge(text: str, now: datetime, zone: tzinfo) -> tuple[datetime, datetime]:
    length = span(text)
    if length is not None:
        edge = _back(now, length)
        return edge, edge + _TICK
    return _window(text, now, zone)


def _window(text: str, now: datetime, zone: tzinfo) -> tuple[datetime, datetime]:
    if text.lower() in WORDS:
        first, after = _named(text.lower(), now.astimezone(zone).date())
        return _midnight(first, zone), _midnight(after, zone)
    match = _DATE.match(text)
    if not match:
        raise ValueError(f"'{text}' is neither {DATE_HELP}")
    year, month, day, hour, minute = (int(part) if part else None for part in match.groups())
    assert year is not None
    if not 1970 <= year <= 2998:
        raise ValueError("years go from 1970 to 2998")
    try:
        if hour is not None:
            local = datetime(year, month or 1, day or 1, hour, minute or 0, tzinfo=zone)
            return local.astimezone(UTC), local.astimezone(UTC) + timedelta(minutes=1)
        start, after = _calendar(year, month, day)
    except ValueError:
        raise ValueError(f"'{text}' is not in the calendar") from None
    return _midnight(start, zone), _midnight(after, zone)


def _calendar(year: int, month: int | None, day: int | None) -> tuple[date, date]:
    if month is None:
        return date(year, 1, 1), date(year + 1, 1, 1)
    if day is None:
        return date(year, month, 1), _next_month(date(year, month, 1))
    start = date(year, month, day)
    return start, start + timedelta(days=1)


def _next_month(first: date) -> date:
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)


def _named(word: str, today: date) -> tuple[date, date]:
    monday = today - timedelta(days=today.weekday())
    first = today.replace(day=1)
    before = (first - timedelta(days=1)).replace(day=1)
    day = timedelta(days=1)
    return {
        "today": (today, today + day),
        "yesterday": (today - day, today),
        "this-week": (monday, monday + 7 * day),
        "last-week": (monday - 7 * day, monday),
        "this-month": (first, _next_month(first)),
        "last-month": (before, first),
        "this-year": (date(today.year, 1, 1), date(today.year + 1, 1, 1)),
        "last-year": (date(today.year - 1, 1, 1), date(today.year, 1, 1)),
    }[word]


def _midnight(day: date, zone: tzinfo) -> datetime:
    """The first instant of a local day; where midnight is skipped, the instant of the change."""
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_CLOCK = pattern(r"(\d{1,2}):(\d{2})\Z")
_MORNING = time(8)
"""A day without an hour means its morning."""


def later(text: str, now: datetime, zone: tzinfo) -> datetime:
    """Give the aware UTC instant meant, which lies after `now`; raises UsageError."""
    word = text.strip().lower().removeprefix("next ").removeprefix("on ")
    length = span(word)
    if length is not None:
        return now + length
    local = now.astimezone(zone)
    meant = _day_at_clock(word, local) or _named_day(word, local) or _dated(word, zone)
    if meant is None:
        raise UsageError(
            f"until when? {text[:40]!r} is no time: say 3d, 2h, tomorrow, friday, 14:30 "
            "or 2026-12-24."
        )
    if meant <= now:
        raise UsageError(f"{text[:40]!r} lies in the past.")
    return meant.astimezone(UTC)


def _day_at_clock(word: str, local: datetime) -> datetime | None:
    """Give what `friday 14:30` and `tomorrow 9:00` mean."""
    day, _, hour = word.rpartition(" ")
    clock = _CLOCK.match(hour)
    if not day or clock is None or int(clock[1]) > 23 or int(clock[2]) > 59:
        return None
    meant = local if day == "today" else None if _CLOCK.match(day) else _named_day(day, local)
    if meant is None:
        return None
    return datetime.combine(meant.date(), time(int(clock[1]), int(clock[2])), local.tzinfo)


def _named_day(word: str, local: datetime) -> datetime | None:
    if word in ("tomorrow", "tmr"):
        return _morning(local, 1)
    for place, day in enumerate(_DAYS):
        if len(word) >= 3 and day.startswith(word):
            return _morning(local, (place - local.weekday() - 1) % 7 + 1)
    if word == "week":
        return _morning(local, 7 - local.weekday())
    clock = _CLOCK.match(word)
    if clock and int(clock[1]) < 24 and int(clock[2]) < 60:
        today = local.replace(hour=int(clock[1]), minute=int(clock[2]), second=0, microsecond=0)
        return today if today > local else today + timedelta(days=1)
    return None


def _morning(local: datetime, days: int) -> datetime:
    day = (local + timedelta(days=days)).date()
    return datetime.combine(day, _MORNING, local.tzinfo)


def _dated(word: str, zone: tzinfo) -> datetime | None:
    try:
        meant = datetime.fromisoformat(word.upper())
    except ValueError:
        return None
    if len(word) <= 10:
        meant = datetime.combine(meant.date(), _MORNING)
    return meant if meant.tzinfo else meant.replace(tzinfo=zone)
