"""Rows and words of solutions: an answer, how well it is proved, and who may read it."""

import re
from datetime import datetime
from typing import Any, NamedTuple

from deskterm.domain.errors import UsageError
from deskterm.domain.vocabulary import Audience, Confidence

TEXTS = ("title", "symptoms", "environment", "cause", "resolution", "tip")
"""The fields that are written by people, in the order in which they are read."""
FIELDS = (*TEXTS, "category", "fixed_in", "owner", "review_by")
"""Everything an edit may change."""
LABELS = {
    "title": "Title",
    "symptoms": "Symptoms, in the customer's words",
    "environment": "Environment",
    "cause": "Cause",
    "resolution": "Resolution",
    "tip": "Tip that prevents the next call",
    "category": "Category",
    "fixed_in": "Fixed in",
    "owner": "Owner",
    "review_by": "Review by",
}

AFTER = {
    Confidence.DRAFT: Confidence.NOT_VALIDATED,
    Confidence.NOT_VALIDATED: Confidence.VALIDATED,
    Confidence.VALIDATED: Confidence.VALIDATED,
    Confidence.ARCHIVED: Confidence.DRAFT,
}
"""What a review makes of a solution; an archived one begins again."""

WIDER = {
    None: Audience.TECHNICIANS,
    Audience.TECHNICIANS: Audience.ORGANISATION,
    Audience.ORGANISATION: Audience.PUBLIC,
    Audience.PUBLIC: Audience.PUBLIC,
}
"""The next wider circle of readers."""

READERS = {
    Audience.TECHNICIANS: (Audience.TECHNICIANS, Audience.ORGANISATION, Audience.PUBLIC),
    Audience.ORGANISATION: (Audience.ORGANISATION, Audience.PUBLIC),
    Audience.PUBLIC: (Audience.PUBLIC,),
}
"""What each circle of readers may see."""


class SolutionRow(NamedTuple):
    """One solution as it stands now."""

    id: int
    version: int
    title: str
    symptoms: str
    environment: str
    cause: str
    resolution: str
    tip: str
    confidence: str
    audience: str | None
    category: str | None
    """The category's path."""
    source_ticket: int | None
    fixed_in: str
    owner: str
    review_by: str | None
    created_at: datetime
    updated_at: datetime
    published_at: datetime | None
    worked: int
    failed: int
    flagged: bool
    """It did not work since it was last edited or reviewed: somebody should look at it."""

    @property
    def name(self) -> str:
        """`S12`."""
        return f"S{self.id}"


class SolutionEdit(NamedTuple):
    """One entry of a solution's history. `changes` is field → (before, after)."""

    at: datetime
    actor: str
    event: str
    text: str
    changes: dict[str, tuple[Any, Any]]
    operation_id: str
    undone: bool


class SolutionHint(NamedTuple):
    """A solution that may work, and why it stands where it stands."""

    solution: SolutionRow
    score: float
    likeness: float
    """0 to 1."""
    reason: str


class LikeTicket(NamedTuple):
    """A ticket that reads like another one, and the words that say so."""

    id: int
    subject: str
    state: str
    likeness: float
    reason: str
    resolution: str


_NUMBER = re.compile(r"\s*[sS]?(\d{1,15})\s*\Z")


def solution_number(text: str) -> int:
    """Give the number of `S12` or `12`; raises UsageError."""
    match = _NUMBER.match(text) if text.isascii() else None
    if match is None:
        raise UsageError(f"{text[:60]!r} is not a solution: write it like S12.")
    return int(match.group(1))


def proof_text(worked: int, failed: int) -> str:
    """Give `86 % of 7`, or `-` where nobody has tried it."""
    tried = worked + failed
    return f"{round(100 * worked / tried)} % of {tried}" if tried else "-"
