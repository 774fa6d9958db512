"""The developer queue: which problem hurts most, with every term of it shown (F3, semantics.md §9).

score = Σ over its tickets of ½^(age / 30 days) × (1 + 2 for a requester not counted yet + 2 where a
promise was missed + the hours worked on it), × severity (1, 2, 4), ÷ the hours that ending it
takes, where they are known.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from deskterm.domain.errors import UsageError
from deskterm.domain.patterns import pattern
from deskterm.domain.problems import SEVERITIES

HALF = timedelta(days=30)
"""After so long a ticket weighs half."""
REQUESTER, MISSED = 2.0, 2.0
"""What a new requester, and a missed promise, count beside the ticket itself."""
WEIGHTS = dict(zip(SEVERITIES, (1.0, 2.0, 4.0), strict=True))
"""Severity → how often its hurt counts."""
SHARE = 0.8
"""The Pareto line stands below the fewest problems that hold this share of the hurt."""


_TERM = pattern(r"(?:(\w{1,20}):)?(\"[^\"]*\"|\S+)")
_FACTS = {"product": "product", "group": "group", "org": "org", "client": "org"}


class Case(NamedTuple):
    """A problem, as far as the queue knows it."""

    id: int
    title: str
    state: str
    severity: str
    effort: str
    """Hours that ending it takes; empty: not estimated."""
    owner: str
    product: str
    site: str
    category: str


class Hurt(NamedTuple):
    """A ticket of a problem, as far as the queue knows it."""

    ticket: int
    requester: int | None
    opened_at: datetime
    missed: bool
    """A promise to it was missed."""
    hours: float = 0.0
    """Hours that technicians worked on it, as they were booked (H9)."""
    group: str = ""
    org: str = ""
    """The organisation of its requester."""


class Wanted(NamedTuple):
    """What of the queue is wanted; only tickets of the group and organisation count."""

    words: tuple[str, ...] = ()
    product: str = ""
    group: str = ""
    org: str = ""

    @classmethod
    def read(cls, text: str) -> "Wanted":
        """Give what `timer product:Router group:"second level" org:acme` asks; UsageError."""
        words, facts = [], {}
        for name, value in _TERM.findall(text[:1000]):
            value = value.strip('"').casefold()
            if name and name not in _FACTS:
                known = ", ".join(f"{one}:" for one in _FACTS)
                raise UsageError(f"{name}: is no filter of the queue. Use words, {known}.")
            if name:
                facts[_FACTS[name]] = value
            else:
                words.append(value)
        return cls(tuple(words), **facts)

    def fits(self, case: Case) -> bool:
        """Tell whether a problem has the words and is one of the product."""
        said = f"p{case.id} {case.title} {case.product} {case.site} {case.category} {case.owner}"
        return all(word in said.casefold() for word in self.words) and case.product.casefold() in (
            (self.product,) if self.product else (case.product.casefold(),)
        )

    def counts(self, hurt: Hurt) -> bool:
        """Tell whether a ticket counts."""
        return (not self.group or hurt.group.casefold() == self.group) and (
            not self.org or hurt.org.casefold() == self.org
        )


class Term(NamedTuple):
    """What one ticket adds."""

    ticket: int
    days: float
    weight: float
    """½^(age / 30 days)."""
    new: bool
    """Its requester was not counted yet: the newest ticket of each is."""
    missed: bool
    hours: float
    adds: float

    @property
    def words(self) -> str:
        """Say how it adds up: `½^(12 d / 30 d) 0.76 × (1 + 2 new + 2 missed) = 3.79`."""
        parts = ["1"]
        parts += [f"{REQUESTER:g} for its requester"] * self.new
        parts += [f"{MISSED:g} for a missed promise"] * self.missed
        parts += [f"{self.hours:.1f} hours worked"] if self.hours else []
        return f"{self.days:.0f} d old: {self.weight:.2f} × ({' + '.join(parts)}) = {self.adds:.2f}"


class Place(NamedTuple):
    """A problem's place in the queue, with its terms."""

    problem: Case
    score: float
    tickets: float
    """The sum of the terms."""
    severity: float
    effort: float
    """Hours it is divided by; 1 where none are estimated."""
    people: int
    missed: int
    regressions: int
    """How often it came back after a release; one that did stands on top."""
    share: float
    """Of the hurt of all problems in the queue."""
    above: bool
    """It is one of the fewest that hold 80 % of the hurt."""
    terms: tuple[Term, ...]

    @property
    def why(self) -> str:
        """Say in a sentence why it stands where it stands."""
        count = len(self.terms)
        people = "1 person" if self.people == 1 else f"{self.people} people"
        tickets = "1 ticket" if count == 1 else f"{count} tickets"
        parts = [f"{tickets} of {people} weigh {self.tickets:.1f}"]
        parts += [f"{self.missed} with a missed promise"] if self.missed else []
        hours = sum(one.hours for one in self.terms)
        parts += [f"{hours:.1f} hours worked"] if hours else []
        parts += [f"severity × {self.severity:g}"] if self.severity != 1 else []
        parts += [f"{self.effort:g} hours of work"] if self.effort != 1 else []
        parts += [f"came back {self.regressions}×"] if self.regressions else []
        return ", ".join(parts)


def terms(hurts: Iterable[Hurt], now: datetime) -> tuple[Term, ...]:
    """Give what each ticket of a problem adds, the newest first."""
    seen: set[int | None] = set()
    found = []
    for one in sorted(hurts, key=lambda one: (one.opened_at, one.ticket), reverse=True):
        days = max(0.0, (now - one.opened_at) / timedelta(days=1))
        weight = 0.5 ** (days / (HALF / timedelta(days=1)))
        new = one.requester is not None and one.requester not in seen
        seen.add(one.requester)
        adds = weight * (1 + REQUESTER * new + MISSED * one.missed + one.hours)
        found.append(Term(one.ticket, days, weight, new, one.missed, one.hours, adds))
    return tuple(found)


def place(problem: Case, hurts: Sequence[Hurt], now: datetime, regressions: int = 0) -> Place:
    """Give a problem's place by itself; `queue` puts it among the others."""
    found = terms(hurts, now)
    total = sum(one.adds for one in found)
    severity = WEIGHTS.get(problem.severity, WEIGHTS["normal"])
    hours = float(problem.effort.replace(",", ".")) if problem.effort else 1.0
    effort = hours if hours > 0 else 1.0
    return Place(
        problem,
        total * severity / effort,
        total,
        severity,
        effort,
        len({one.requester for one in hurts if one.requester is not None}),
        sum(one.missed for one in found),
        regressions,
        0.0,
        False,
        found,
    )


def queue(places: Iterable[Place]) -> list[Place]:
    """Give the queue: what came back first, then by score, the older one first where equal."""
    found = sorted(places, key=lambda one: (-bool(one.regressions), -one.score, one.problem.id))
    whole = sum(one.tickets for one in found)
    best = _fewest(found, whole)
    return [
        one._replace(share=one.tickets / whole if whole else 0.0, above=one.problem.id in best)
        for one in found
    ]


def _fewest(places: Sequence[Place], whole: float) -> set[int]:
    """Give the fewest problems that hold 80 % of the hurt."""
    best: set[int] = set()
    held = 0.0
    for one in sorted(places, key=lambda one: (-one.tickets, one.problem.id)):
        if held >= SHARE * whole:
            break
        best.add(one.problem.id)
        held += one.tickets
    return best
