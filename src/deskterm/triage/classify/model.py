"""An averaged passive-aggressive linear model that learns one ticket at a time.

Every label has a weight for each feature. Where the right label does not win by a margin of 1, it
and its strongest rivals are moved just far enough (Crammer et al. 2006, PA-I). Guesses are made
with averaged weights; the average forgets with a half-life, because desks change.

All state is in `Head` and in one `Weights` for each feature, so that a desk loads only those of
the words of one ticket.

How far to trust a guess is a logistic regression on a few signs, learned by predicting first: from
tickets that the model has not seen yet, so it knows how good guesses really are; on labels that are
noise it learns that they are not. One recursive Newton step a ticket; old experience fades.
"""

from collections.abc import Mapping, MutableMapping
from math import exp, log, log1p, sqrt
from typing import NamedTuple

from deskterm.triage.classify.features import Said, Seen, seen
from deskterm.triage.classify.names import Names, head_starts
from deskterm.triage.likeness import is_telling

Signs = tuple[float, ...]

_START = (-1.0, 2.0, 0.5, -0.5, 0.0, 0.0)
"""Before anything is learned: hardly confident."""
_SPREAD = 0.25
"""How far the beginning may be wrong (a variance)."""
_FADES = 3000.0
"""Checked guesses after which an older one counts half."""
_FEW = 4
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
        self.weights = list(_START) if weights is None else weights
        self.spread = spread or [[_SPREAD if i == j else 0.0 for j in size] for i in size]
        self.checked = checked

    def of(self, signs: Signs) -> float:
        """Give the probability that the guess is right."""
        return self._raw(signs) * self.checked / (self.checked + _FEW)

    def learn(self, signs: Signs, *, right: bool) -> None:
        """Take in that a guess with these signs was right or wrong."""
        self.checked += 1
        thought = self._raw(signs)
        moved = [_sum(row, signs) for row in self.spread]
        bound = 1 / max(thought * (1 - thought), 0.01) + _sum(moved, signs)
        fade = 0.5 ** (1 / _FADES)
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


def signs(first: float, second: float, new: float, count: int) -> Signs:
    """Give the signs of a guess: its lead, its score, unknown words, how often it was learned."""
    lead = min(3.0, first - second)
    return (1.0, lead, max(-3.0, min(3.0, first)), new, log1p(count) / 5, min(lead, 0.5))


def _sum(left: list[float], right: list[float] | Signs) -> float:
    return sum(one * other for one, other in zip(left, right, strict=True))


def _bounded(spread: list[list[float]]) -> list[list[float]]:
    """Signs that never vary must not become ever less certain."""
    size = len(spread)
    trace = sum(spread[at][at] for at in range(size))
    if trace <= size:
        return spread
    return [[value * size / trace for value in row] for row in spread]


AGGRESSIVENESS = 0.3
RIVALS = 3
"""So many wrong labels at most give way for one ticket."""
HALF_LIFE = 200.0
"""Tickets after which a former weight counts half in the average."""
_WARM = 10.0
"""In the beginning the half-life is this part of the tickets learned."""


WHO = "who asks"
"""Stands among the words where the requester spoke for a label."""


class Weights:
    """What is known of one feature: in how many tickets it was, and each label's weight."""

    __slots__ = ("of", "seen")

    def __init__(self, seen: int = 0, of: dict[str, list[float]] | None = None) -> None:
        self.seen = seen
        self.of = {} if of is None else of
        """Label → [weight, its average then, the number of tickets then]."""


class Head:
    """What is known beside the weights."""

    __slots__ = ("counts", "sure", "tickets")

    def __init__(
        self,
        tickets: int = 0,
        counts: dict[str, int] | None = None,
        sure: Sure | None = None,
    ) -> None:
        self.tickets = tickets
        self.counts = {} if counts is None else counts
        """Label → tickets learned."""
        self.sure = Sure() if sure is None else sure


class Guess(NamedTuple):
    """What the model thinks of a ticket."""

    ranked: tuple[str, ...]
    """Labels, best first."""
    confidence: float
    """How probably the first one is right, 0 to 1, calibrated."""
    words: tuple[str, ...]
    """The words that spoke most for the first one, best first."""
    signs: Signs
    """What the confidence was made of."""


Table = MutableMapping[str, Weights]


