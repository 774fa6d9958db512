"""A linear model of what tickets are about, kept at its optimum one ticket at a time.

Every label has a weight for each feature and says yes (1) or no (-1) to a ticket. That is a linear
support vector machine for each label (squared hinge), solved in its dual (Hsieh et al. 2008): each
ticket pulls at every label just as hard as its margin asks for, and a ticket that is looked at
again has its pull corrected, never doubled. So the past can be replayed as often as there is time,
a label that was corrected is unlearned, and rare labels pull a little harder.

The labels of all kinds (category, service, …) lie side by side in the lanes of one number for each
feature: one multiplication weighs them all. All is whole numbers: the same on every machine.

All state is in `Head`, in one `Weights` for each feature and in the pulls of each `Lesson`, so
that a desk loads only those of the words of a few tickets.
"""

from collections.abc import Iterable, Iterator, Mapping, MutableMapping, Sequence
from math import log, sqrt
from operator import mul
from random import Random
from typing import NamedTuple, TypeVar

from deskterm.triage.classify import lanes
from deskterm.triage.classify.features import Seen
from deskterm.triage.classify.names import Names, head_starts
from deskterm.triage.classify.sure import Signs, Sure, signs, unseen
from deskterm.triage.likeness import is_telling

COST = 0.2
"""How much a ticket on the wrong side counts beside small weights."""
RARER, MOST = 0.4, 3.0
"""A label that is x times rarer than the mean pulls x to this power as hard, this much at most."""
PIECES, LETTERS, PAIRS = 0.5, 0.3, 0.4
"""How long the pieces of words are beside the words, which are 1; and what the title adds."""

_VALUE, _PULL = 1 << 7, 1 << 11
"""One as a value of a feature, and as a pull: a weight is a sum of their products."""
_SCORE = _PULL * _VALUE * _VALUE
_HARDEST = (1 << 15) - 1
"""No pull is harder: it fits into two bytes."""

MEANT = 400
"""So many outcomes of a label's guesses are counted; with more the older count half."""
_DOUBT = 10
"""Guesses that are thought to have been as usual before any was checked."""
_HARDLY = 1e-3
"""How likely what never happened is at least."""
_SECOND = 0.03
"""What `Kind.mostly` counts beside scores: for the order of the second and all further labels."""

TOGETHER = 200
"""Tickets that are learned together at most."""
YOUNG = 200
"""Up to so many tickets the past is replayed more: guesses are then as good as they will be."""
REPLAYED, REPLAYED_YOUNG = 1, 3
"""Earlier tickets that are looked at again for each new one."""
EXPECTED = 500
"""Up to so many tickets one of a new label is no wrong guess: of them come ever fewer."""
KEPT = 6_000
"""Tickets that may be looked at again; what is older has its say, but is corrected no more."""
OFTEN = 50
"""A label that so many tickets have is common: its oldest tickets are the first to go."""
AHEAD, FEWEST = 4, 5
"""Of a history a quarter of what was learned is guessed ahead before it is learned, at least so
many: as stale as real guesses."""
STALE = 0.9
"""What was last looked at when this part of all was learned is due again in an idle turn."""
TIMES = 2
"""How often each is looked at when something new is learned."""

WHO = "who asks"
"""Stands among the words where the requester spoke for a label."""


class Weights:
    """What is known of one feature: in how many tickets it was, and each label's weight."""

    __slots__ = ("of", "seen")

    def __init__(self, seen: int = 0, of: int = 0) -> None:
        self.seen = seen
        self.of = of
        """The weights, in lanes."""


class Kind:
    """What is known of one kind of label."""

    __slots__ = ("counts", "lanes", "meant", "sure")

    def __init__(
        self,
        lanes: dict[str, int] | None = None,
        counts: dict[str, int] | None = None,
        sure: Sure | None = None,
        meant: dict[str, dict[str, float]] | None = None,
    ) -> None:
        self.lanes = {} if lanes is None else lanes
        """Label → its lane."""
        self.counts = {} if counts is None else counts
        """Label → tickets learned."""
        self.sure = Sure() if sure is None else sure
        self.meant = {} if meant is None else meant
        """Guessed label → what it was then → how often: what is mostly meant where it is wrong."""

    def was(self, guessed: str, label: str) -> None:
        """Take in what a guess turned out to be; the newest count most."""
        found = self.meant.setdefault(guessed, {})
        found[label] = found.get(label, 0) + 1
        if sum(found.values()) > MEANT:
            self.meant[guessed] = {one: many / 2 for one, many in found.items() if many > 1}

    def mostly(self, guessed: str, labels: Iterable[str]) -> dict[str, float]:
        """Give how likely each label is where another is guessed and wrong; a logarithm."""
        found = self.meant.get(guessed, {})
        usual = _DOUBT / (sum(self.counts.values()) or 1)
        whole = sum(found.values()) + _DOUBT
        return {
            label: log(
                (found.get(label, 0.0) + usual * self.counts.get(label, 0)) / whole + _HARDLY
            )
            for label in labels
        }


