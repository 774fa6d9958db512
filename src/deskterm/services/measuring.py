"""Measures the actions of the register: a baseline when one begins, what became of it at the end.

Whoever looks sees what was kept, else what the kept figures say now; the job keeps it for good.
"""

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import uuid5

from deskterm.domain import clock
from deskterm.domain.errors import DeskError
from deskterm.domain.vocabulary import Event
from deskterm.reports.figures import BY_NAME, Figure, Value
from deskterm.reports.periods import Period
from deskterm.reports.register import Span, kept
from deskterm.services.counting import missing
from deskterm.services.figured import end_of, nothing, values
from deskterm.services.rhythm import OPERATIONS, NowAndThen
from deskterm.storage.driver import Database
from deskterm.storage.held_row import HeldRow
from deskterm.storage.reads import register as reads
from deskterm.storage.reads.asked import Asked, desk_zone
from deskterm.storage.reads.figures import narrowed, of_client
from deskterm.storage.reads.measures import Which
from deskterm.storage.work import RepeatedError
from deskterm.triage.query import parse


class Of(NamedTuple):
    """Of which tickets something is measured."""

    query: str = ""
    client: int | None = None
    """Of whose alone."""


def which_of(database: Database, of: Of, days: Span, asked: Asked) -> Which:
    """Give the tickets of some days, as far as they are meant; raises QueryError."""
    when = Period(days.first, days.last + timedelta(days=1), desk_zone(database))
    which = Which(when.start, max(end_of(when, asked), when.start))
    which = narrowed(database, parse(of.query), asked, which)
    return which if of.client is None else of_client(which, of.client)


def measured(database: Database, figure: Figure, of: Of, days: Span, asked: Asked) -> Value:
    """Give a figure of some days, of the tickets that are meant; raises QueryError."""
    found = values(database, [figure], which_of(database, of, days, asked))
    return found.get(None, {}).get(figure.name, nothing(figure))


class Measuring(NowAndThen):
    """The job that keeps baselines and results of actions, once each."""

    EVERY = timedelta(minutes=10)

    def look(self, now: datetime) -> int:
        """Measure what is due; gives how many numbers were kept."""
        with self.store.reading() as database:
            today = now.astimezone(desk_zone(database)).date()
            rows = [] if missing(database) else reads.unmeasured(database, today)
        return sum(self._keep(row, column) for row in rows for column in _due(row, now))

    def _keep(self, row: reads.Registered, column: str) -> bool:
        whose = () if row.client is None else (row.client,)
        about = (row.id, column, row.figure, row.query, *whose, *row.days)
        operation = str(uuid5(OPERATIONS, f"measure {' '.join(map(str, about))}"))
        try:
            with self.store.work("desk", operation) as work:
                work.claim("measure")
                held = HeldRow(work, "improvement", row.id)
                if not held.exists or held[column]:
                    return False
                days = row.days.before if column == "baseline" else row.days
                asked = Asked(me="desk", now=clock.now())
                value = measured(
                    work.spine, BY_NAME[row.figure], Of(row.query, row.client), days, asked
                )
                held.set(**{column: kept(value)})
                held.write(Event.EDITED, held["name"])
        except (RepeatedError, DeskError):
            return False
        return True


def _due(row: reads.Registered, now: datetime) -> list[str]:
    """Give what is to be kept of an action: nothing where its figure is no more."""
    figure = BY_NAME.get(row.figure)
    if figure is None:
        return []
    over = row.days.settled(figure) <= now.date()
    return ["baseline"] * (not row.baseline) + ["result"] * (over and not row.result)
