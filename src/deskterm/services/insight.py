"""What the ledger tells of how the desk works (B4, H4): of the process, never of who did it."""

from datetime import datetime, timedelta
from typing import NamedTuple

from deskterm.domain import clock
from deskterm.domain.errors import UsageError
from deskterm.reports.course import Course
from deskterm.reports.customers import (
    Again,
    Customer,
    again,
    customers,
    help_themselves,
    report_best,
)
from deskterm.reports.mistakes import MistakeFigures, mistake_figures
from deskterm.reports.steps import StepFigures, step_figures
from deskterm.services.repeats import alike
from deskterm.storage.reads.asked import Asked
from deskterm.storage.reads.courses import closed_since, courses
from deskterm.storage.reads.customers import reports_since
from deskterm.storage.store import Store
from deskterm.triage.query import parse
from deskterm.triage.spans import span

SINCE = "30d"


class StepsInsight(NamedTuple):
    """The nine steps on the tickets closed in a period."""

    since: datetime
    tickets: int
    steps: tuple[StepFigures, ...]


class MistakesInsight(NamedTuple):
    """The named mistakes on the tickets closed in a period."""

    since: datetime
    tickets: int
    mistakes: tuple[MistakeFigures, ...]


class CustomersInsight(NamedTuple):
    """What the reports of a period tell of customers."""

    since: datetime
    reports: int
    best: tuple[Customer, ...]
    """Who reports best, those of whom it is surest first."""
    helped: tuple[Customer, ...]
    """Who helps themselves well."""
    again: tuple[Again, ...]
    """Who has the same trouble again."""


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

    def mistakes(self, since: str = SINCE, query: str = "") -> MistakesInsight:
        """Give how often each named mistake was seen; raises UsageError, QueryError."""
        start = start_of(since)
        found = self._courses(start, query)
        return MistakesInsight(start, len(found), tuple(mistake_figures(found)))

    def customers(self, since: str = SINCE, query: str = "") -> CustomersInsight:
        """Give who reports well, who helps themselves, who has the same trouble again.

        Raises UsageError, QueryError.
        """
        start = start_of(since)
        with self.store.reading() as database:
            reports = reports_since(database, parse(query), self._asked(), start)
        found = customers(reports)
        return CustomersInsight(
            start,
            len(reports),
            tuple(report_best(found)),
            tuple(help_themselves(found)),
            tuple(again(reports, alike(reports))),
        )

    def _courses(self, start: datetime, query: str) -> list[Course]:
        with self.store.reading() as database, database.patiently(), database.snapshot():
            return courses(database, closed_since(database, parse(query), self._asked(), start))

    def _asked(self) -> Asked:
        return Asked(me=self.me, now=clock.now())


def start_of(since: str) -> datetime:
    """Give the instant a span lies back; raises UsageError."""
    length = span(since)
    if length is None:
        raise UsageError(f"since {since[:40]!r}? Say how far back: 30d, 12w, 1y.")
    return clock.now() - min(length, timedelta(days=365 * 50))
