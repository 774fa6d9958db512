"""The nine steps in figures: how often done, skipped, left open and gone back to (B4).

The cases are tickets that were closed; the clock is the wall's, from opening to the step. Merged,
cancelled and imported tickets, spam and duplicates are left out by whoever reads the rows. A
mistake that is about to happen on a ticket is one kind line.
"""

from array import array
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from math import ceil
from typing import NamedTuple

from deskterm.domain.shares import Share
from deskterm.domain.vocabulary import STEPS, State, Step
from deskterm.reports.judged import DONE, OPEN, SKIPPED


class Times(NamedTuple):
    """How long something took, in seconds: never the mean (semantics.md §5)."""

    n: int
    median: float | None
    p90: float | None


class Stood(NamedTuple):
    """How the nine steps of a closed ticket stood (`judged`)."""

    ticket: int
    steps: str
    seconds: Sequence[int | None]
    reasons: Mapping[str, str]


NEVER = Times(0, None, None)


@dataclass(slots=True)
class StepFigures:
    """What became of one step on the tickets that were closed."""

    step: Step
    groups: Mapping[str, Sequence[int]] = field(default_factory=dict)
    """How the nine stood, a letter each (`judged`) → the tickets; the same for all nine."""
    reasons: Counter[str] = field(default_factory=Counter)
    """Why it was skipped."""
    times: Times = NEVER
    """From the opening to the first time it was done."""

    @property
    def cases(self) -> int:
        """Tickets that were closed."""
        return sum(map(len, self.groups.values()))

    @property
    def number(self) -> int:
        """Its place among the nine."""
        return STEPS.index(self.step) + 1

    @property
    def done(self) -> list[int]:
        """Tickets on which it was done when they were closed, by number."""
        return self._behind(DONE)

    @property
    def skipped(self) -> list[int]:
        """Tickets on which it was skipped."""
        return self._behind(SKIPPED)

    @property
    def open(self) -> list[int]:
        """Tickets that were closed without it."""
        return self._behind(OPEN)

    @property
    def back(self) -> list[int]:
        """Tickets on which a failed verification led back to it."""
        return sorted(chain.from_iterable(t for one, t in self._letters() if one.isupper()))

    @property
    def behind(self) -> list[int]:
        """Tickets on which it was not simply done, the newest first."""
        found = chain.from_iterable(t for one, t in self._letters() if one != DONE)
        return sorted(found, reverse=True)

    @property
    def not_simply(self) -> int:
        """How many these are."""
        return sum(len(tickets) for one, tickets in self._letters() if one != DONE)

    def shares(self) -> tuple[Share, Share, Share, Share]:
        """Give how many of all closed tickets are done, skipped, open, gone back."""
        counts: Counter[str] = Counter()
        for letter, tickets in self._letters():
            counts[letter.lower()] += len(tickets)
            counts["back"] += len(tickets) if letter.isupper() else 0
        done, skipped, open_, back = (counts[one] for one in (DONE, SKIPPED, OPEN, "back"))
        of = self.cases
        return Share(done, of), Share(skipped, of), Share(open_, of), Share(back, of)

    def _letters(self) -> Iterator[tuple[str, Sequence[int]]]:
        place = STEPS.index(self.step)
        return ((stood[place], tickets) for stood, tickets in self.groups.items())

    def _behind(self, stood: str) -> list[int]:
        found = chain.from_iterable(t for one, t in self._letters() if one.lower() == stood)
        return sorted(found)


class StepTally:
    """Counts the nine steps of many tickets; of each it keeps its number and its times."""

    def __init__(self) -> None:
        self._groups: dict[str, array[int]] = {}
        self._reasons: dict[str, Counter[str]] = {step: Counter() for step in STEPS}
        self._seconds = [array("q") for _ in STEPS]

    def add(self, tickets: Sequence[Stood]) -> None:
        """Count some tickets more."""
        for one in tickets:
            group = self._groups.get(one.steps)
            if group is None:
                group = self._groups[one.steps] = array("q")
            group.append(one.ticket)
            for step, reason in one.reasons.items():
                self._reasons[step][reason] += 1
        for known, column in zip(
            self._seconds, zip(*(one.seconds for one in tickets), strict=True), strict=False
        ):
            known.extend(one for one in column if one is not None)

    def figures(self) -> list[StepFigures]:
        """Give the figures of all nine, in order."""
        return [
            StepFigures(step, self._groups, self._reasons[step], times(seconds))
            for step, seconds in zip(STEPS, self._seconds, strict=True)
        ]


def times(seconds: Sequence[int]) -> Times:
    """Give the median and the 90th percentile (nearest rank)."""
    if not seconds:
        return NEVER
    ranked = sorted(seconds)
    n = len(ranked)
    middle = (ranked[(n - 1) // 2] + ranked[n // 2]) / 2
    return Times(n, middle, ranked[ceil(0.9 * n) - 1])


def duration(seconds: float | None) -> str:
    """Give `40 min`, `3.5 h` or `2.1 d`; a dash where nothing is known."""
    if seconds is None:
        return "-"
    if seconds < 5400:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h" if seconds < 172800 else f"{seconds / 86400:.1f} d"


_BEFORE_SOLVING = (
    (Step.STATE, "Solved now, the problem would stay unstated: one sentence in step 3 helps."),
    (Step.REPRODUCE, "Solved now, nobody would have seen the trouble: step 4 is open."),
)
_BEFORE_CLOSING = (
    (Step.VERIFY, "Closed now, the work would stay untested: step 8 is the test of step 4."),
    (Step.CONFIRM, "Closed now, the customer's answer would be missing: step 9 asks for it."),
)


def foreseen(state: str, problem: str, steps: Mapping[str, str]) -> str:
    """Tell what the next move would leave out; empty where nothing is.

    `steps` maps a step to done, skipped or open; a stated problem counts as step 3.
    """
    if state == State.SOLVED:
        rules = _BEFORE_CLOSING
    elif state in (State.NEW, State.OPEN, State.WAITING):
        rules = _BEFORE_SOLVING
    else:
        return ""
    for step, sentence in rules:
        stated = step == Step.STATE and bool(problem.strip())
        if steps.get(step, "open") == "open" and not stated:
            return sentence
    return ""