class Model:
    """The model over a table of weights; the table may hold only the features of one ticket."""

    def __init__(self, head: Head, table: Table, names: Names | None = None) -> None:
        self.head = head
        self.table = table
        self.names = names or {}
        """Labels that may be guessed before they were ever learned, and the words they are of."""

    def guess(self, said: Said, among: frozenset[str] | None = None) -> Guess:
        """Rank the labels for a ticket; only those of `among` where it is given."""
        given = seen(said)
        vector = self._vector(given)
        scores = self._averaged(vector)
        for label, more in head_starts(self.names, given, self.head.counts).items():
            scores[label] = scores.get(label, 0.0) + more
        if among is not None:
            scores = {label: score for label, score in scores.items() if label in among}
        if not scores:
            return Guess((), 0.0, (), ())
        ranked = sorted(scores, key=lambda label: (-scores[label], label))
        signs = self._signs(ranked, scores, vector)
        spoke = self._spoke(ranked[0], vector) or _own_name(self.names, ranked[0], given)
        return Guess(tuple(ranked), self.head.sure.of(signs), spoke, signs)

    def check(self, guess: Guess, label: str) -> None:
        """Take in what became of a guess: it says how far to trust the next ones."""
        if guess.ranked:
            self.head.sure.learn(guess.signs, right=guess.ranked[0] == label)

    def learn(self, said: Said, label: str) -> None:
        """Learn from one ticket; the table must hold what is known of all its features."""
        vector = self._vector(seen(said))
        head = self.head
        head.tickets += 1
        head.counts[label] = head.counts.get(label, 0) + 1
        for name in vector:
            self.table.setdefault(name, Weights()).seen += 1
        self._move(vector, label)

    # --- scores --------------------------------------------------------------------------

    def _vector(self, given: Seen) -> dict[str, float]:
        """Give the features weighed by how rare they are; the words have length 1 together."""
        many = log(self.head.tickets + 2)
        table = self.table
        found = {
            name: value * (many - log(table[name].seen + 1 if name in table else 1))
            for name, value in given.words.items()
        }
        length = sqrt(sum(value * value for value in found.values())) or 1.0
        return {name: value / length for name, value in found.items()} | given.others

    def _scores(self, vector: Mapping[str, float]) -> dict[str, float]:
        scores = dict.fromkeys(self.head.counts, 0.0)
        for name, value in vector.items():
            if name in self.table:
                for label, kept in self.table[name].of.items():
                    scores[label] += value * kept[0]
        return scores

    def _averaged(self, vector: Mapping[str, float]) -> dict[str, float]:
        scores = dict.fromkeys(self.head.counts, 0.0)
        now = _clock(self.head.tickets)
        for name, value in vector.items():
            if name in self.table:
                for label, (weight, mean, then) in self.table[name].of.items():
                    scores[label] += value * _mean(weight, mean, now - _clock(then))
        return scores

    def _spoke(self, label: str, vector: Mapping[str, float]) -> tuple[str, ...]:
        """Give the words that spoke for a label, those of title and text once."""
        now, said = _clock(self.head.tickets), dict[str, float]()
        for name, value in vector.items():
            kept = self.table[name].of.get(label) if name in self.table else None
            if kept is not None and name[0] in "twr":
                part = value * _mean(kept[0], kept[1], now - _clock(kept[2]))
                word = name[1:] if name[0] != "r" else WHO
                said[word] = said.get(word, 0.0) + part
        spoke = [word for word in said if said[word] > 0 and (word == WHO or is_telling(word))]
        return tuple(sorted(spoke, key=lambda word: -said[word])[:3])

    # --- learning ------------------------------------------------------------------------

    def _move(self, vector: Mapping[str, float], label: str) -> None:
        scores = self._scores(vector)
        least = scores[label] - 1.0
        rivals = sorted((s, one) for one, s in scores.items() if one != label and s > least)
        if not rivals:
            return
        size = 2 * sum(value * value for value in vector.values())
        spread = sqrt(len(rivals[-RIVALS:]))
        for score, rival in rivals[-RIVALS:]:
            step = min(AGGRESSIVENESS, (score - least) / size) / spread
            self._add(vector, label, step)
            self._add(vector, rival, -step)

    def _add(self, vector: Mapping[str, float], label: str, step: float) -> None:
        here = self.head.tickets
        now = _clock(here)
        for name, value in vector.items():
            kept = self.table[name].of.setdefault(label, [0.0, 0.0, here])
            if kept[2] != here:
                kept[1] = _mean(kept[0], kept[1], now - _clock(kept[2]))
                kept[2] = here
            kept[0] += step * value

    def _signs(
        self, ranked: list[str], scores: Mapping[str, float], vector: Mapping[str, float]
    ) -> Signs:
        first = scores[ranked[0]]
        second = scores[ranked[1]] if len(ranked) > 1 else 0.0
        new = sum(v * v for name, v in vector.items() if name not in self.table)
        return signs(first, second, new, self.head.counts.get(ranked[0], 0))


def _own_name(names: Names, label: str, given: Seen) -> tuple[str, ...]:
    """Give the words of a label's name that the ticket says."""
    return tuple(word for word in names.get(label, ()) if f"w{word}" in given.words)


def _mean(weight: float, mean: float, gone: float) -> float:
    """Give the average after `gone` half-lives in which the weight stayed."""
    return weight + (mean - weight) * 0.5**gone if gone else mean


def _clock(tickets: float) -> float:
    """Give the half-lives that have passed: slowly growing ones first, then all of one length."""
    warm = _WARM * HALF_LIFE
    if tickets <= warm:
        return _WARM * log(tickets) if tickets > 1 else 0.0
    return _WARM * log(warm) + (tickets - warm) / HALF_LIFE
