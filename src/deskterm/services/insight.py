"""What the ledger tells of how the desk works (B4, H4): of the process, never of who did it.

Whether two reports of one customer are of the same trouble is told by the words that tell.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from math import log
from typing import TYPE_CHECKING, NamedTuple

from deskterm.domain import clock
from deskterm.domain.errors import UsageError
from deskterm.domain.stopping import check
from deskterm.reports.customers import (
    Again,
    Alike,
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
        with self.store.reading() as database, database.patiently():
            reports = figures.reports_since(database, parse(query), self._asked(), start)
        found = customers(reports)
        return CustomersInsight(
            start,
            len(reports),
            tuple(report_best(found)),
            tuple(help_themselves(found)),
            tuple(again(reports, alike(reports))),
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


def alike(reports: Sequence[Report]) -> Alike:
    """Give what tells whether two reports are alike and by which words.

    A word tells the more, the fewer reports of the category have it. What a customer writes in
    every category (a signature) tells nothing. Linear in the reports; a pair costs its words.
    """
    known = {one.ticket: _words(one) for one in reports}
    shelves: dict[str, Counter[str]] = {}
    sizes = Counter(one.category for one in reports)
    for one in reports:
        shelves.setdefault(one.category, Counter()).update(known[one.ticket].keys())
    check()
    signatures = _signatures(reports, known)

    def weigh(one: Report) -> Weights:
        counts, size = shelves[one.category], sizes[one.category]
        idle = signatures[one.person]
        return {
            stem: weight * log(1 + size / counts[stem])
            for stem, (weight, _) in known[one.ticket].items()
            if stem not in idle
        }

    def compare(before: Report, after: Report) -> tuple[str, ...] | None:
        first, second = weigh(before), weigh(after)
        common = [stem for stem in second if stem in first]
        shared = sum(min(first[stem], second[stem]) for stem in common)
        whole = sum(first.values()) + sum(second.values())
        if not whole or 2 * shared / whole < LIKE:
            return None
        common.sort(key=lambda stem: -second[stem])
        return tuple(known[after.ticket][stem][1] for stem in common)

    return compare


def _words(report: Report) -> dict[str, tuple[float, str]]:
    """Give the telling words: stem → its weight and how it was written."""
    found: dict[str, tuple[float, str]] = {}
    for weight, text in ((TITLE, report.subject), (REST, report.body)):
        for stem, word in words(text):
            found.setdefault(stem, (weight, word))
            if len(found) >= _WORDS:
                return found
    return found


def _signatures(
    reports: Iterable[Report], known: Mapping[int, Mapping[str, object]]
) -> dict[int, set[str]]:
    """Give for each customer what they write in more than one category, and their name."""
    names = {one.person: one.name for one in reports}
    said: dict[int, dict[str, set[str]]] = {person: {} for person in names}
    for one in reports:
        said[one.person].setdefault(one.category, set()).update(known[one.ticket])
    return {
        person: {stem for stem, _ in words(name)} | _in_several(said[person].values())
        for person, name in names.items()
    }


def _in_several(sets: Iterable[set[str]]) -> set[str]:
    """Give what is in more than one of the sets."""
    once: set[str] = set()
    again: set[str] = set()
    for one in sets:
        again |= once & one
        once |= one
    return again
