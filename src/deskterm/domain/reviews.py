"""Call reviews (H7): questions along the nine steps, asked of a drawn sample of closed tickets.

A review is between the reviewed and the reviewer; only sums are for all, and they name nobody.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from deskterm.domain.errors import UsageError
from deskterm.domain.vocabulary import STEPS, step_named

YES, NO, APART = "yes", "no", "-"
ANSWERS = {YES: YES, "y": YES, NO: NO, "n": NO, APART: APART, "na": APART, "n/a": APART}
"""What may be typed → the answer; `-`: the question does not apply."""
STARTER = """greet: Was the person greeted kindly, by name, and told what happens next?
classify: Were category, service and urgency right when the call ended?
state: Is the trouble stated so that a colleague can go on without asking again?
reproduce: Was it seen or reproduced before anything was changed?
propose: Was the person told what can be done, how long it takes and what it costs them?
carry-out: Was only that done which was agreed on, and is it written down?
verify: Was the work checked by the test that had shown the trouble?
confirm: Did the person themselves say that it works before it was closed?"""
"""The questions of a new desk, a line each: the step, a colon, the question."""
MOST_QUESTIONS = 20


class Question(NamedTuple):
    """One question of the checklist."""

    step: str
    text: str


class Answer(NamedTuple):
    """One answer, with the question as it was asked."""

    step: str
    question: str
    said: str
    """yes, no, or - where it does not apply."""


class ReviewRow(NamedTuple):
    """One review."""

    id: int
    ticket_id: int
    subject: str
    category: str
    login: str
    """The reviewed."""
    period: str
    """What it was drawn from."""
    drawn_at: datetime
    reviewer: str
    """Empty: nobody has filled it in yet."""
    filled_at: datetime | None
    answers: Sequence[Answer]
    note: str
    seen_at: datetime | None
    """When the reviewed said that they have read it."""
    reply: str
    """What the reviewed says to it."""

    @property
    def state(self) -> str:
        """How it stands, in a word."""
        if self.filled_at is None:
            return "to fill in"
        return "seen" if self.seen_at else "filled in"


def questions(text: str) -> list[Question]:
    """Give the questions of a checklist, a line each; raises UsageError."""
    found = []
    for line in text.splitlines():
        if not line.strip():
            continue
        step, colon, words = line.partition(":")
        if not colon or not words.strip():
            raise UsageError(
                f"{line[:60]!r}: write a step, a colon and a question, such as "
                "'greet: Was the person greeted?'."
            )
        found.append(Question(str(step_named(step.strip().lower())), " ".join(words.split())))
    if not found or len(found) > MOST_QUESTIONS:
        raise UsageError(f"a checklist has 1 to {MOST_QUESTIONS} questions, a line each.")
    order = {str(step): place for place, step in enumerate(STEPS)}
    return sorted(found, key=lambda one: order[one.step])


def answered(asked: Sequence[Question], text: str) -> list[Answer]:
    """Give the answers of `yes no - yes`, one for each question; raises UsageError."""
    words = text.replace(",", " ").lower().split()
    odd = next((word for word in words if word not in ANSWERS), None)
    if odd is not None:
        raise UsageError(f"{odd[:20]!r} is no answer: say yes, no, or - where it does not apply.")
    if len(words) != len(asked):
        raise UsageError(
            f"{len(words)} answers for {len(asked)} questions: one for each, in their order; "
            "`deskterm review show ID` has them."
        )
    return [
        Answer(one.step, one.text, ANSWERS[word]) for one, word in zip(asked, words, strict=True)
    ]
