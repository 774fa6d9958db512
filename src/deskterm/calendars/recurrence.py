"""The dates of a rule of RFC 5545, in days: which there are, and where one goes on a day off.

Only days count: what repeats within one is refused, and so is a rule that no day ever fits.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import takewhile
from typing import TYPE_CHECKING

from deskterm.domain.errors import UsageError
from deskterm.domain.means import AFTER, KEEP
from deskterm.domain.patterns import pattern

if TYPE_CHECKING:
    from deskterm.calendars.calendar import Calendar

WORDS = {
    "daily": "FREQ=DAILY",
    "workdays": "FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR",
    "weekly": "FREQ=WEEKLY",
    "monthly": "FREQ=MONTHLY",
    "quarterly": "FREQ=MONTHLY;INTERVAL=3",
    "yearly": "FREQ=YEARLY",
}
"""What is short for a rule."""
_FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
_FINE = ("BYMONTH", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYSETPOS", "BYEASTER")
_KNOWN = ("FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "WKST", *_FINE)
_NUMBER = pattern(r"[1-9][0-9]{0,2}\Z")
EARLIEST = date(1990, 1, 1)
"""The first day of a rule at the earliest: every look walks the dates since then."""
_FARTHEST = 31
"""Days that a date moves at most: a calendar without business days moves nothing."""


def read_rule(text: str) -> str:
    """Give a rule as it is kept: a word of WORDS, or its RRULE; raises UsageError."""
    rule = WORDS.get(text.strip().lower(), text.strip().upper()).removeprefix("RRULE:").rstrip(";")
    parts = dict(part.partition("=")[::2] for part in rule.split(";"))
    strange = [name for name in parts if name not in _KNOWN]
    if strange or parts.get("FREQ") not in _FREQUENCIES:
        what = strange[0] if strange else f"FREQ={parts.get('FREQ', '')}"
        raise UsageError(
            f"{what[:40]!r} in a rule of days? Write one of {', '.join(WORDS)}, or a rule of "
            "RFC 5545 such as FREQ=MONTHLY;BYMONTHDAY=-1."
        )
    for name in ("INTERVAL", "COUNT"):
        if name in parts and not _NUMBER.match(parts[name]):
            raise UsageError(f"{name}={parts[name][:20]!r} is no number from 1 to 999.")
    _refuse_mixed(parts)
    return rule


def _refuse_mixed(parts: dict[str, str]) -> None:
    """A rule that counts days or weeks has no months in it: it might fit no day, for ever."""
    often = parts["FREQ"] in ("DAILY", "WEEKLY")
    fine = next((name for name in _FINE if name in parts), "")
    if often and fine:
        raise UsageError(f"{fine} goes with FREQ=MONTHLY or YEARLY, not with {parts['FREQ']}.")
    if parts["FREQ"] == "DAILY" and "BYDAY" in parts and parts.get("INTERVAL", "1") != "1":
        raise UsageError("BYDAY goes with every day, or with FREQ=WEEKLY;INTERVAL=…")


def dates(rule: str, first: date, start: date, end: date) -> Iterator[date]:
    """Give the dates of a rule that begins on `first`, from `start` to `end`."""
    from dateutil.rrule import rrulestr  # type: ignore[import-untyped]  # noqa: PLC0415 - 60 ms

    begin = datetime.combine(first, time())
    try:
        told = rrulestr(rule, dtstart=begin)
    except (ValueError, TypeError, KeyError) as error:
        raise UsageError(f"{rule[:80]!r} is no rule: {error}.") from None
    last = datetime.combine(end, time())
    found = takewhile(lambda at: at <= last, told)
    return (at.date() for at in found if at.date() >= start)


def check_dates(rule: str, first: date) -> None:
    """Refuse a rule that no day ever fits, such as 31 February; raises UsageError."""
    if first < EARLIEST:
        raise UsageError(
            f"first day {first.isoformat()}? A rule begins on {EARLIEST.isoformat()} or later."
        )
    try:
        found = next(dates(rule, first, first, date(9999, 1, 1)), None)
    except (ArithmeticError, LookupError, TypeError, ValueError) as error:
        raise UsageError(f"{rule[:80]!r} names what no calendar has ({error}).") from None
    if found is None:
        raise UsageError(f"no day ever fits {rule[:80]!r} from {first.isoformat()} on.")


def moved(day: date, calendar: "Calendar | None", on_days_off: str) -> date:
    """Give the day on which it is due: a day off moves it to the business day before or after."""
    if calendar is None or on_days_off == KEEP:
        return day
    step = timedelta(days=1 if on_days_off == AFTER else -1)
    tried = day
    for _ in range(_FARTHEST):
        if _is_open(calendar, tried):
            return tried
        tried += step
    return day


def _is_open(calendar: "Calendar", day: date) -> bool:
    start = datetime.combine(day, time(), calendar.zone)
    end = datetime.combine(day + timedelta(days=1), time(), calendar.zone)
    return bool(calendar.business_time_between(start, end))
