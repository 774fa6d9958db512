"""What the ledger tells of how the desk works (B4, H4): of the process, never of who did it.

Whether two reports of one customer are of the same trouble is told by the words that tell.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import chain
from math import log
from typing import TYPE_CHECKING, NamedTuple

from deskterm.domain import clock
from deskterm.domain.errors import UsageError
from deskterm.reports.customers import (
    MOST,
    Again,
    Customer,
    Report,
    again,
    customers,
    help_themselves,
    report_best,
)
from deskterm.reports.mistakes import MistakeFigures, MistakeTally
from deskterm.reports.steps import StepFigures, StepTally
from deskterm.storage.driver import Database
from deskterm.storage.reads import figures
from deskterm.storage.reads.asked import Asked
from deskterm.storage.reads.figures import Wanted
from deskterm.storage.store import Store
from deskterm.storage.ticket.backlog import COURSES
from deskterm.triage.likeness import REST, TITLE, words
from deskterm.triage.query import parse
from deskterm.triage.spans import span

if TYPE_CHECKING:
    from deskterm.services.guides.insight import Coverage, GuideInsight
    from deskterm.services.guides.shelf import Guides

SINCE = "30d"


class StepsInsight(NamedTuple):
    """The nine steps on the tickets closed in a period."""

    since: datetime
    tickets: int
    steps: tuple[StepFigures, ...]
    missing: int = 0
    """Tickets that the jobs have not counted yet."""


class MistakesInsight(NamedTuple):
    """The named mistakes on the tickets closed in a period."""

    since: datetime
    tickets: int
    mistakes: tuple[MistakeFigures, ...]
    missing: int = 0
    """Tickets that the jobs have not counted yet."""


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
    """Reads figures: of tickets by `since` (a span as `30d`) and a query, and of guides."""

    def __init__(self, store: Store, me: str, guides: Callable[[], "Guides"]) -> None:
        self.store = store
        self.me = me
        self._guides = guides

    def steps(self, since: str = SINCE, query: str = "") -> StepsInsight:
        """Give how the nine steps go; raises UsageError, QueryError."""
        start, tally = start_of(since), StepTally()
        with self._counting(start, query) as (database, which):
            for tickets in figures.steps(database, which):
                tally.add(tickets)
            missing = COURSES.missing(database)
        found = tuple(tally.figures())
        return StepsInsight(start, found[0].cases, found, missing)

    def mistakes(
        self, since: str = SINCE, query: str = "", *, whys: bool = False
    ) -> MistakesInsight:
        """Give how often each named mistake was seen, where asked with why on each ticket.

        Raises UsageError, QueryError.
        """
        start, tally = start_of(since), MistakeTally()
        with self._counting(start, query) as (database, which):
            for tickets in figures.mistakes(database, which, whys=whys):
                tally.add(tickets)
            missing = COURSES.missing(database)
        return MistakesInsight(start, tally.cases, tuple(tally.figures()), missing)

    def customers(self, since: str = SINCE, query: str = "") -> CustomersInsight:
        """Give who reports well, who helps themselves, who has the same trouble again.

        Raises UsageError, QueryError.
        """
        start = start_of(since)
        reports, said = [], Said()
        with self.store.reading() as database, database.patiently():
            asked = figures.reports_since(database, parse(query), self._asked(), start)
            for report, body in asked:
                said.add(report, body)
                reports.append(report)
        reports.reverse()
        found = customers(reports)
        return CustomersInsight(
            start,
            len(reports),
            tuple(report_best(found)),
            tuple(help_themselves(found)),
            tuple(again(reports, said.alike)),
        )

    def guide(self, slug: str) -> "GuideInsight":
        """Give how one guide is used and what would make it better; raises NotFoundError."""
        from deskterm.services.guides.insight import insight_of

        return insight_of(self._guides(), slug)

    def guides(self) -> "Coverage":
        """Give how each guide is used, the most used first, and what has none."""
        from deskterm.services.guides.insight import coverage

        return coverage(self._guides())

    @contextmanager
    def _counting(self, start: datetime, query: str) -> Iterator[tuple[Database, Wanted]]:
        """Lend a connection that sees one state, and which closed tickets are counted."""
        with self.store.reading() as database, database.patiently(), database.snapshot():
            yield database, figures.wanted(database, parse(query), self._asked(), start)

    def _asked(self) -> Asked:
        return Asked(me=self.me, now=clock.now())


def start_of(since: str) -> datetime:
    """Give the instant a span lies back; raises UsageError."""
    length = span(since)
    if length is None:
        raise UsageError(f"since {since[:40]!r}? Say how far back: 30d, 12w, 1y.")
    return clock.now() - min(length, timedelta(days=365 * 50))


LIKE = 0.4
"""From this share of common telling words on it is the same trouble."""
_WORDS = 60
"""Words of a report that are compared, the subject's first."""

