"""The nine steps in figures: how often done, skipped, left open and gone back to (B4).

The cases are tickets that were closed; the clock is the wall's, from opening to the step. Merged,
cancelled and imported tickets, spam and duplicates are left out by whoever reads the rows. A
mistake that is about to happen on a ticket is one kind line.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil
from statistics import median
from typing import Any, NamedTuple

from deskterm.domain.shares import Share
from deskterm.domain.text import clean
from deskterm.domain.vocabulary import STEPS, Event, State, Step
from deskterm.reports.course import Course, first_done, marks

_BACK = {"craft": Step.REPRODUCE, "customer": Step.STATE}
"""A failed 8 goes back to 4, a failed 9 to 3 (semantics.md §10)."""
REASON = 80
"""Characters of a reason that are told apart."""


class Times(NamedTuple):
    """How long something took, in seconds: never the mean (semantics.md §5)."""

    n: int
    median: float | None
    p90: float | None


@dataclass(slots=True)
class StepFigures:
    """What became of one step on the tickets that were closed."""

    step: Step
    cases: int = 0
    done: list[int] = field(default_factory=list)
    """Tickets on which it was done when they were closed."""
    skipped: list[int] = field(default_factory=list)
    open: list[int] = field(default_factory=list)
    back: list[int] = field(default_factory=list)
    """Tickets on which a failed verification led back to it."""
    reasons: Counter[str] = field(default_factory=Counter)
    """Why it was skipped."""
    seconds: list[float] = field(default_factory=list)

    def share(self, tickets: Sequence[int]) -> Share:
        """Give how many of all closed tickets these are."""
        return Share(len(tickets), self.cases)

    @property
    def times(self) -> Times:
        """From the opening to the first time it was done."""
        return times(self.seconds)

    @property
    def number(self) -> int:
        """Its place among the nine."""
        return STEPS.index(self.step) + 1


def times(seconds: Sequence[float]) -> Times:
    """Give the median and the 90th percentile (nearest rank)."""
    if not seconds:
        return Times(0, None, None)
    ranked = sorted(seconds)
    return Times(len(ranked), median(ranked), ranked[ceil(0.9 * len(ranked)) - 1])


def duration(seconds: float | None) -> str:
    """Give `40 min`, `3.5 h` or `2.1 d`; a dash where nothing is known."""
    if seconds is None:
        return "-"
    if seconds < 5400:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h" if seconds < 172800 else f"{seconds / 86400:.1f} d"


def step_figures(courses: Iterable[Course]) -> list[StepFigures]:
    """Give the figures of all nine, in order; a ticket counts as it was at its last closing."""
    found = {step: StepFigures(step) for step in STEPS}
    for course in courses:
        closed = course.until(course.last(Event.CLOSED))
        at_closing = marks(closed)
        led_back = {_BACK[by] for by in _failed(course)}
        for step, figures in found.items():
            figures.cases += 1
            _place(figures, course, at_closing.get(step))
            if step in led_back:
                figures.back.append(course.ticket)
    return list(found.values())


def _place(figures: StepFigures, course: Course, mark: Any) -> None:
    if mark is None:
        figures.open.append(course.ticket)
    elif mark.status == "skipped":
        figures.skipped.append(course.ticket)
        figures.reasons[clean(mark.reason, one_line=True)[:REASON]] += 1
    else:
        figures.done.append(course.ticket)
    at = first_done(course, figures.step)
    if at is not None:
        figures.seconds.append(max((at - course.opened_at).total_seconds(), 0.0))


def _failed(course: Course) -> list[str]:
    return [by for one in course.entries if one.failed() and (by := one.data.get("by")) in _BACK]


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
