"""What every figure counts of one ticket, from its course: the one home of these rules (§5).

What is None is not counted at all; 0 is a case that does not fit, 1 one that does. Lengths are
seconds; business time is that of the calendar in which the ticket was promised something.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

from deskterm.domain.vocabulary import (
    Channel,
    Event,
    Needs,
    Outcome,
)
from deskterm.reports.course import SOON, Course, Entry

FIRST_TALK = timedelta(minutes=30)
"""Solved within so long while the customer was there: that was the first contact."""
FIRST_HOUR = timedelta(hours=1)
"""Of business time: solved within so long is the first contact of who wrote."""

Business = Callable[[datetime, datetime], timedelta]
"""Gives the business time between two instants."""


class About(NamedTuple):
    """What is known of a ticket beside its course, as it stands now."""

    channel: str
    live: bool
    """The customer was there when it was opened."""
    outcome: str | None
    needs: str
    rating: int | None
    first_closed_at: datetime | None
    solution_at: datetime | None
    """When the solution it was closed with was written; None: there is none."""
    solution_new: bool
    """That solution was written out of this ticket."""
    problem: bool
    """It is on a problem."""
    own: bool
    """A technician reported it."""


def seconds(start: datetime, end: datetime) -> int:
    """Give the seconds between two instants; none where the end lies before."""
    return max(int((end - start).total_seconds()), 0)


def measured(course: Course, about: About, business: Business) -> dict[str, int | None]:
    """Give what each figure counts of a case, a ticket that was closed as one of its own: column →
    number. Merged and cancelled tickets, duplicates and spam are no cases."""
    solved = _solved_at(course, about)
    away = any(_left(one) for one in course.entries)
    back = _came_back(course)
    moves = sum(_moved(one) for one in course.entries)
    found = {
        **_voice(course, about),
        "escalated": int(away),
        "moves": moves or None,
        "moved_again": int(moves > 1),
    }
    if not about.own:
        first = solved is not None and not (away or back) and _at_once(course, about, business)
        found["first_contact"] = int(first)
        eligible = about.needs == Needs.NOTHING and about.channel != Channel.MONITOR
        found["first_contact_eligible"] = int(first) if eligible else None
    if solved is not None:
        found |= {"first_level": int(not away), "reopened": int(back)} | _knowledge(about)
    return found


def _solved_at(course: Course, about: About) -> datetime | None:
    """Give when it was solved for the first time; None where it never was, or ended unsolved."""
    if about.outcome == Outcome.UNSOLVED:
        return None
    first = course.first(Event.SOLVED)
    if first is not None:
        return first.at
    return about.first_closed_at if about.outcome == Outcome.SOLVED else None


def _at_once(course: Course, about: About, business: Business) -> bool:
    solved = _solved_at(course, about)
    if solved is None:
        return False
    waited = any(one.event == Event.WAITING and one.at <= solved for one in course.entries)
    if about.live:
        return not waited and solved - course.opened_at <= FIRST_TALK
    return not waited and business(course.opened_at, solved) <= FIRST_HOUR


def _left(entry: Entry) -> bool:
    """Tell whether it left the first level here."""
    level = entry.changes.get("level")
    return level is not None and isinstance(level[1], int) and level[1] > 1


def _moved(entry: Entry) -> bool:
    """Tell whether it went from one group to another here."""
    before, after = entry.changes.get("group_id", (None, None))
    return before is not None and after is not None and before != after


def _came_back(course: Course) -> bool:
    """Tell whether it was reopened within 14 days of its solution or closing."""
    ended: datetime | None = None
    for one in course.entries:
        if one.event in (Event.SOLVED, Event.CLOSED):
            ended = one.at
        elif one.event == Event.REOPENED and ended is not None and one.at - ended <= SOON:
            return True
    return False


def _voice(course: Course, about: About) -> dict[str, int | None]:
    """What the customer said of it when asked."""
    rated = about.rating is not None
    asked = rated or course.first(Event.POLLED) is not None
    return {
        "answered": int(rated) if asked else None,
        "satisfied": int(about.rating >= 4) if about.rating is not None else None,
    }


def _knowledge(about: About) -> dict[str, int | None]:
    linked = about.solution_at is not None
    reused = linked and not about.solution_new
    found: dict[str, int | None] = {"linked": int(linked), "known": int(reused or about.problem)}
    if about.solution_at is not None and about.first_closed_at is not None:
        found |= {
            "reused": int(reused),
            "solution_age": seconds(about.solution_at, about.first_closed_at),
        }
    return found
