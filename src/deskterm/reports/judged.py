"""What the figures keep of a ticket that was closed: its nine steps and its named mistakes.

It follows from the ticket's course and promises, so that it can be kept beside it and proved again.
"""

from collections.abc import Mapping
from typing import NamedTuple

from deskterm.domain.text import clean
from deskterm.domain.vocabulary import STEPS, Step
from deskterm.reports.course import Course, Mark
from deskterm.reports.mistakes import MISTAKES, Due, no_promise

_BACK = {"craft": Step.REPRODUCE, "customer": Step.STATE}
"""A failed 8 goes back to 4, a failed 9 to 3 (semantics.md §10)."""
REASON = 80
"""Characters of a reason that are told apart."""
DONE, SKIPPED, OPEN = "d", "s", "o"
"""How a step stood at the last closing; a capital says that a failure led back to it."""


class Judged(NamedTuple):
    """One closed ticket as figures count it."""

    steps: str
    """A letter for each of the nine, in their order."""
    seconds: tuple[int | None, ...]
    """From the opening to the first time each was done; None where it never was."""
    reasons: Mapping[str, str]
    """Step → why it was skipped."""
    mistakes: Mapping[int, str]
    """Number of the step that went wrong → why it fits."""


def judge(course: Course, due: Due = no_promise) -> Judged:
    """Judge a ticket that was closed, as it was at its last closing, by what was promised of it."""
    marks = course.to_closing.marks
    back = {_BACK.get(str(one.data.get("by"))) for one in course.entries if one.failed()}
    letters = ((step, _letter(marks.get(step))) for step in STEPS)
    return Judged(
        "".join(letter.upper() if step in back else letter for step, letter in letters),
        tuple(_seconds(course, step) for step in STEPS),
        {
            str(step): clean(mark.reason, one_line=True)[:REASON]
            for step, mark in marks.items()
            if mark.status == "skipped"
        },
        {one.number: why for one in MISTAKES if (why := one.why(course, due))},
    )


def _letter(mark: Mark | None) -> str:
    if mark is None:
        return OPEN
    return SKIPPED if mark.status == "skipped" else DONE


def _seconds(course: Course, step: Step) -> int | None:
    at = course.first_done.get(step)
    return None if at is None else max(int((at - course.opened_at).total_seconds()), 0)
