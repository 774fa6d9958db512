"""What an invitation says, in words: subject, time, place, who asks (RFC 5545, semantics §1.11)."""

from datetime import date, datetime
from typing import Any

MOST_BYTES = 200_000
MOST_EVENTS = 20
BROKEN = (
    ValueError,
    KeyError,
    IndexError,
    TypeError,
    AttributeError,
    OverflowError,
    RecursionError,
)
"""What the library raises on calendars that are none; a mail is never lost to one."""


def calendar_words(body: bytes) -> str:
    """Give the events of a calendar file, a block each; empty where nothing can be read."""
    from icalendar import Calendar  # noqa: PLC0415 - 0.06 s, only where a mail holds a calendar

    try:
        calendar = Calendar.from_ical(body[:MOST_BYTES])
        events = list(calendar.walk("VEVENT"))[:MOST_EVENTS]
        return "\n\n".join(words for words in map(_event, events) if words)
    except BROKEN:
        return ""


def _event(event: Any) -> str:
    lines = [
        _text(event, "summary"),
        _time(event),
        _named("Place", _text(event, "location")),
        _named("From", _person(event.get("organizer"))),
        _named("Status", "cancelled" if _text(event, "status").upper() == "CANCELLED" else ""),
    ]
    head = "\n".join(line for line in lines if line)
    described = _text(event, "description")
    return f"{head}\n\n{described}".strip() if described else head


def _text(event: Any, name: str) -> str:
    value = event.get(name)
    if isinstance(value, list):
        value = value[0] if value else ""
    return str(value or "").strip()[:20_000]


def _named(label: str, value: str) -> str:
    return f"{label}: {value}" if value else ""


def _person(value: object) -> str:
    if not value:
        return ""
    address = str(value)
    address = address[7:] if address.lower().startswith("mailto:") else address
    name = str(getattr(value, "params", {}).get("CN", ""))
    return f"{name} <{address}>" if name and name != address else address


def _time(event: object) -> str:
    start, end = _moment(event, "dtstart"), _moment(event, "dtend")
    if start is None:
        return ""
    said = _shown(start)
    if isinstance(start, datetime) and isinstance(end, datetime):
        same_day = start.date() == end.date()
        said += f"–{end:%H:%M}" if same_day else f" – {_shown(end)}"
    elif end is not None and _shown(end) != said:
        said += f" – {_shown(end)}"
    zone = _zone(event, start)
    return f"Time: {said}{f' ({zone})' if zone else ''}"


def _moment(event: Any, name: str) -> date | None:
    value = getattr(event.get(name), "dt", None)
    return value if isinstance(value, date) else None


def _shown(moment: date) -> str:
    return f"{moment:%Y-%m-%d %H:%M}" if isinstance(moment, datetime) else f"{moment:%Y-%m-%d}"


def _zone(event: Any, start: date) -> str:
    told = str(event.get("dtstart").params.get("TZID", ""))
    if told or not isinstance(start, datetime) or start.tzinfo is None:
        return told[:60]
    return start.tzname() or ""
