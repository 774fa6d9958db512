"""The figures of the desk: each with what is counted, of what, by which clock, without what (§5).

A figure is taken from one column of what is kept of every ticket (`reports/measured.py` has the
rules) or of the ending of its clocks (`calendars/results.py`): it stands in the period in which the
ticket was opened, closed for the first time, picked up, answered or solved.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Mapping, Sequence
from itertools import chain
from math import inf
from typing import NamedTuple

from deskterm.domain.shares import Share

_SHORT = 4_096
"""So many are sorted at once: sooner done than narrowed further."""
_Slice = tuple[Sequence[int], int, int]
"""A run, from, to."""


def at_ranks(runs: Sequence[Sequence[int]], ranks: Sequence[int]) -> tuple[int, ...]:
    """Give the values at these ranks (from 0) of all runs together; each run is sorted."""
    found = _narrowed([(run, 0, len(run)) for run in runs if len(run)], set(ranks))
    return tuple(found[rank] for rank in ranks)


def _narrowed(slices: Sequence[_Slice], ranks: Collection[int]) -> Mapping[int, int]:
    """Give rank → value, by parting the runs at a value near their middle."""
    if not ranks:
        return {}
    if sum(end - start for _, start, end in slices) <= _SHORT:
        ranked = sorted(chain.from_iterable(run[start:end] for run, start, end in slices))
        return {rank: ranked[rank] for rank in ranks}
    middle = _middle(slices)
    below = [(run, start, bisect_left(run, middle, start, end)) for run, start, end in slices]
    above = [(run, bisect_right(run, middle, start, end), end) for run, start, end in slices]
    less = sum(end - start for _, start, end in below)
    rest = less + sum(start - cut for (_, _, cut), (_, start, _) in zip(below, above, strict=True))
    found = dict.fromkeys((rank for rank in ranks if less <= rank < rest), middle)
    found |= _narrowed(_some(below), [rank for rank in ranks if rank < less])
    higher = _narrowed(_some(above), [rank - rest for rank in ranks if rank >= rest])
    return found | {rank + rest: value for rank, value in higher.items()}


def _some(slices: Sequence[_Slice]) -> list[_Slice]:
    return [one for one in slices if one[2] > one[1]]


def _middle(slices: Sequence[_Slice]) -> int:
    """Give the middle of the middles of runs, by their sizes: a quarter lies on each side."""
    middles = sorted((run[(start + end) // 2], end - start) for run, start, end in slices)
    half = sum(size for _, size in middles) / 2
    for value, size in middles:
        half -= size
        if half <= 0:
            return value
    return middles[-1][0]


COUNT, RATE, LENGTH, SUM = "count", "rate", "length", "sum"
OPENED, CLOSED, STANDING, MERGED = "opened", "closed", "standing", "merged"
PICKUP, RESPONSE, SOLUTION, WORKED = "pickup", "response", "solution", "worked"
"""Where a ticket stands in time: by its opening, by its first closing, by being open at the end, by
its merging, by the ending of a clock, by the days on which it was worked on."""
FEW = 10
"""Of fewer cases a rate or a length tells little, which is said."""
_ALL = "all hours, nights and weekends too"
_BUSINESS = "business hours of the calendar in which the ticket was promised something"
_NONE = "no clock"
_MERGED = "merged tickets and spam"
_NOT_CASES = "merged, cancelled and duplicate tickets and spam"


class Figure(NamedTuple):
    """One figure, as the page of definitions says it."""

    name: str
    title: str
    kind: str
    anchor: str
    column: str
    numerator: str
    denominator: str = ""
    clock: str = _NONE
    without: str = _NOT_CASES
    good: int = 0
    """1: more is better, -1: less is better, 0: neither."""
    target: float | None = None
    """What the trade or the offer asks for, from 0 to 1."""

    @property
    def timed(self) -> bool:
        """Whether its number is a time, in seconds."""
        return self.kind == LENGTH or self.anchor == WORKED


def _length(kind: str, title: str, what: str, of: str, without: str) -> tuple[Figure, ...]:
    """Give how long a clock ran, by all hours and by business hours, and how often in time."""
    without = f"{_MERGED}; {without}"
    promised = f"{of}, that had a promise"
    return (
        Figure(kind, title, LENGTH, kind, "elapsed", what, of, _ALL, without, -1),
        Figure(f"{kind}-business", f"{title}, business", LENGTH, kind, "seconds", what, of,
               _BUSINESS, without, -1),
        Figure(f"met-{kind}", f"{title} in time", RATE, kind, "met",
               "ended no later than promised, as judged when it ended", promised, without=without,
               good=1),
    )  # fmt: skip


def _rate(
    name: str, title: str, what: str, of: str, good: int, target: float | None = None, **more: str
) -> Figure:
    column = name.replace("-", "_")
    return Figure(name, title, RATE, CLOSED, column, what, of, good=good, target=target, **more)


_FIRST = (
    "solved in the first contact, not escalated and not reopened within 14 days: by phone, walk-up "
    "and chat within 30 minutes of the opening without waiting, else within one business hour"
)
FIGURES: tuple[Figure, ...] = (
    Figure("logged", "Logged", COUNT, OPENED, "counted", "tickets opened in the period",
           without=_MERGED),
    Figure("closed", "Closed", COUNT, CLOSED, "counted",
           "tickets closed for the first time in the period", without=_MERGED + ", cancelled ones"),
    Figure("open", "Open", COUNT, STANDING, "counted",
           "tickets open at the end of the period; one that came back counts as open from its "
           "opening to its last closing", without=_MERGED),
    Figure("backlog-age", "Age of what is open", LENGTH, STANDING, "opened_at",
           "from the opening to the end of the period, of tickets open then", "", _ALL,
           without=_MERGED, good=-1),
    *_length("pickup", "Pick-up",
             "from the opening to the first thing the customer could notice: an owner, a reply, a "
             "call, a guide", "tickets picked up in the period", "what was picked up elsewhere"),
    *_length("response", "First response",
             "from the opening to the first public words of a technician; a call or a visit is "
             "answered when it begins", "tickets first answered in the period",
             "notes, automatic mail, what a technician opened for themselves"),
    *_length("solution", "Solution",
             "from the opening until it was solved last, without the time in which the customer or "
             "an approval was waited for, or it was closed", "tickets solved last in the period",
             "closed as duplicate"),
    _rate("first-contact", "First contact, of all", _FIRST,
          "tickets first closed in the period", 1, 0.7,
          without=_NOT_CASES + ", what technicians reported"),
    _rate("first-contact-eligible", "First contact, eligible", _FIRST,
          "tickets first closed in the period that need neither budget nor approval and were not "
          "reported by a monitor", 1, 0.7, without=_NOT_CASES + ", what technicians reported"),
    _rate("first-level", "Solved at first level", "solved without leaving the first level",
          "tickets first closed in the period as solved", 1),
    _rate("escalated", "Escalated", "left the first level", "tickets first closed in the period",
          -1),
    Figure("moves", "Moves between groups", SUM, CLOSED, "moves",
           "how often they went from one group to another, whoever moved them: escalated, given "
           "back, sent on", "tickets first closed in the period that were moved",
           without=_NOT_CASES + "; the first group of a ticket"),
    _rate("moved-again", "Moved more than once", "went from one group to another more than once",
          "tickets first closed in the period", -1),
    _rate("reopened", "Reopened", "reopened within 14 days of a solution or closing",
          "tickets first closed in the period as solved", -1),
    _rate("known", "Known", "closed with a solution that existed, or on a problem",
          "tickets first closed in the period as solved", 1),
    _rate("linked", "Linked to a solution", "closed with a solution, an old or a new one",
          "tickets first closed in the period as solved", 1),
    _rate("reused", "Solution reused", "the solution was there before this ticket",
          "tickets first closed in the period with a solution", 1),
    Figure("solution-age", "Age of solutions used", LENGTH, CLOSED, "solution_age",
           "from the writing of the solution to the closing with it",
           "tickets first closed in the period with a solution", _ALL),
    _rate("satisfied", "Satisfied", "answers 4 and 5 of 5",
          "answers on tickets first closed in the period", 1),
    _rate("answered", "Answered the poll", "requesters who answered",
          "requesters who were asked, of tickets first closed in the period", 1),
    Figure("merged", "Merged away", COUNT, MERGED, "merged",
           "tickets merged into another in the period; of one that was merged on, when it was "
           "merged first", without="what was taken apart again"),
    Figure("worked", "Hours worked", SUM, WORKED, "worked",
           "time booked for the days of the period: typed, by clocks, by calls and guide runs, "
           "less what corrects it", "tickets worked on in the period",
           without="what is only proposed, and clocks that run"),
)  # fmt: skip
BY_NAME: Mapping[str, Figure] = {one.name: one for one in FIGURES}
SPLITS: Mapping[str, str] = {
    "service": "service",
    "category": "category",
    "group": "group",
    "segment": "segment",
    "department": "department",
    "site": "site",
    "organisation": "org",
    "channel": "channel",
    "guide": "guide",
    "end": "guide",
    "problem": "problem",
    "solution": "solution",
    "model": "model",
    "device": "device",
    "urgency": "urgent",
}
"""What figures are split by → the term of a query that asks for one part."""


OF_FIELD = "field."
"""Before the name of a field of the desk's own: a split like the others, summed from its rows."""


