"""Business hours and holidays as people write them: `Mon-Fri 8:00-18:00 Sat 9-12`."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import NamedTuple

from deskterm.domain.errors import UsageError
from deskterm.domain.patterns import pattern

DAY = 24 * 60
"""Minutes on the clock face of a day; a real day may have 23 or 25 hours."""

Window = tuple[int, int]
"""From (included) to (excluded), in minutes after midnight on the local clock."""

Week = tuple[tuple[Window, ...], ...]
"""The windows of each weekday, Monday first; sorted, apart from each other."""

_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_TIMES = pattern(r"(\d{1,2})(?::(\d{2}))?-(\d{1,2})(?::(\d{2}))?\Z")
_DATE = pattern(r"(?:(\d{4})-)?(\d{1,2})-(\d{1,2})\Z")
_EXAMPLE = "write it like Mon-Fri 8:00-12:00 13:00-18:00 Sat 9-12, or always"
_LONGEST = 2_000
"""Characters of one setting that are read; holidays of thirty years fit."""

ALWAYS: Week = (((0, DAY),),) * 7
"""Around the clock."""


class Holidays(NamedTuple):
    """Local dates without business hours."""

    dates: frozenset[date] = frozenset()
    yearly: frozenset[tuple[int, int]] = frozenset()
    """(month, day) of holidays that come each year on the same date."""
    names: Mapping[date | tuple[int, int], str] = {}
    """How some of them are called, by date, or by month and day."""

    def note(self, day: date) -> str:
        """Give a holiday's date, and its name where it has one."""
        name = self.names.get(day) or self.names.get((day.month, day.day), "")
        return f"{day.isoformat()} {name}".rstrip()

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and (day in self.dates or (day.month, day.day) in self.yearly)


def read_hours(text: str) -> Week:
    """Give the windows of a week; a window past midnight goes on in the next day.

    Raises UsageError with the word that was not understood.
    """
    if len(text) > _LONGEST:
        raise UsageError(f"business hours longer than {_LONGEST} characters; {_EXAMPLE}.")
    found: list[list[Window]] = [[] for _ in range(7)]
    days: list[int] = []
    closed = True
    for word in _words(text):
        if word in ("always", "24/7"):
            return ALWAYS
        if word[0].isdigit():
            for day in days or _refuse(word):
                _add(found, day, _window(word))
            closed = True
        else:
            days = _days(word) if closed else [*days, *_days(word)]
            closed = False
    if not closed or not any(found):
        raise UsageError(f"business hours without a time of day; {_EXAMPLE}.")
    return tuple(tuple(_joined(one)) for one in found)


def read_holidays(texts: Iterable[str]) -> Holidays:
    """Give holidays from `2026-12-24`, `12-25` (each year) and `2026-12-24..2027-01-01`.

    A name may follow: `12-25 Christmas`. Raises UsageError with the word that is no date.
    """
    dates: set[date] = set()
    yearly: set[tuple[int, int]] = set()
    names: dict[date | tuple[int, int], str] = {}
    for line in texts:
        text, _, name = line.strip().partition(" ")
        first, dots, last = text.partition("..")
        days: list[date | tuple[int, int]]
        if dots:
            days = list(_between(_dated(first, text), _dated(last, text), text))
        elif text.count("-") == 1:
            day = _dated(f"2024-{text}", text)
            days = [(day.month, day.day)]
        else:
            days = [_dated(text, text)]
        dates.update(one for one in days if isinstance(one, date))
        yearly.update(one for one in days if not isinstance(one, date))
        names |= dict.fromkeys(days, name.strip()) if name.strip() else {}
    return Holidays(frozenset(dates), frozenset(yearly), names)


def _words(text: str) -> Iterator[str]:
    plain = text.lower().replace("–", "-").replace(",", " ").replace(";", " ")
    for word in re.sub(r" ?- ?", "-", " ".join(plain.split())).split():
        yield word.rstrip(":")


def _refuse(word: str) -> list[int]:
    raise UsageError(f"{word[:40]!r} stands before any day; {_EXAMPLE}.")


def _days(word: str) -> list[int]:
    if word == "daily":
        return list(range(7))
    first, dash, last = word.partition("-")
    start = _day(first, word)
    end = _day(last, word) if dash else start
    return [(start + step) % 7 for step in range((end - start) % 7 + 1)]


def _day(word: str, whole: str) -> int:
    if word[:3] in _NAMES and word.isalpha():
        return _NAMES.index(word[:3])
    raise UsageError(f"{whole[:40]!r} is neither days nor a time of day; {_EXAMPLE}.")


def _window(word: str) -> Window:
    match = _TIMES.match(word)
    if match:
        first, first_minute, last, last_minute = (int(part or 0) for part in match.groups())
        start, end = first * 60 + first_minute, last * 60 + last_minute
        sound = first_minute < 60 and last_minute < 60 and start < DAY and end <= DAY
        if sound and start != end:
            return start, end
    raise UsageError(f"{word[:40]!r} is no time of day such as 8:00-18:00; {_EXAMPLE}.")


def _add(found: list[list[Window]], day: int, window: Window) -> None:
    start, end = window
    if start < end:
        found[day].append(window)
        return
    found[day].append((start, DAY))
    if end:
        found[(day + 1) % 7].append((0, end))


def _joined(windows: list[Window]) -> list[Window]:
    """Sort the windows and make one of those that meet."""
    joined: list[Window] = []
    for start, end in sorted(windows):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _dated(text: str, whole: str) -> date:
    match = _DATE.match(text)
    try:
        if match and match[1]:
            return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        pass
    raise UsageError(
        f"{whole[:40]!r} is no holiday; write dates like 2026-12-24, 12-25 for each year, "
        "or 2026-12-24..2027-01-01."
    )


def _between(first: date, last: date, whole: str) -> Iterator[date]:
    days = (last - first).days
    if not 0 <= days <= 366:
        raise UsageError(f"{whole[:40]!r}: the last day comes after the first, within a year.")
    for step in range(days + 1):
        yield first + timedelta(days=step)
