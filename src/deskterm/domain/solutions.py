"""Rows and words of solutions: an answer, how well it is proved, and who may read it.

The sheet is a solution as one text for an editor: short fields a line each, then headings.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from deskterm.domain.errors import UsageError
from deskterm.domain.patterns import pattern
from deskterm.domain.vocabulary import Audience, Confidence

TIP = "tip"
"""The wording under which it is kept who got the tip of a solution."""
TEXTS = ("title", "symptoms", "environment", "cause", "resolution", "tip")
"""The fields that are written by people, in the order in which they are read."""
FIELDS = (*TEXTS, "category", "client", "fixed_in", "owner", "review_by")
"""Everything an edit may change."""
LABELS = {
    "title": "Title",
    "symptoms": "Symptoms, in the customer's words",
    "environment": "Environment",
    "cause": "Cause",
    "resolution": "Resolution",
    "tip": "Tip that prevents the next call",
    "category": "Category",
    "client": "Client",
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
    client: str | None
    """Whose words it is made of; nobody else reads it before it is public. None: nobody's."""
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
    changes: dict[str, tuple[object, object]]
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


_NUMBER = pattern(r"\s*[sS]?(\d{1,15})\s*\Z")


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


_SHORT = ("title", "category", "client", "owner", "review_by", "fixed_in")
_LONG = tuple(name for name in FIELDS if name not in _SHORT)
_HEADING = pattern(r"\\*== ([^=\n]{1,60}) ==\s*\Z")
_OF_LABEL = {LABELS[name].casefold(): name for name in FIELDS}
HELP = "Change what stands after the colons and below the headings; leave the headings."


def sheet(values: Mapping[str, str]) -> str:
    """Give the text for the editor."""
    lines = [f"# {HELP}", ""]
    lines += [f"{LABELS[name]}: {' '.join(values.get(name, '').split())}" for name in _SHORT]
    for name in _LONG:
        lines += ["", f"== {LABELS[name]} ==", *map(_guarded, values.get(name, "").split("\n"))]
    return "\n".join(lines) + "\n"


def read_sheet(text: str) -> dict[str, str]:
    """Give the fields of an edited text; raises UsageError naming the line."""
    found: dict[str, str] = {}
    parts: dict[str, list[str]] = {}
    inside: list[str] | None = None
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), 1):
        match = _HEADING.match(line)
        if match and not line.startswith("\\"):
            inside = parts.setdefault(_name(match.group(1), _LONG, number), [])
        elif inside is not None:
            inside.append(line[1:] if match else line)
        elif line.strip() and not line.startswith("#"):
            label, colon, value = line.partition(":")
            if not colon:
                raise UsageError(
                    f"line {number}: {line[:40]!r} has no colon; the fields come first."
                )
            found[_name(label, _SHORT, number)] = value.strip()
    return found | {name: "\n".join(lines).strip("\n") for name, lines in parts.items()}


def _guarded(line: str) -> str:
    """A line of the text that looks like a heading gets a backslash before it."""
    return "\\" + line if _HEADING.match(line) else line


def _name(label: str, among: tuple[str, ...], number: int) -> str:
    name = _OF_LABEL.get(label.strip().casefold())
    if name not in among:
        known = ", ".join(LABELS[one] for one in among)
        raise UsageError(f"line {number}: {label.strip()[:40]!r} is none of {known}.")
    return name
