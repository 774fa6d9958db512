"""Times as people and programs write them, each column read in the one form that fits all of it.

`03/04/2024` is the third of April or the fourth of March: only the whole column tells, else the
columns beside it; where they do not, it is refused and has to be said.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from deskterm.domain.errors import UsageError
from deskterm.domain.patterns import pattern
from deskterm.services.importing.wide import ReadTime

DAY_FIRST, MONTH_FIRST = "day first", "month first"
_LONGEST = 60
_COMPACT = len("20240301")
_SERIAL_FROM = datetime(1899, 12, 30)  # noqa: DTZ001 - spreadsheets count in local days
_SERIALS = range(20_000, 90_000)
"""Days of spreadsheets from 1954 to 2146."""
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january januar janvier enero ene janv",
            "feb february februar février febrero févr fév",
            "mar march märz mär mrz mars marzo",
            "apr april avril abril avr abr",
            "may mai mayo",
            "jun june juni juin junio",
            "jul july juli juillet julio juil",
            "aug august août agosto ago aoû",
            "sep sept september septembre septiembre",
            "oct october oktober okt octobre octubre",
            "nov november novembre noviembre",
            "dec december dezember dez décembre diciembre dic déc",
        ),
        1,
    )
    for name in names.split()
}
_CLOCK = (
    r"(?:[T,\s]{1,3}(?:at\s|um\s|à\s|a las\s|alle\s|-\s)?(?P<hour>\d{1,2})(?:[:.h]|\sh\s)"
    r"(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d{1,9})?)?"
    r"\s?(?P<half>[AaPp]\.?\s?[Mm]\.?)?(?:\s(?:Uhr|h))?)?"
    r"\s?(?P<zone>Z|(?:UTC|GMT)?[+-]\d{1,2}(?::?\d{2})?|\(?[A-Z]{2,5}\)?)?"
    r"(?:\s\(?[A-Z]{2,5}\)?)?\Z"
)
_YEAR_FIRST = pattern(r"(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})" + _CLOCK)
_YEAR_LAST = pattern(
    r"(?P<one>\d{1,2})(?P<sign>[-/.])(?P<two>\d{1,2})(?P=sign)(?P<y>\d{4}|\d{2})" + _CLOCK
)
_NAMED = pattern(
    r"(?:[^\W\d_]{2,10}\.?,?\s)?(?P<d>\d{1,2})(?:\.|er|º)?[-/\s.](?:de\s)?"
    r"(?P<name>[^\W\d_]{3,10})\.?,?[-/\s.](?:de\s|del\s)?"
    r"(?P<y>\d{4}|\d{2})" + _CLOCK
)
_MONTH_NAMED = pattern(
    r"(?:[^\W\d_]{2,10}\.?,?\s)?(?P<name>[^\W\d_]{3,10})\.?\s(?P<d>\d{1,2}),?\s(?P<y>\d{4})"
    + _CLOCK
)
_YEAR_AT_END = pattern(
    r"[^\W\d_]{2,4}\s(?P<name>[^\W\d_]{3})\s{1,2}(?P<d>\d{1,2})\s(?P<hour>\d{1,2}):"
    r"(?P<minute>\d{2}):(?P<second>\d{2})\s(?P<y>\d{4})\Z"
)
_NUMBER = pattern(r"\d{5,13}(?:[.,]\d{1,12})?\Z")
_HOURS = {
    name: timedelta(hours=hours)
    for hours, names in {
        0: "Z UTC GMT WET", 1: "CET MEZ BST WEST", 2: "CEST MESZ EET SAST", 3: "EEST MSK",
        -3: "BRT ART", -4: "EDT", -5: "EST CDT", -6: "CST MDT", -7: "MST PDT", -8: "PST",
        9: "JST KST", 10: "AEST", 11: "AEDT",
    }.items()
    for name in names.split()
}  # fmt: skip
"""Zones by the letters that programs write behind a time; others are the file's own."""


class Clock(NamedTuple):
    """How the times of a file are read."""

    zone: ZoneInfo
    """Of times without one."""
    forms: tuple[str, ...] = ()
    """As in strptime, tried first."""
    order: str = ""
    """DAY_FIRST or MONTH_FIRST where numbers leave it open."""

    def read(self, text: str) -> datetime:
        """Give the moment of a text in UTC; raises ValueError."""
        for form in self.forms:
            try:
                return self._placed(datetime.strptime(text, form))  # noqa: DTZ007 - placed at once
            except ValueError:
                continue
        if not _NUMBER.match(text) or len(text) == _COMPACT:
            with suppress(ValueError):
                return self._placed(datetime.fromisoformat(text))
        return self._placed(_read(text[:_LONGEST], self.order))

    def _placed(self, moment: datetime) -> datetime:
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=self.zone)
        return moment.astimezone(UTC)


def zone_of(name: str) -> ZoneInfo:
    """Give a time zone by name, UTC for none; raises UsageError."""
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        raise UsageError(f"there is no time zone {name!r}; e.g. Europe/Berlin.") from None


