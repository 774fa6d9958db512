"""What there is more or less of than its own past says (H4): Poisson, with luck held down.

How many of `now + before` fall into now is binomial where nothing has changed: the same as asking
whether two Poisson numbers have one rate. Of many parts some look odd by luck; Benjamini–Hochberg
holds the share of such among what is told at five in a hundred.
"""

from collections.abc import Sequence
from math import exp, lgamma, log
from typing import NamedTuple

LEVEL = 0.05
FEWEST = 5
"""Fewer tickets in both times together are not looked at."""


class Seen(NamedTuple):
    """How many tickets of a part there are now and were before."""

    by: str
    """Of what it is a part."""
    part: int | str
    now: int
    before: int


class Trend(NamedTuple):
    """A part whose number has changed."""

    seen: Seen
    expected: float
    chance: float


def trends(seen: Sequence[Seen], share: float) -> list[Trend]:
    """Give what has changed, the surest first; `share` is the part that now has of all the time."""
    looked = [one for one in seen if one.now + one.before >= FEWEST]
    ranked = sorted(((chance(one.now, one.before, share), one) for one in looked),
                    key=lambda pair: (pair[0], -pair[1].now))  # fmt: skip
    found: list[Trend] = []
    held = 1.0
    for rank in range(len(ranked), 0, -1):
        raw, one = ranked[rank - 1]
        held = min(held, raw * len(ranked) / rank)
        expected = one.before * share / (1 - share)
        found.append(Trend(one, expected, held))
    return [one for one in reversed(found) if one.chance < LEVEL]


def chance(now: int, before: int, share: float) -> float:
    """Give the two-sided chance of a split as far from `share` as this one."""
    total = now + before
    low = sum(_binomial(k, total, share) for k in range(now + 1))
    high = sum(_binomial(k, total, share) for k in range(now, total + 1))
    return min(1.0, 2 * min(low, high))


def _binomial(k: int, n: int, share: float) -> float:
    ways = lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)
    return exp(ways + k * log(share) + (n - k) * log(1 - share))
