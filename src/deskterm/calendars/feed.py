"""Days off that others know: public holidays, and iCalendar files or feeds (RFC 5545)."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

from deskterm.domain.errors import UsageError

MOST_BYTES = 2_000_000
MOST_EVENTS = 5_000
MOST_DAYS = 5_000
_LONGEST = 366
"""Days of one event."""
_MOST_TIMES = 4_000
"""So many times of one rule are looked at: a weekly one of seventy years."""
_RULES = ("YEARLY", "MONTHLY", "WEEKLY")
_BROKEN = (
    *(ValueError, KeyError, IndexError, TypeError),
    *(AttributeError, OverflowError, RecursionError),
)
"""What the library raises on files that are no calendars."""


def days_of(body: bytes, first: date, last: date) -> Mapping[date, str]:
    """Give date → name of the whole-day events between two dates.

    Events with a time of day, and rules that come daily or more often, are no holidays. Raises
    UsageError for what is no calendar, or more than the limits.
    """
    if len(body) > MOST_BYTES:
        raise UsageError(
            f"it is larger than {MOST_BYTES // 1_000_000} MB: no calendar of holidays."
        )
    from icalendar import Calendar  # noqa: PLC0415 - 0.06 s, only where a feed is read

    try:
        events = list(islice(Calendar.from_ical(body).walk("VEVENT"), MOST_EVENTS + 1))
    except _BROKEN as error:
        raise UsageError(f"it is no iCalendar file ({str(error)[:80] or 'unreadable'}).") from error
    if len(events) > MOST_EVENTS:
        raise UsageError(f"it has more than {MOST_EVENTS} events: no calendar of holidays.")
    found: dict[date, str] = {}
    for event in events:
        try:
            for day in _days(event, first, last):
                found.setdefault(day, str(event.get("summary") or "")[:100].strip())
        except _BROKEN:
            continue  # one broken event takes no other with it
        if len(found) > MOST_DAYS:
            raise UsageError(f"it has more than {MOST_DAYS} days: no calendar of holidays.")
    return dict(sorted(found.items()))


def _days(event: Any, first: date, last: date) -> Iterator[date]:
    """Give the days of an event within two dates."""
    start = event.decoded("dtstart")
    if isinstance(start, datetime):
        return
    end = event.decoded("dtend", None)
    length = (end - start).days if isinstance(end, date) and not isinstance(end, datetime) else 1
    for begin in _begins(event, start, last):
        for step in range(min(max(length, 1), _LONGEST)):
            day = begin + timedelta(days=step)
            if first <= day <= last:
                yield day


def _begins(event: Any, start: date, last: date) -> Iterator[date]:
    """Give the dates on which an event begins, its rule followed."""
    rule = event.get("rrule")
    if rule is None:
        yield start
        return
    if str(rule.get("freq", [""])[0]).upper() not in _RULES:
        return
    # Comes with the library that reads the file.
    from dateutil.rrule import rrulestr  # type: ignore[import-untyped]  # noqa: PLC0415

    begin = datetime(start.year, start.month, start.day)  # noqa: DTZ001 - a date, no instant
    told = rrulestr(rule.to_ical().decode(), dtstart=begin)
    for at in islice(told, _MOST_TIMES):
        if at.date() > last:
            return
        yield at.date()


def public_holidays(country: str, subdivision: str, years: Iterable[int]) -> Mapping[date, str]:
    """Give date → name in English where there is one; raises UsageError for an unknown place."""
    import holidays  # noqa: PLC0415 - 50 ms; only where a calendar is written, or a year has passed

    known = holidays.list_supported_countries()
    if country not in known:
        raise UsageError(
            f"no public holidays are known of {country[:20]!r}: write a country like DE, CH or US."
        )
    if subdivision and subdivision not in known[country]:
        parts = ", ".join(known[country][:30])
        said = f"it has {parts}" if parts else "it has none"
        raise UsageError(f"{country} has no part {subdivision[:20]!r}; {said}.")
    found = holidays.country_holidays(
        country, subdiv=subdivision or None, years=list(years), language="en_US"
    )
    return {day: str(name) for day, name in sorted(found.items())}