def readers(
    columns: Mapping[str, Iterable[str]], zone: ZoneInfo, forms: Mapping[str, Sequence[str]]
) -> dict[str, ReadTime]:
    """Give a reader for each time column, its one form decided over all of its cells.

    `forms`: column, or "" for all → what the mapping says, as in strptime. Raises UsageError naming
    the column whose days and months cannot be told apart.
    """
    told = {name: tuple(forms.get(name, forms.get("", ()))) for name in columns}
    orders = {
        name: _order_told(told[name]) or order_of(cells, told[name])
        for name, cells in columns.items()
    }
    decided = {order for order in orders.values() if order in (DAY_FIRST, MONTH_FIRST)}
    shared = decided.pop() if len(decided) == 1 else ""
    found: dict[str, ReadTime] = {}
    for name, order in orders.items():
        if order.startswith("?") and not shared:
            raise UsageError(
                f"the column {name!r}: {order[1:]!r} may be day or month first, and nothing in it "
                'tells: say time = "%d/%m/%Y %H:%M" or "%m/%d/%Y %H:%M" in a map.'
            )
        known = shared if order.startswith("?") else order
        found[name] = Clock(zone, told[name], known).read
    return found


def order_of(cells: Iterable[str], forms: Sequence[str] = ()) -> str:
    """Give which of day and month comes first in all cells; `?` and a cell where both fit."""
    day = month = True
    doubtful = ""
    for cell in cells:
        match = _YEAR_LAST.match(cell.strip()[:_LONGEST])
        if match is None or _fits(cell, forms):
            continue
        one, two = int(match["one"]), int(match["two"])
        if match["sign"] == "." or one > 12:
            month = False
        elif two > 12:
            day = False
        else:
            doubtful = doubtful or cell
    if day and month:
        return f"?{doubtful[:_LONGEST]}" if doubtful else ""
    return MONTH_FIRST if month else DAY_FIRST


def _fits(cell: str, forms: Sequence[str]) -> bool:
    for form in forms:
        try:
            datetime.strptime(cell.strip(), form)  # noqa: DTZ007 - only whether it fits
        except ValueError:
            continue
        return True
    return False


def _order_told(forms: Sequence[str]) -> str:
    """Give the order that a form of the mapping shows."""
    for form in forms:
        day, month = form.find("%d"), form.find("%m")
        if day >= 0 and month >= 0:
            return DAY_FIRST if day < month else MONTH_FIRST
    return ""


def _read(text: str, order: str) -> datetime:
    if _NUMBER.match(text):
        return _of_number(float(text.replace(",", ".")))
    match = _YEAR_FIRST.match(text)
    if match:
        return _moment(match, int(match["m"]), int(match["d"]))
    match = _YEAR_LAST.match(text)
    if match:
        first, second = int(match["one"]), int(match["two"])
        if not order and match["sign"] != "." and max(first, second) <= 12 and first != second:
            raise ValueError(f"{text} may be day or month first")
        day, month = (second, first) if order == MONTH_FIRST or second > 12 else (first, second)
        return _moment(match, month, day)
    for form in (_NAMED, _MONTH_NAMED, _YEAR_AT_END):
        match = form.match(text)
        number = _MONTHS.get(match["name"].casefold()) if match else None
        if match and number:
            return _moment(match, number, int(match["d"]))
    raise ValueError(text)


def _moment(match: re.Match[str], month: int, day: int) -> datetime:
    given = match.groupdict()
    year = int(given["y"])
    hour = int(given["hour"] or 0)
    half = "".join(sign for sign in (given.get("half") or "").lower() if sign in "apm")
    if half and not 1 <= hour <= 12:
        raise ValueError(match.group())
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    found = datetime(  # noqa: DTZ001 - the zone is placed by the caller, or below
        year + 2000 if year < 70 else year + 1900 if year < 100 else year,
        month,
        day,
        hour,
        int(given["minute"] or 0),
        int(given["second"] or 0),
    )
    return found.replace(tzinfo=_zone(given.get("zone")))


def _zone(text: str | None) -> timezone | None:
    if not text:
        return None
    text = text.strip("()")
    if text.isalpha():
        return timezone(_HOURS[text]) if text in _HOURS else None
    text = text.removeprefix("UTC").removeprefix("GMT")
    hours, _, minutes = text[1:].partition(":")
    if len(hours) > 2:
        hours, minutes = hours[:-2], hours[-2:]
    sign = -1 if text[0] == "-" else 1
    return timezone(sign * timedelta(hours=int(hours), minutes=int(minutes or 0)))


def _of_number(number: float) -> datetime:
    """Read days of a spreadsheet, or seconds or milliseconds since 1970."""
    if number < _SERIALS.stop:
        if number < _SERIALS.start:
            raise ValueError(str(number))
        return _SERIAL_FROM + timedelta(seconds=round(number * 86400))
    return datetime.fromtimestamp(number / 1000 if number > 1e11 else number, UTC)
