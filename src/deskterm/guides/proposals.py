"""How a guide could become shorter: which question to ask first, which remedy to try first.

Both are proposals with their numbers; a person decides. Questions are compared by the information
they give per second, on the runs in which both were answered and at least thirty of them; remedies
that follow one another are ordered by chance of success per second (semantics.md §7).
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from math import log2
from statistics import median
from typing import NamedTuple

from deskterm.guides.model import Ending, Guide, Kind, Node
from deskterm.guides.usage import Place, Walked, active

ENOUGH = 30
"""Runs, before anything is proposed."""
_CLEARLY = 1.2
"""So many times better, or the order stays as it is."""
_WORTH = 0.05
"""The least share of time that a new order must save."""
_NO_TIME = 20.0
"""Seconds of a question nobody was timed at."""


class Ask(NamedTuple):
    """A question that splits the cases better than the one asked before it."""

    first: str
    """The node that should be asked first."""
    before: str
    """The node that is asked there now."""
    runs: int
    gain: float
    """Bits of information that `first` gives."""
    gain_before: float
    per_second: float
    per_second_before: float

    @property
    def reason(self) -> str:
        """The numbers in a sentence."""
        return (
            f"{self.first} tells {_told(self.gain, self.per_second)}, "
            f"{self.before} {_told(self.gain_before, self.per_second_before)} ({self.runs} runs)"
        )


class Order(NamedTuple):
    """Remedies tried one after the other, in a better order."""

    now: tuple[str, ...]
    better: tuple[str, ...]
    seconds_now: float
    """Expected until one works or all are tried."""
    seconds_better: float
    runs: int

    @property
    def reason(self) -> str:
        """The numbers in a sentence."""
        return (
            f"{' → '.join(self.better)} takes {self.seconds_better:.0f} s on average, "
            f"{' → '.join(self.now)} {self.seconds_now:.0f} s ({self.runs} runs)"
        )


class Remedy(NamedTuple):
    """One thing to try: how often it was the cure, and what trying it costs."""

    name: str
    chance: float
    """Of all cases that come to the first remedy, the share that this one cures."""
    seconds: float


def entropy(cases: Iterable[Hashable]) -> float:
    """Give the bits of uncertainty in a list of outcomes."""
    counts = Counter(cases)
    total = sum(counts.values())
    return -sum(n / total * log2(n / total) for n in counts.values()) if total else 0.0


def information(cases: Sequence[tuple[Hashable, Hashable]]) -> float:
    """Give the bits that an answer tells of the outcome, of (answer, outcome) pairs."""
    if not cases:
        return 0.0
    groups: dict[Hashable, list[Hashable]] = defaultdict(list)
    for answer, outcome in cases:
        groups[answer].append(outcome)
    rest = sum(len(group) / len(cases) * entropy(group) for group in groups.values())
    return entropy(outcome for _, outcome in cases) - rest


def better_questions(walks: Sequence[Walked], guide: Guide) -> tuple[Ask, ...]:
    """Give the questions that should be asked before the one that is asked before them now."""
    ended = [walked for walked in walks if walked.ending is not None]
    answers = [_answers(walked, guide.id) for walked in ended]
    times = _times(ended)
    found = []
    for first, second in _neighbours(answers):
        if not (_is_question(guide, first) and _is_question(guide, second)):
            continue
        both = [n for n, given in enumerate(answers) if first in given and second in given]
        came = [n for n, given in enumerate(answers) if first in given]
        if len(both) < ENOUGH or len(both) < 0.9 * len(came):
            continue
        ask = _compare(first, second, [(answers[n], ended[n].place) for n in both], times, guide)
        found += [ask] if ask else []
    return tuple(sorted(found, key=lambda ask: -ask.per_second / max(ask.per_second_before, 1e-9)))


def _is_question(guide: Guide, name: str) -> bool:
    """Tell whether a node only asks: what is to be done is ordered by its chance of success."""
    return name in guide.nodes and guide.nodes[name].kind is Kind.ASK


def _compare(
    first: str,
    second: str,
    cases: Sequence[tuple[Mapping[str, str], Place]],
    times: Mapping[Place, float],
    guide: Guide,
) -> Ask | None:
    gain_now = information([(given[first], place) for given, place in cases])
    gain = information([(given[second], place) for given, place in cases])
    speed_now = gain_now / times.get((guide.id, first), _NO_TIME)
    speed = gain / times.get((guide.id, second), _NO_TIME)
    if speed <= _CLEARLY * speed_now or gain < 0.05:
        return None
    return Ask(second, first, len(cases), gain, gain_now, speed, speed_now)


def _answers(walked: Walked, guide: str) -> dict[str, str]:
    """Give node → answer of a run, in order; a question asked twice counts once."""
    found: dict[str, str] = {}
    for step in walked.run.steps:
        if step.guide == guide:
            found.setdefault(step.node, step.answer)
    return found


def _neighbours(answers: Sequence[Mapping[str, str]]) -> list[tuple[str, str]]:
    """Give (question, the one asked after it) of all runs, each once."""
    pairs = (pair for given in answers for pair in zip(list(given), list(given)[1:], strict=False))
    return list(dict.fromkeys(pairs))


def _times(walks: Sequence[Walked]) -> dict[Place, float]:
    """Give the median active seconds of each question."""
    found: dict[Place, list[float]] = defaultdict(list)
    for walked in walks:
        for place, seconds in active(walked.run):
            found[place].append(max(seconds, 1.0))
    return {place: median(seconds) for place, seconds in found.items()}


def expected_seconds(remedies: Sequence[Remedy]) -> float:
    """Give the mean time until one of them works or all are tried."""
    left, total = 1.0, 0.0
    for remedy in remedies:
        total += left * remedy.seconds
        left -= remedy.chance
    return total


def best_order(remedies: Sequence[Remedy]) -> tuple[Remedy, ...]:
    """Give the order with the least expected time: chance per second, the highest first."""
    return tuple(sorted(remedies, key=lambda one: (-one.chance / one.seconds, one.name)))


def better_orders(walks: Sequence[Walked], guide: Guide) -> tuple[Order, ...]:
    """Give the chains of remedies that would be shorter in another order."""
    times = _times(walks)
    found = []
    for chain in remedy_chains(guide):
        cases = [given for walked in walks if chain[0] in (given := _answers(walked, guide.id))]
        if len(cases) < ENOUGH:
            continue
        remedies = [
            Remedy(
                name,
                sum(given.get(name) == _cure(guide.nodes[name], guide) for given in cases)
                / len(cases),
                times.get((guide.id, name), _NO_TIME),
            )
            for name in chain
        ]
        better = best_order(remedies)
        now, then = expected_seconds(remedies), expected_seconds(better)
        if now - then >= _WORTH * now:
            names = tuple(one.name for one in better)
            found.append(Order(tuple(chain), names, now, then, len(cases)))
    return tuple(found)


def remedy_chains(guide: Guide) -> list[list[str]]:
    """Give the instructions that follow one another as long as they do not help."""
    after = {name: on for name in guide.nodes if (on := _next_remedy(guide, name))}
    begun = [name for name in after if name not in after.values()]
    chains = []
    for name in begun:
        chain = [name]
        while chain[-1] in after and after[chain[-1]] not in chain:
            chain.append(after[chain[-1]])
        chains.append(chain)
    return chains


def _next_remedy(guide: Guide, name: str) -> str:
    """Give the remedy that is tried where this one does not help; empty where there is none."""
    node = guide.nodes[name]
    if not _cure(node, guide):
        return ""
    others = {choice.to.node for choice in node.choices if not choice.to.guide} - {
        choice.to.node for choice in node.choices if choice.answer == _cure(node, guide)
    }
    on = next(iter(others), "") if len(others) == 1 else ""
    return on if on in guide.nodes and _cure(guide.nodes[on], guide) else ""


def _cure(node: Node, guide: Guide) -> str:
    """Give the answer that says an instruction helped; empty where it is no remedy."""
    if node.kind is not Kind.DO or not node.verify:
        return ""
    cured = [
        choice.answer
        for choice in node.choices
        if not choice.to.guide
        and choice.to.node in guide.nodes
        and guide.nodes[choice.to.node].ending is Ending.SOLVED
    ]
    return cured[0] if len(cured) == 1 else ""


def _told(gain: float, speed: float) -> str:
    """Give `0.35 bits in 49 s`, or `nothing`."""
    return f"{gain:.2f} bits in {gain / speed:.0f} s" if gain >= 0.005 and speed else "nothing"


def sentences(asks: Sequence[Ask], orders: Sequence[Order]) -> list[str]:
    """Give the proposals in sentences, or why there are none."""
    lines = [f"Ask {ask.first} before {ask.before}: {ask.reason}." for ask in asks]
    lines += [f"Try in another order: {order.reason}." for order in orders]
    return lines or ["None: the order fits the runs so far, or there are fewer than thirty."]
