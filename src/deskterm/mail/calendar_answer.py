"""What a calendar program answers to an invitation of ours (RFC 5546; semantics §13).

Read as Outlook and Exchange, Google, Apple and others write it; what cannot be read is none.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, tzinfo
from typing import TYPE_CHECKING, Any, NamedTuple

from deskterm.mail.charset import decode
from deskterm.mail.parsed import MailFile

if TYPE_CHECKING:
    from icalendar import Component


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
        calendar = Calendar.from_ical(calendar_text(body[:MOST_BYTES]))
        events = [one for kind in ("VEVENT", "VTODO", "VJOURNAL") for one in calendar.walk(kind)]
        events = events[:MOST_EVENTS]
        return "\n\n".join(words for words in map(_event, events) if words)
    except BROKEN:
        return ""


def calendar_text(body: bytes) -> str:
    """Give the text of a calendar file, whatever its charset; a part without its end gets one."""
    lines = decode(body)[0].replace("\r\n", "\n").strip().split("\n")
    open_parts: list[str] = []
    for line in lines:
        word, _, name = line.strip().upper().partition(":")
        if word == "BEGIN":
            open_parts.append(name)
        elif word == "END" and open_parts and open_parts[-1] == name:
            open_parts.pop()
    return "\r\n".join([*lines, *(f"END:{name}" for name in reversed(open_parts[:9])), ""])


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
    start = start or _moment(event, "due")
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
    told = str((event.get("dtstart") or event.get("due")).params.get("TZID", ""))
    if told or not isinstance(start, datetime) or start.tzinfo is None:
        return told[:60]
    return start.tzname() or ""


REPLY, COUNTER, CANCEL = "REPLY", "COUNTER", "CANCEL"
ACCEPTED, TENTATIVE, DECLINED = "ACCEPTED", "TENTATIVE", "DECLINED"
_CAP = 4_000


class CalendarAnswer(NamedTuple):
    """One answer."""

    method: str
    """REPLY, COUNTER or CANCEL."""
    uid: str
    sequence: int
    said: str
    """ACCEPTED, TENTATIVE, DECLINED; empty where the program says none of these."""
    start: datetime | None
    """The time that is proposed, or repeated; aware."""
    comment: str


def answer_in(files: Iterable[MailFile], zone: tzinfo) -> CalendarAnswer | None:
    """Give the answer in a mail's calendar file; None where there is none."""
    for file in files:
        if file.media_type == "text/calendar" or file.name.lower().endswith(".ics"):
            found = _read(file.body[:MOST_BYTES], zone)
            if found is not None:
                return found
    return None


def _read(body: bytes, zone: tzinfo) -> CalendarAnswer | None:
    if b"METHOD" not in body.upper().replace(b"\0", b""):
        return None
    from icalendar import Calendar  # noqa: PLC0415 - 0.06 s, only where a mail holds a calendar

    try:
        calendar = Calendar.from_ical(calendar_text(body))
        method = str(calendar.get("method", "")).upper()
        events = calendar.walk("VEVENT")
        if method not in (REPLY, COUNTER, CANCEL) or not events:
            return None
        return _answer(method, events[0], zone)
    except BROKEN:
        return None


def _answer(method: str, event: "Component", zone: tzinfo) -> CalendarAnswer:
    people = event.get("attendee", [])
    people = people if isinstance(people, list) else [people]
    desk = str(event.get("organizer", "")).casefold()  # Google names it among the attendees
    theirs = [one for one in people if str(one).casefold() != desk]
    said = [str(one.params.get("PARTSTAT", "")).upper() for one in theirs]
    start = getattr(event.get("dtstart"), "dt", None)
    if isinstance(start, datetime):
        start = (start if start.tzinfo else start.replace(tzinfo=zone)).astimezone(UTC)
    else:
        start = None
    words = event.get("comment", "")
    words = words[0] if isinstance(words, list) and words else words
    return CalendarAnswer(
        method=method,
        uid=str(event.get("uid", ""))[:300],
        sequence=int(event.get("sequence", 0)),
        said=next((one for one in said if one in (ACCEPTED, TENTATIVE, DECLINED)), ""),
        start=start,
        comment=str(words or "").strip()[:_CAP],
    )
