"""How far to trust a guess: a logistic regression on a few signs, learned by predicting first.

It learns from tickets that the model has not seen yet, so it knows how good guesses really are; on
labels that are noise it learns that they are not. One recursive Newton step a ticket; old
experience fades. Before anything is learned it believes what was usual on other desks.

A ticket of a label that nobody taught before cannot be guessed right. While a desk is young there
are many, later hardly any: those do not teach how good guesses are. How probable the next
one is, is told by how many labels one ticket alone has (Good and Turing, 1953), and is taken off.
What is not known yet of the weights draws a confidence towards the middle (MacKay 1992).
"""

from collections.abc import Collection, Sequence
from math import exp, pi, sqrt
from operator import mul

Signs = tuple[float, ...]

_START = (-1.1, 3.5, -1.75, 0.0, 1.0, -2.7)
"""Before anything is learned: what was usual of guesses on other desks."""
_SPREAD = (0.3, 1.0, 1.0, 1.0, 1.0, 1.0)
"""How far the beginning may be wrong (variances)."""
_FADES, _FADES_FIRST = 3000.0, 25.0
"""Checked guesses after which an older one counts half: half of all so far, within these. The
first guesses were those of a model that knew little.
"""
_FEW = 1
"""With so many checked guesses a confidence counts half."""
_WRONG, _WRONG_FROM, _WRONG_OF = 0.3, 4, 300
"""How often guesses are wrong before any was checked, as if seen so often; the last so many count.
"""


class Sure:
    """The weights of the signs, how certain they are, and how many guesses were checked."""

    __slots__ = ("checked", "spread", "weights", "wrong")

    def __init__(
        self,
        weights: list[float] | None = None,
        spread: list[list[float]] | None = None,
        checked: int = 0,
        wrong: float = _WRONG,
    ) -> None:
        size = range(len(_START))
        if weights is None or len(weights) != len(_START):
            weights, spread, checked, wrong = list(_START), None, 0, _WRONG
        self.weights = weights
        """One for each sign; those of other signs, kept by an earlier version, begin anew."""
        self.spread = spread or [[_SPREAD[i] if i == j else 0.0 for j in size] for i in size]
        self.checked = checked
        self.wrong = wrong
        """How often guesses at labels that were known were wrong lately."""

    def state(self) -> tuple[list[float], list[list[float]], int, float]:
        """Give what it is made of anew."""
        return self.weights, self.spread, self.checked, self.wrong

    def of(self, signs: Signs, new: float = 0.0) -> float:
        """Give the probability that the guess is right; `new`: that its label is not known yet.

        Tickets of labels that are not known look like those that are guessed wrong.
        """
        doubt = _sum([_sum(row, signs) for row in self.spread], signs)
        known = _share(_sum(self.weights, signs) / sqrt(1 + pi / 8 * max(0.0, doubt)))
        more = new / max(1 - new, 0.01) / max(self.wrong, 0.02)
        return known / (known + (1 - known) * (1 + more)) * self.checked / (self.checked + _FEW)

    def learn(self, signs: Signs, *, right: bool) -> None:
        """Take in that a guess with these signs was right or wrong."""
        self.checked += 1
        self.wrong += ((not right) - self.wrong) / min(self.checked + _WRONG_FROM, _WRONG_OF)
        thought = _share(_sum(self.weights, signs))
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


def unseen(counts: Collection[int]) -> float:
    """Give how probably the next ticket has a label that none had before, from tickets a label."""
    return sum(many == 1 for many in counts) / (sum(counts) + 1)


def signs(scores: Sequence[float], new: float) -> Signs:
    """Give the signs of a guess: the lead of the best score, the score, how much is unknown.

    The root of the lead and the square of the score bend the line: the first bit of a lead says
    more than the last.
    """
    first = max(-2.0, min(2.0, scores[0]))
    lead = min(2.0, scores[0] - scores[1]) if len(scores) > 1 else 2.0
    return (1.0, lead, first, new, sqrt(max(0.0, lead)), first * first)


def _share(odds: float) -> float:
    """Give the probability that a logarithm of odds means."""
    return 1 / (1 + exp(-max(-30.0, min(30.0, odds))))


def _sum(left: list[float], right: list[float] | Signs) -> float:
    whole: float = sum(map(mul, left, right))
    return whole


def _bounded(spread: list[list[float]]) -> list[list[float]]:
    """Signs that never vary must not become ever less certain."""
    trace, most = sum(spread[at][at] for at in range(len(spread))), sum(_SPREAD)
    if trace <= most:
        return spread
    return [[value * most / trace for value in row] for row in spread]
