"""The desk's calendar, made of its settings `hours`, `holidays` and `zone`."""

from deskterm.calendars.calendar import Calendar
from deskterm.calendars.hours import read_holidays, read_hours
from deskterm.storage.desk_settings import read_all
from deskterm.storage.driver import Database
from deskterm.storage.reads.asked import desk_zone

HOURS = "Mon-Fri 8:00-18:00"
"""Business hours of a desk that has not said its own."""


def desk_calendar(database: Database) -> Calendar:
    """Give the calendar in which the desk's business time counts."""
    stored = read_all(database)
    return Calendar(
        read_hours(str(stored.get("hours", HOURS))),
        read_holidays(stored.get("holidays", ())),
        desk_zone(database),
    )
