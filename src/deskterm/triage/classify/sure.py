"""How far to trust a guess: a logistic regression on a few signs, learned by predicting first.

It learns from tickets that the model has not seen yet, so it knows how good guesses really are; on
labels that are noise it learns that they are not. One recursive Newton step a ticket; old
experience fades. Before anything is learned it believes what was usual on other desks.
"""

from collections.abc import Sequence
from math import exp, sqrt

Signs = tuple[float, ...]

_START = (-0.6, 1.4, 0.9, -0.5, 1.5, 0.0)
"""Before anything is learned: what was usual of guesses on other desks."""
_SPREAD = 1.0
"""How far the beginning may be wrong (a variance)."""
_FADES, _FADES_FIRST = 3000.0, 25.0
"""Checked guesses after which an older one counts half: half of all so far, within these. The
first guesses were those of a model that knew little.
"""
_FEW = 1
"""With so many checked guesses a confidence counts half."""


class Sure:
    """The weights of the signs, how certain they are, and how many guesses were checked."""

    __slots__ = ("checked", "spread", "weights")

    def __init__(
        self,
        weights: list[float] | None = None,
        spread: list[list[float]] | None = None,
        checked: int = 0,
    ) -> None:
        size = range(len(_START))
        if weights is None or len(weights) != len(_START):
            weights, spread, checked = list(_START), None, 0
        self.weights = weights
        """One for each sign; those of other signs, kept by an earlier version, begin anew."""
        self.spread = spread or [[_SPREAD if i == j else 0.0 for j in size] for i in size]
        self.checked = checked

    def state(self) -> tuple[list[float], list[list[float]], int]:
        """Give what it is made of anew."""
        weights = [round(one, 5) for one in self.weights]
        spread = [[round(one, 7) for one in row] for row in self.spread]
        return weights, spread, self.checked

    def of(self, signs: Signs) -> float:
        """Give the probability that the guess is right."""
        return self._raw(signs) * self.checked / (self.checked + _FEW)

    def learn(self, signs: Signs, *, right: bool) -> None:
        """Take in that a guess with these signs was right or wrong."""
        self.checked += 1
        thought = self._raw(signs)
        moved = [_sum(row, signs) for row in self.spread]
        bound = 1 / max(thought * (1 - thought), 0.01) + _sum(moved, signs)
        fade = 0.5 ** (1 / min(_FADES, max(_FADES_FIRST, self.checked / 2)))
        spread = [
            [(value - left * other / bound) / fade for value, other in zip(row, moved, strict=True)]
            for row, left in zip(self.spread, moved, strict=True)
        ]
        self.spread = _bounded(spread)
        off = (1.0 if right else 0.0) - thought
        steps = [_sum(row, signs) for row in self.spread]
        self.weights = [old + off * step for old, step in zip(self.weights, steps, strict=True)]

    def _raw(self, signs: Signs) -> float:
        return 1 / (1 + exp(-max(-30.0, min(30.0, _sum(self.weights, signs)))))


def signs(scores: Sequence[float], new: float) -> Signs:
    """Give the signs of a guess: the lead of the best score, the score, how much is unknown.

    The root of the lead and the square of the score bend the line: the first bit of a lead says
    more than the last.
    """
    first = max(-2.0, min(2.0, scores[0]))
    lead = min(2.0, scores[0] - scores[1]) if len(scores) > 1 else 2.0
    return (1.0, lead, first, new, sqrt(max(0.0, lead)), first * first)


def _sum(left: list[float], right: list[float] | Signs) -> float:
    return sum(one * other for one, other in zip(left, right, strict=True))


def _bounded(spread: list[list[float]]) -> list[list[float]]:
    """Signs that never vary must not become ever less certain."""
    size = len(spread)
    trace = sum(spread[at][at] for at in range(size))
    if trace <= size:
        return spread
    return [[value * size / trace for value in row] for row in spread]
