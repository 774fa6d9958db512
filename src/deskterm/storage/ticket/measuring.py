"""The rows of `measure`: what figures count of tickets, made from their courses."""

from collections.abc import Iterable, Mapping, Sequence

from deskterm.calendars.calendar import Calendar
from deskterm.calendars.history import LIVE
from deskterm.domain.vocabulary import OPEN_STATES
from deskterm.reports.course import Course
from deskterm.reports.measured import About, counted, measured
from deskterm.storage.driver import Database, Row, as_row, moment, moment_or_none

SUBJECTS = ("channel", "urgent", "category_id", "service_id", "group_id", "requester_id")
"""What a ticket is about: kept of every ticket, so that figures are split without reading it."""
NUMBERS = (
    *("first_contact", "first_contact_eligible", "first_level", "escalated", "reopened"),
    *("known", "linked", "reused", "solution_age", "answered", "satisfied"),
)
COLUMNS = ("ticket_id", "opened_at", "closed_at", "ended_at", "counted", *SUBJECTS, *NUMBERS)
READ = (
    "t.channel, t.urgent, t.service_id, t.group_id, t.requester_id, t.state, t.outcome, t.needs, "
    "t.rating, t.closed_at, "
    "v.created_at AS solution_at, COALESCE(v.source_ticket_id = t.id, FALSE) AS solution_new, "
    "EXISTS (SELECT 1 FROM problem_ticket y WHERE y.ticket_id = t.id) AS problem, "
    "EXISTS (SELECT 1 FROM technician x JOIN person_address a ON a.address = lower(x.email) "
    "WHERE a.person_id = t.requester_id) AS own"
)
"""What is read of a ticket `t` with its solution `v` beside what its course needs."""
_KEEP = (
    f"INSERT INTO measure ({', '.join(COLUMNS)}) "  # noqa: S608 - constants
    f"VALUES ({', '.join(f':{name}' for name in COLUMNS)}) ON CONFLICT (ticket_id) DO UPDATE "
    f"SET {', '.join(f'{name} = excluded.{name}' for name in COLUMNS[1:])}"
)


def rows_of(calendar: Calendar, told: Iterable[tuple[Row, Course]]) -> list[Mapping[str, object]]:
    """Work out the rows of tickets, as they were read and with their courses."""
    return [_row(row, course, calendar) for row, course in told]


def _row(row: Row, course: Course, calendar: Calendar) -> Mapping[str, object]:
    about = as_row(About, row, live=row["channel"] in LIVE)
    found = measured(course, about, calendar.business_time_between)
    is_open = row["state"] in OPEN_STATES
    return {
        "ticket_id": row["id"],
        "opened_at": moment(row["opened_at"]),
        "closed_at": about.first_closed_at,
        "ended_at": None if is_open else moment_or_none(row["closed_at"]),
        "counted": counted(row["state"], row["outcome"]),
        **{name: int(row[name]) if name == "urgent" else row[name] for name in SUBJECTS},
        **{name: found.get(name) for name in NUMBERS},
    }


def keep(database: Database, rows: Sequence[Mapping[str, object]]) -> None:
    """Store rows in the place of what is there."""
    database.many(_KEEP, rows)
