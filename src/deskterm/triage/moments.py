"""Times to come, as people say them: `3d`, `2h`, `tomorrow`, `friday`, `14:30`, `2026-12-24`."""

import re
from datetime import UTC, datetime, time, timedelta, tzinfo

from deskterm.domain.errors import UsageError
from deskterm.triage.spans import span

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})\Z")
_MORNING = time(8)
"""A day without an hour means its morning."""


def later(text: str, now: datetime, zone: tzinfo) -> datetime:
    """Give the aware UTC instant meant, which lies after `now`; raises UsageError."""
    word = text.strip().lower()
    length = span(word)
    if length is not None:
        return now + length
    local = now.astimezone(zone)
    meant = _named(word, local) or _dated(word, zone)
    if meant is None:
        raise UsageError(
            f"until when? {text[:40]!r} is no time: say 3d, 2h, tomorrow, friday, 14:30 "
            "or 2026-12-24."
        )
    if meant <= now:
        raise UsageError(f"{text[:40]!r} lies in the past.")
    return meant.astimezone(UTC)


def _named(word: str, local: datetime) -> datetime | None:
    if word in ("tomorrow", "tmr"):
        return _morning(local, 1)
    for place, day in enumerate(_DAYS):
        if len(word) >= 3 and day.startswith(word):
            return _morning(local, (place - local.weekday() - 1) % 7 + 1)
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
