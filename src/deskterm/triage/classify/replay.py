"""How what is new and what was learned before are looked at together."""

from collections.abc import Iterable, Iterator
from random import Random
from typing import TypeVar

TOGETHER = 200
"""Tickets that are learned together at most."""
REPLAYED = 1
"""Earlier tickets that are looked at again for each new one."""
KEPT = 6_000
"""Tickets that may be looked at again; what is older has its say, but is corrected no more."""
OFTEN = 50
"""A label that so many tickets have is common: its oldest tickets are the first to go."""
STALE = 0.9
"""What was last looked at when this part of all was learned is due again in an idle turn."""
TIMES = 2
"""How often each is looked at when something new is learned."""

T = TypeVar("T")


def woven(looked: Iterable[T], times: int) -> Iterator[T]:
    """Give each as often as that, mixed, so that no label has the last word; always the same."""
    order = list(looked)
    for turn in range(times):
        Random(turn).shuffle(order)
        yield from order