class Lengths(NamedTuple):
    """How long something took, in seconds: exact from every case."""

    n: int
    median: int | None = None
    p90: int | None = None
    low: int = 0
    high: int = 0
    """The 95 % interval of the median, by ranks."""


def lengths(runs: Sequence[Sequence[int]]) -> Lengths:
    """Give of lengths in sorted runs how many, the median with its interval, the 90th percentile.

    All are exact: the value at a rank of all runs together.
    """
    n = sum(map(len, runs))
    if not n:
        return Lengths(0)
    half = 0.98 * n**0.5
    low, high = max(int(n / 2 - half), 0), min(int(n / 2 + half), n - 1)
    ranks = ((n - 1) * 5 // 10, (n - 1) * 9 // 10, low, high)
    return Lengths(n, *at_ranks(runs, ranks))


class Value(NamedTuple):
    """What a figure is for a period, or for one part of it."""

    many: int = 0
    """Of what is counted; the cases of a length; the hits of a rate."""
    share: Share | None = None
    lengths: Lengths | None = None
    total: int | None = None
    """What so many tickets come to: seconds worked, moves."""

    @property
    def cases(self) -> int:
        """Of how many tickets it is."""
        if self.share is not None:
            return self.share.of
        return self.lengths.n if self.lengths is not None else self.many

    @property
    def number(self) -> float | None:
        """The one number of a line or a bar: how many, the rate, the median, the sum."""
        if self.share is not None:
            return self.share.rate
        if self.total is not None:
            return self.total
        return self.lengths.median if self.lengths is not None else self.many


def changed(now: Value, before: Value) -> int:
    """Tell whether a figure rose (1) or fell (-1): only where both 95 % intervals part; else 0."""
    (low, high), (old_low, old_high) = interval(now), interval(before)
    return 1 if low > old_high else -1 if high < old_low else 0


def interval(one: Value) -> tuple[float, float]:
    """Give the 95 % interval of a rate (Wilson) or of a number of tickets (Poisson, by roots).

    A sum has none: it is never called a change.
    """
    if one.total is not None:
        return 0.0, inf
    if one.share is not None:
        return one.share.interval
    if one.lengths is not None:
        few = one.lengths.n < FEW
        return (0.0, inf) if few else (float(one.lengths.low), float(one.lengths.high))
    root = (one.many + 0.375) ** 0.5
    return max(root - 0.98, 0.0) ** 2 - 0.375, (root + 0.98) ** 2 - 0.375


Part = int | str | None
"""What a part of a split is known by: a number, a word, nothing."""


def part_name(by: str, part: Part, names: Mapping[Part, str]) -> str:
    """Give what a part of a split is called."""
    if by == "urgency":
        return "urgent" if part else "not urgent"
    if part is None:
        return "none"
    name = names.get(part, str(part))
    return f"P{part} {name}" if by == "problem" else name