Weights = Mapping[str, float]


class Said:
    """What reports say: which two of them are alike, and by which words.

    A word tells the more, the fewer reports of the category have it. What a customer writes in
    every category (a signature) tells nothing. Linear in the reports; a pair costs its words.
    """

    def __init__(self) -> None:
        self._stems: dict[int, tuple[str, ...]] = {}
        """Ticket → its words' stems, the subject's first."""
        self._written: dict[int, tuple[str, ...]] = {}
        """Ticket → how each of them was written."""
        self._titles: dict[int, int] = {}
        self._shelves: dict[str, Counter[str]] = {}
        self._sizes: Counter[str] = Counter()
        self._theirs: dict[int, list[Report]] = {}
        self._worth: dict[str, Weights] = {}
        self._idle: dict[int, frozenset[str]] = {}
        self._weights: dict[int, Weights] = {}

    def add(self, report: Report, body: str) -> None:
        """Read a report with what the customer wrote; all of them come before any is compared."""
        found = dict(words(f"{report.subject}\n{body}"))
        self._titles[report.ticket] = len(dict(words(report.subject)))
        self._stems[report.ticket] = stems = tuple(found)[:_WORDS]
        self._written[report.ticket] = tuple(found.values())[:_WORDS]
        self._shelves.setdefault(report.category, Counter()).update(stems)
        self._sizes[report.category] += 1
        self._theirs.setdefault(report.person, []).append(report)

    def alike(self, before: Report, after: Report) -> tuple[str, ...] | None:
        """Give what two reports have in common, the most telling first; None: not alike."""
        first, second = self._weigh(before), self._weigh(after)
        common = [stem for stem in second if stem in first]
        shared = sum(min(first[stem], second[stem]) for stem in common)
        whole = sum(first.values()) + sum(second.values())
        if not whole or 2 * shared / whole < LIKE:
            return None
        common.sort(key=lambda stem: -second[stem])
        written = dict(zip(self._stems[after.ticket], self._written[after.ticket], strict=True))
        return tuple(written[stem] for stem in common)

    def _weigh(self, one: Report) -> Weights:
        known = self._weights.get(one.ticket)
        if known is None:
            if len(self._weights) > MOST:  # a report is compared with others of its customer
                self._weights.clear()
            known = self._weights[one.ticket] = self._weighed(one)
        return known

    def _weighed(self, one: Report) -> Weights:
        worth, title = self._worth_of(one.category), self._titles[one.ticket]
        idle = self._signature(one)
        return {
            stem: (TITLE if place < title else REST) * worth[stem]
            for place, stem in enumerate(self._stems[one.ticket])
            if stem not in idle
        }

    def _worth_of(self, category: str) -> Weights:
        worth = self._worth.get(category)
        if worth is None:
            size = self._sizes[category]
            told = self._shelves[category].items()
            worth = self._worth[category] = {stem: log(1 + size / many) for stem, many in told}
        return worth

    def _signature(self, one: Report) -> frozenset[str]:
        """Give what a customer writes in more than one category, and their name."""
        idle = self._idle.get(one.person)
        if idle is None:
            said: dict[str, set[str]] = {}
            for each in self._theirs[one.person]:
                said.setdefault(each.category, set()).update(self._stems[each.ticket])
            several = Counter(chain.from_iterable(said.values()))
            own = {stem for stem, many in several.items() if many > 1}
            idle = frozenset(own.union(stem for stem, _ in words(one.name)))
            self._idle[one.person] = idle
        return idle
