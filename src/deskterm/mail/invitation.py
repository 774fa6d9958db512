"""Invitations as iCalendar: asked for, changed, called off (RFC 5545, 5546; semantics §13).

The library escapes and folds; what goes in is cleaned before, so that no text ends its line.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from deskterm.domain.text import clean, header_safe, pasted

if TYPE_CHECKING:
    from icalendar import Event, vCalAddress

CANCEL = "CANCEL"
MAKER = "-//deskterm//visits//EN"
_CAP = 1_000


class Meeting(NamedTuple):
    """A visit as a calendar knows it."""

    uid: str
    sequence: int
    start: datetime
    minutes: int
    summary: str
    place: str
    about: str
    written_at: datetime
    organizer: tuple[str, str] = ("", "")
    """(name, address): answers of calendars go there."""
    attendee: tuple[str, str] = ("", "")
    cancelled: bool = False


def calendar(meetings: Iterable[Meeting], method: str = "") -> bytes:
    """Give a calendar file of these visits; without a method it is one to look at.

    With one it goes with a letter: REQUEST asks for it, DECLINECOUNTER says no to another time
    that a customer's calendar proposed, CANCEL calls it off.
    """
    from icalendar import Calendar  # noqa: PLC0415 - 0.06 s, only where a calendar is written

    made = Calendar()
    made.add("prodid", MAKER)
    made.add("version", "2.0")
    if method:
        made.add("method", method)
    for one in meetings:
        made.add_component(_event(one))
    return bytes(made.to_ical())


def _event(one: Meeting) -> "Event":
    from icalendar import Event  # noqa: PLC0415 - as above

    event = Event()
    event.add("uid", one.uid)
    event.add("sequence", one.sequence)
    event.add("dtstamp", one.written_at.astimezone(UTC))
    event.add("dtstart", one.start.astimezone(UTC))
    event.add("dtend", one.start.astimezone(UTC) + timedelta(minutes=one.minutes))
    event.add("summary", _text(one.summary))
    event.add("status", "CANCELLED" if one.cancelled else "CONFIRMED")
    for name, text in (("location", one.place), ("description", one.about)):
        if text:
            event.add(name, _text(text))
    if one.organizer[1]:
        event.add("organizer", _person(*one.organizer))
    if one.attendee[1]:
        asked = {"ROLE": "REQ-PARTICIPANT", "PARTSTAT": "NEEDS-ACTION", "RSVP": "TRUE"}
        event.add("attendee", _person(*one.attendee, **asked))
    return event


def _person(name: str, address: str, **params: str) -> "vCalAddress":
    from icalendar import vCalAddress, vText  # noqa: PLC0415 - as above

    person = vCalAddress(f"mailto:{header_safe(address)}")
    called = _text(name).replace('"', "'")
    for key, value in {"CN": called, **params}.items():
        if value:
            person.params[key] = vText(value)
    return person


def _text(text: str) -> str:
    return clean(pasted(header_safe(text)), one_line=True)[:_CAP]
