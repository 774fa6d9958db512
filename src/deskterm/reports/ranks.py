"""The value at a rank of many sorted runs together, exact, without sorting them all anew."""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Mapping, Sequence
from itertools import chain

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