class Head:
    """What is known beside the weights."""

    __slots__ = ("kinds", "lanes", "tickets")

    def __init__(self, tickets: int = 0, kinds: dict[str, Kind] | None = None) -> None:
        self.tickets = tickets
        self.kinds = {} if kinds is None else kinds
        self.lanes = sum(len(kind.lanes) for kind in self.kinds.values())

    def kind(self, name: str) -> Kind:
        """Give what is known of a kind; it is begun where nothing is."""
        return self.kinds.setdefault(name, Kind())

    def count(self, kind: str, label: str) -> None:
        """Take in that one more ticket has a label; a new label gets a lane."""
        known = self.kind(kind)
        if label not in known.lanes:
            known.lanes[label] = self.lanes
            self.lanes += 1
        known.counts[label] = known.counts.get(label, 0) + 1


class Lesson:
    """A ticket that is learned from, and how hard it pulls at each label."""

    __slots__ = ("labels", "pulls", "seen")

    def __init__(self, seen: Seen, labels: dict[str, str], pulls: Iterable[int] = ()) -> None:
        self.seen = seen
        self.labels = labels
        """Kind → label; it may get more of them later."""
        self.pulls = list(pulls)
        """By lane; above 0 for its own labels, below for others."""


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


NOTHING = Guess((), 0.0, (), ())
Table = MutableMapping[str, Weights]
_Vector = tuple[list[str], list[int]]
"""Features, and how much each counts: two lists, since millions of pairs keep memory busy."""
_Found = tuple[list[Weights], list[int]]


