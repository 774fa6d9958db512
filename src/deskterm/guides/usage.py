"""What the runs of a guide tell about it: where they end, where people give up, what takes long.

Figures are of the guide and its questions, never of people (semantics.md §5, §7).
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

from deskterm.domain.clock import from_text
from deskterm.domain.shares import Share
from deskterm.domain.times import Span
from deskterm.guides.model import Ending
from deskterm.guides.run import SKIPPED, Run

if TYPE_CHECKING:
    from datetime import datetime

Place = tuple[str, str]
"""(guide, node)."""
IDLE = 15 * 60
"""Seconds: a longer pause at one question counts as this much work."""
_WORK = frozenset(("answered", "skipped", "noted", "checked", "back", "edited"))


_BEGINS = frozenset(("started", "resumed"))
"""Before these nobody worked."""


class Walked(NamedTuple):
    """One run with what became of it."""

    run: Run
    version: int
    place: Place
    """Where it stands or ended."""
    ending: Ending | None
    """None where it was left before its end."""
    early: bool
    """Ended by the technician before the guide did."""
    left: bool
    """Abandoned, or untouched for a week."""
    reopened: bool
    """Its ticket came back within 14 days of the end."""


@dataclass(slots=True)
class NodeUse:
    """What happened at one question or instruction."""

    place: Place
    visits: int = 0
    answers: Counter[str] = field(default_factory=Counter)
    skipped: int = 0
    taken_back: int = 0
    """How often its answer was taken back or changed."""
    left: int = 0
    """Runs that were given up here."""
    seconds: list[float] = field(default_factory=list)
    """Active time of each answer."""

    @property
    def gave_up(self) -> Share:
        """Runs given up here, of those that came here."""
        return Share(self.left, max(self.visits, self.left))

    @property
    def went_back(self) -> Share:
        """Answers taken back or changed, of those given."""
        return Share(min(self.taken_back, self.visits), self.visits)

    @property
    def typical(self) -> float | None:
        """The median active time in seconds."""
        return median(self.seconds) if self.seconds else None


@dataclass(slots=True)
class LeafUse:
    """What became of the runs that ended at one place."""

    place: Place
    ending: Ending
    early: bool
    ended: int = 0
    reopened: int = 0

    @property
    def fixed(self) -> Share:
        """Ended here and not reopened within 14 days, of those that ended here."""
        return Share(self.ended - self.reopened, self.ended)


@dataclass(slots=True)
class Usage:
    """All that the runs of one guide tell."""

    runs: int = 0
    solved: int = 0
    held: int = 0
    """Solved and not reopened within 14 days."""
    escalated: int = 0
    left: int = 0
    nodes: dict[Place, NodeUse] = field(default_factory=dict)
    leaves: dict[tuple[Place, bool], LeafUse] = field(default_factory=dict)
    seconds: list[float] = field(default_factory=list)
    """Active time of each run that ended."""

    @property
    def over(self) -> int:
        """Runs that are over, one way or another."""
        return self.solved + self.escalated + self.left

    @property
    def fixed(self) -> Share:
        """Solved for good, of all runs that are over."""
        return Share(self.held, self.over)

    @property
    def given_up(self) -> Share:
        """Left before the end, of all runs that are over."""
        return Share(self.left, self.over)

    @property
    def handed_on(self) -> Share:
        """Escalated, of all runs that are over."""
        return Share(self.escalated, self.over)

    @property
    def typical(self) -> float | None:
        """The median active time of a run in seconds."""
        return median(self.seconds) if self.seconds else None

    def by_node(self) -> list[NodeUse]:
        """Give the questions, the most visited first."""
        return sorted(self.nodes.values(), key=lambda one: (-one.visits, one.place))

    def by_leaf(self) -> list[LeafUse]:
        """Give the endings, the most reached first."""
        return sorted(self.leaves.values(), key=lambda one: (-one.ended, one.place, one.early))


def usage(walks: Iterable[Walked]) -> Usage:
    """Add up what these runs tell."""
    found = Usage()
    for walked in walks:
        _add(found, walked)
    return found


def by_version(walks: Sequence[Walked]) -> dict[int, Usage]:
    """Give the figures of each version, the newest first: did the change help?"""
    numbers = sorted({walked.version for walked in walks}, reverse=True)
    return {
        number: usage(walked for walked in walks if walked.version == number) for number in numbers
    }


def _add(found: Usage, walked: Walked) -> None:
    found.runs += 1
    times = active(walked.run)
    for step in walked.run.steps:
        node = _node(found, (step.guide, step.node))
        node.visits += 1
        node.skipped += step.choice == SKIPPED
        node.answers[step.answer] += step.choice != SKIPPED
    for place, seconds in times:
        _node(found, place).seconds.append(seconds)
    for event in walked.run.record:
        if event.kind in ("back", "edited"):
            _node(found, (event.guide, event.node)).taken_back += 1
    if walked.ending is not None:
        _end(found, walked, sum(seconds for _, seconds in times))
    elif walked.left:
        found.left += 1
        _node(found, walked.place).left += 1


def _end(found: Usage, walked: Walked, seconds: float) -> None:
    ending = walked.ending or Ending.ESCALATE
    found.seconds.append(seconds)
    solved = ending is Ending.SOLVED
    found.solved += solved
    found.held += solved and not walked.reopened
    found.escalated += not solved
    fresh = LeafUse(walked.place, ending, walked.early)
    leaf = found.leaves.setdefault((walked.place, walked.early), fresh)
    leaf.ended += 1
    leaf.reopened += walked.reopened


def _node(found: Usage, place: Place) -> NodeUse:
    return found.nodes.setdefault(place, NodeUse(place))


def stints(run: Run) -> dict[str, list[Span]]:
    """Give who walked it and when, pauses left out: a span for each thing that was done."""
    found: dict[str, list[Span]] = {}
    last: datetime | None = None
    for event in run.record:
        at = from_text(event.at)
        if last is not None and event.kind not in _BEGINS and last < at:
            found.setdefault(event.by, []).append(Span(last, at))
        last = at
    return found


def active(run: Run) -> list[tuple[Place, float]]:
    """Give the seconds that went into each answer, pauses left out and long silences cut."""
    found: list[tuple[Place, float]] = []
    last: datetime | None = None
    spent = 0.0
    for event in run.record:
        at = from_text(event.at)
        if last is not None and event.kind in _WORK:
            spent += min(max((at - last).total_seconds(), 0.0), IDLE)
        if event.kind in ("answered", "skipped"):
            found.append(((event.guide, event.node), spent))
            spent = 0.0
        last = at
    return found
