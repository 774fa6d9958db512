"""What is planned as an iCalendar file, which any calendar program reads (G2, RFC 5545)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from deskterm.domain.announcements import AnnouncementRow
from deskterm.domain.text import clean, first_words

if TYPE_CHECKING:
    from icalendar import Event

_UNKNOWN = timedelta(hours=1)
"""How long something is shown of which nobody knows when it ends."""


def calendar(rows: Sequence[AnnouncementRow], desk: tuple[str, str], now: datetime) -> bytes:
    """Give a calendar with an event for each announcement; `desk` is its name and address.

    An event keeps its id, and each update raises its sequence: a calendar that reads the file
    again moves it.
    """
    from icalendar import Calendar

    name, address = desk
    made = Calendar()
    made.add("prodid", "-//deskterm//announcements//EN")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", name)
    for row in rows:
        made.add_component(_event(row, address.rpartition("@")[2] or "desk", now))
    return bytes(made.to_ical())


def _event(row: AnnouncementRow, domain: str, now: datetime) -> "Event":
    import icalendar

    event = icalendar.Event()
    event.add("uid", f"announcement-{row.id}@{domain}")
    event.add("sequence", row.updates)
    event.add("dtstamp", now)
    event.add("dtstart", row.from_at)
    event.add("dtend", row.ended_at or row.until_at or row.from_at + _UNKNOWN)
    event.add("summary", clean(first_words(row.text), one_line=True))
    event.add("description", clean(row.text))
    event.add("categories", [row.kind])
    event.add("status", "CANCELLED" if row.withdrawn else "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    return event
