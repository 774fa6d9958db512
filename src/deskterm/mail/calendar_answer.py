"""What a calendar program answers to an invitation of ours (RFC 5546; semantics §13).

Read as Outlook and Exchange, Google, Apple and others write it; what cannot be read is none.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING, NamedTuple

from deskterm.mail.calendar_words import BROKEN, MOST_BYTES
from deskterm.mail.parsed import MailFile

if TYPE_CHECKING:
    from icalendar import Component

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
    if b"METHOD" not in body.upper():
        return None
    from icalendar import Calendar  # noqa: PLC0415 - 0.06 s, only where a mail holds a calendar

    try:
        calendar = Calendar.from_ical(body)
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