class Model:
    """The model over a table of weights; the table may hold only the features of a few tickets."""

    def __init__(self, head: Head, table: Table, names: Mapping[str, Names] | None = None) -> None:
        self.head = head
        self.table = table
        self.names = {} if names is None else names
        """By kind: labels that may be guessed before they were ever learned, and their words."""

    def guess(
        self,
        given: Seen,
        kinds: Iterable[str],
        among: Mapping[str, Iterable[str]] | None = None,
        *,
        why: bool = True,
    ) -> dict[str, Guess]:
        """Rank the labels of some kinds for a ticket; only those of `among` where it is given."""
        vector = self._vector(given)
        looked = self._found(vector)
        scores = self._scores(*looked)
        unknown = _length(vector[1]) - _length(looked[1])
        found = {}
        for kind in kinds:
            of = self._of(kind, scores, given)
            if among is not None:
                of = {label: of[label] for label in among[kind] if label in of}
            guess = self._best(kind, of, unknown) if of else NOTHING
            found[kind] = guess._replace(words=self._why(kind, guess, vector, given) if why else ())
        return found

    def _of(self, kind: str, scores: Sequence[int], given: Seen) -> dict[str, float]:
        """Give the score of each label of a kind, those of which only the name is known too."""
        known = self.head.kind(kind)
        of = {label: scores[at] / _SCORE for label, at in known.lanes.items()}
        for label, more in head_starts(self.names.get(kind, {}), given, known.counts).items():
            of[label] = of.get(label, -1.0) + more
        return of

    def check(self, kind: str, guess: Guess, label: str) -> None:
        """Take in what became of a guess: it says how far to trust the next ones.

        On a young desk what nobody taught before says nothing of it (sure.py).
        """
        if guess.ranked:
            known, right = self.head.kind(kind), guess.ranked[0] == label
            if right or label in known.counts or self.head.tickets > EXPECTED:
                known.sure.learn(guess.signs, right=right)
            else:
                known.sure.checked += 1
            known.was(guess.ranked[0], label)

    def take(self, lesson: Lesson, new: Mapping[str, str], *, first: bool = True) -> None:
        """Count a lesson with the labels that are new of it; `first` where its words are new too.

        The table must hold what is known of all its features.
        """
        lesson.labels.update(new)
        for kind, label in new.items():
            self.head.count(kind, label)
        self.head.tickets += first
        table = self.table
        for name in lesson.seen.names:
            if (known := table.get(name)) is None:
                known = table[name] = Weights()
            known.seen += first

    def study(self, lessons: Sequence[Lesson], times: int = 1) -> None:
        """Look at lessons (again), mixed: their pulls become as hard as their margins ask for.

        What a ticket says since it was learned (another requester, a word that was forgotten)
        is left out.
        """
        looked = []
        for lesson in lessons:
            found = self._found(self._vector(lesson.seen))
            looked.append((lesson, found, _length(found[1])))
        for lesson, found, length in woven(looked, times):
            self._look(lesson, found, length)

    def _look(self, lesson: Lesson, found: _Found, length: float) -> None:
        scores = self._scores(*found)
        pulls, many = lesson.pulls, self.head.lanes
        pulls.extend([0] * (many - len(pulls)))
        before = pulls.copy()
        for kind, label in lesson.labels.items():
            self._pull(self.head.kinds[kind], label, scores, pulls, length)
        step = lanes.packed([now - then for now, then in zip(pulls, before, strict=True)])
        if step:
            for known, value in zip(*found, strict=True):
                known.of += step * value

    def _pull(
        self, known: Kind, label: str, scores: list[int], pulls: list[int], length: float
    ) -> None:
        """Set the pulls at the labels of a kind to where their loss and the weights balance."""
        slack = 0.5 / COST
        share = _PULL / (length + slack)
        own = known.lanes[label]
        pull = pulls[own]
        for at in known.lanes.values():
            off = scores[at] / _SCORE + 1 + slack * pulls[at] / _PULL
            pulls[at] = max(-_HARDEST, min(0, pulls[at] - int(off * share)))
        rare = sum(known.counts.values()) / len(known.counts) / known.counts[label]
        slack = 0.5 / (COST * min(MOST, rare**RARER))
        off = 1 - scores[own] / _SCORE - slack * pull / _PULL
        pulls[own] = min(_HARDEST, max(0, pull + int(off * _PULL / (length + slack))))

    # --- scores --------------------------------------------------------------------------

    def _vector(self, given: Seen) -> _Vector:
        """Give the features weighed by how rare they are; the words have length 1 together."""
        names = list(given.others)
        values = [round(_VALUE * value) for value in given.others.values()]
        for part, length in (
            (given.words, 1.0),
            (given.pieces, PIECES),
            (given.letters, LETTERS),
            (given.pairs, PAIRS),
        ):
            names += part
            values += self._weighed(part, length)
        return names, values

    def _weighed(self, part: Mapping[str, float], length: float) -> list[int]:
        many, known_of = log(self.head.tickets + 1) + 1, self.table.get
        weighed = [
            value * (many - log(known.seen + 1)) if (known := known_of(name)) else value * many
            for name, value in part.items()
        ]
        share = _VALUE * length / (sqrt(sum(map(mul, weighed, weighed))) or 1.0)
        return [int(value * share + 0.5) for value in weighed]

    def _found(self, vector: _Vector) -> _Found:
        """Give the weights of the features that are known."""
        names, values = vector
        found = list(map(self.table.get, names))
        if None in found:
            values = [x for known, x in zip(found, values, strict=True) if known]
        return [known for known in found if known], values

    def _scores(self, knowns: list[Weights], values: list[int]) -> list[int]:
        whole = sum(map(mul, [one.of for one in knowns], values))
        return lanes.unpacked(whole, self.head.lanes)

    def _best(self, kind: str, scores: Mapping[str, float], unknown: float) -> Guess:
        ranked = sorted(scores, key=lambda label: (-scores[label], label))
        known = self.head.kind(kind)
        found = signs([scores[label] for label in ranked], unknown)
        first, *others = ranked
        meant = known.mostly(first, others)
        others.sort(key=lambda label: -(scores[label] + _SECOND * meant[label]))
        sure = known.sure.of(found, unseen(known.counts.values()))
        return Guess((first, *others), sure, (), found)

    def _why(self, kind: str, guess: Guess, vector: _Vector, given: Seen) -> tuple[str, ...]:
        """Give the words that spoke for the best label, or those of its name that are said."""
        if not guess.ranked:
            return ()
        best = guess.ranked[0]
        spoke = self._spoke(self.head.kind(kind).lanes.get(best), vector)
        return spoke or _own_name(self.names.get(kind, {}), best, given)

    def _spoke(self, at: int | None, vector: _Vector) -> tuple[str, ...]:
        """Give the words that spoke for a label, those of title and text once."""
        if at is None:
            return ()
        said = dict[str, int]()
        for name, value in zip(*vector, strict=True):
            if name in self.table and name[0] in "twr":
                word = name[1:] if name[0] != "r" else WHO
                said[word] = said.get(word, 0) + value * lanes.lane(self.table[name].of, at)
        spoke = [word for word in said if said[word] > 0 and (word == WHO or is_telling(word))]
        return tuple(sorted(spoke, key=lambda word: -said[word])[:3])


def _length(values: list[int]) -> float:
    return sum([value * value for value in values]) / _VALUE**2


def _own_name(names: Names, label: str, given: Seen) -> tuple[str, ...]:
    """Give the words of a label's name that the ticket says."""
    return tuple(word for word in names.get(label, ()) if f"w{word}" in given.words)


def ahead(tickets: int) -> int:
    """Give how many tickets of a history are guessed, then learned together, after so many."""
    return min(TOGETHER, max(FEWEST, tickets // AHEAD))


def replayed(tickets: int, new: int) -> int:
    """Give how many earlier tickets are looked at again with so many new ones, after so many."""
    return new * (REPLAYED_YOUNG if tickets < YOUNG else REPLAYED)


T = TypeVar("T")


def woven(looked: Iterable[T], times: int) -> Iterator[T]:
    """Give each as often as that, mixed, so that no label has the last word; always the same."""
    order = list(looked)
    for turn in range(times):
        Random(turn).shuffle(order)
        yield from order
