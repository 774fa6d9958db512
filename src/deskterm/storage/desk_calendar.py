"""The desk's calendar, made of its settings `hours`, `holidays` and `zone`."""

from collections.abc import Mapping
from typing import Any

from deskterm.calendars.calendar import Calendar
from deskterm.calendars.hours import read_holidays, read_hours
from deskterm.storage.desk_settings import values
from deskterm.storage.driver import Database
from deskterm.storage.reads.asked import zone_named


def desk_calendar(database: Database) -> Calendar:
    """Give the calendar in which the desk's business time counts."""
    return calendar_of(values(database))


def calendar_of(known: Mapping[str, Any]) -> Calendar:
    """Give the desk's calendar by its settings."""
    hours, holidays = read_hours(str(known["hours"])), read_holidays(known["holidays"])
    return Calendar(hours, holidays, zone_named(str(known["zone"])))
