"""Bursts: more like tickets than this hour of the week usually brings (semantics.md §6, C4).

k tickets of a category or with one telling word in their subject within w hours, where a Poisson
count about the own rate of the last 28 days at that hour of the week would be that high less than
once in a thousand times. Linear in the tickets looked at.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from math import exp, lgamma, log
from typing import NamedTuple

WINDOWS = (2, 8)
"""Hours that are looked at."""
WEEKS = 4
"""Weeks that the usual is taken from: 28 days."""
RARE = 0.001
"""The Poisson tail below which it is called out."""
FEWEST, REQUESTERS = 4, 3
"""So many tickets of so many people at least: two colleagues are no outage."""
_OVERLAP = 0.5
"""A burst of which so much belongs to a clearer one is the same."""

Key = tuple[str, str]
"""`category` and its path, or `word` and its stem."""
Shared = tuple[Key, int | None]
"""What tickets share, and whose they are."""


class Arrival(NamedTuple):
    """A ticket as it came in."""

    number: int
    at: datetime
    keys: frozenset[Key]
    requester: int | None = None
    counts: bool = True
    """False for one that is explained: it is of a known problem. It still counts as usual."""
    client: int | None = None
    """Whose it is: what comes to different clients is no burst together."""


class Burst(NamedTuple):
    """Like tickets that came together."""

    key: Key
    tickets: tuple[int, ...]
    """Oldest first."""
    hours: int
    usual: float
    """How many come at that hour of the week otherwise."""
    tail: float
    """How seldom so many would come by chance."""
    people: int
    began: datetime


def tail(k: int, rate: float) -> float:
    """Give how likely a Poisson count about `rate` is `k` or more."""
    if k <= 0:
        return 1.0
    if rate <= 0:
        return 0.0
    if k <= rate:
        return max(0.0, 1.0 - sum(_poisson(i, rate) for i in range(k)))
    term, total, i = _poisson(k, rate), 0.0, k
    while term > total * 1e-17:
        total += term
        i += 1
        term *= rate / i
    return min(1.0, total)


def _poisson(k: int, rate: float) -> float:
    return exp(k * log(rate) - rate - lgamma(k + 1))


def usual(before: int) -> float:
    """Give the rate out of what came in the same hours of the last four weeks.

    One more is counted than came: what was never seen is rare, not impossible.
    """
    return (before + 1) / WEEKS


def spans(now: datetime, hours: int) -> list[tuple[datetime, datetime]]:
    """Give the time looked at and the same of the weeks before, (after, until), newest first."""
    ends = [now - timedelta(weeks=week) for week in range(WEEKS + 1)]
    return [(end - timedelta(hours=hours), end) for end in ends]


def bursts(now: datetime, arrivals: Sequence[Arrival]) -> list[Burst]:
    """Give the bursts under way, the clearest first; each ticket group once."""
    found: list[Burst] = []
    for hours in WINDOWS:
        found += _within(now, arrivals, hours)
    found.sort(key=lambda one: (one.tail, -len(one.tickets), one.hours, one.key))
    kept: list[Burst] = []
    taken: set[int] = set()
    for one in found:
        known = sum(number in taken for number in one.tickets)
        if known < _OVERLAP * len(one.tickets):
            kept.append(one)
            taken.update(one.tickets)
    return kept


def _within(now: datetime, arrivals: Iterable[Arrival], hours: int) -> Iterable[Burst]:
    present, *past = spans(now, hours)
    came: dict[Shared, list[Arrival]] = {}
    before: Counter[Shared] = Counter()
    for one in arrivals:
        if present[0] < one.at <= present[1]:
            for key in one.keys if one.counts else ():
                came.setdefault((key, one.client), []).append(one)
        elif any(first < one.at <= last for first, last in past):
            before.update((key, one.client) for key in one.keys)
    return _rare(came, before, hours)


def _rare(
    came: Mapping[Shared, Sequence[Arrival]], before: Mapping[Shared, int], hours: int
) -> Iterable[Burst]:
    for shared, tickets in came.items():
        people = len({one.requester or -one.number for one in tickets})
        if len(tickets) < FEWEST or people < REQUESTERS:
            continue
        rate = usual(before.get(shared, 0))
        chance = tail(len(tickets), rate)
        if chance < RARE:
            ordered = sorted(tickets, key=lambda one: (one.at, one.number))
            numbers = tuple(one.number for one in ordered)
            came_before = before.get(shared, 0) / WEEKS
            yield Burst(shared[0], numbers, hours, came_before, chance, people, ordered[0].at)
