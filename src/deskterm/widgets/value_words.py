"""Values as people read them: stored values, times, sizes of files."""

from collections.abc import Mapping
from datetime import datetime

from deskterm.domain.clock import from_text
from deskterm.domain.text import clean

LONGEST = 120


def value_words(value: object, names: Mapping[int, str] | None = None) -> str:
    """Give a stored value in words: its name where it is a number, yes and no, a local time."""
    if value in (None, ""):
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int) and names:
        return clean(names.get(value, str(value)), one_line=True)
    text = clean(str(value), one_line=True)
    if len(text) == 27 and text.endswith("Z"):
        return _time(text)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _time(text: str) -> str:
    try:
        return time_words(from_text(text))
    except ValueError:
        return text


def time_words(at: datetime | None) -> str:
    """Give a date and time of this place: `2026-11-22 04:31`."""
    return at.astimezone().strftime("%Y-%m-%d %H:%M") if at else ""


def moment_words(at: datetime, now: datetime) -> str:
    """Give a time as short as it is clear: `22:36`, `20 Nov 22:36`, `2025-11-20`."""
    local, today = at.astimezone(), now.astimezone()
    if local.date() == today.date():
        return local.strftime("%H:%M")
    if local.year == today.year:
        return local.strftime("%d %b %H:%M")
    return local.strftime("%Y-%m-%d")


def size_words(size: int) -> str:
    """Give a file's size: `812 B`, `14 kB`, `3.2 MB`."""
    if size < 1_000:
        return f"{size} B"
    return f"{size // 1_000} kB" if size < 1_000_000 else f"{size / 1_000_000:.1f} MB"
