"""The desk's calendar, made of its settings `hours`, `holidays` and `zone`."""

from deskterm.calendars.calendar import Calendar
from deskterm.calendars.hours import read_holidays, read_hours
from deskterm.storage.desk_settings import values
from deskterm.storage.driver import Database
from deskterm.storage.reads.asked import desk_zone


def desk_calendar(database: Database) -> Calendar:
    """Give the calendar in which the desk's business time counts."""
    known = values(database)
    return Calendar(
        read_hours(str(known["hours"])),
        read_holidays(known["holidays"]),
        desk_zone(database),
    )
