"""What the ledger tells of how the desk works: the nine steps (B4). Of processes, never people."""

from datetime import datetime, timedelta
from typing import NamedTuple

from deskterm.domain import clock
from deskterm.domain.errors import UsageError
from deskterm.reports.course import Course
from deskterm.reports.steps import StepFigures, step_figures
from deskterm.storage.reads.asked import Asked
from deskterm.storage.reads.courses import closed_since, courses
from deskterm.storage.store import Store
from deskterm.triage.query import parse
from deskterm.triage.spans import span

SINCE = "30d"


class StepsInsight(NamedTuple):
    """The nine steps on the tickets closed in a period."""

    since: datetime
    tickets: int
    steps: tuple[StepFigures, ...]


class Insight:
    """Reads figures; every method takes `since` (a span as `30d`) and a query."""

    def __init__(self, store: Store, me: str) -> None:
        self.store = store
        self.me = me

    def steps(self, since: str = SINCE, query: str = "") -> StepsInsight:
        """Give how the nine steps go; raises UsageError, QueryError."""
        start = start_of(since)
        found = self._courses(start, query)
        return StepsInsight(start, len(found), tuple(step_figures(found)))

    def _courses(self, start: datetime, query: str) -> list[Course]:
        with self.store.reading() as database, database.snapshot():
            asked = Asked(me=self.me, now=clock.now())
            return courses(database, closed_since(database, parse(query), asked, start))


def start_of(since: str) -> datetime:
    """Give the instant a span lies back; raises UsageError."""
    length = span(since)
    if length is None:
        raise UsageError(f"since {since[:40]!r}? Say how far back: 30d, 12w, 1y.")
    now = clock.now()
    return now - min(length, timedelta(days=365 * 50))
