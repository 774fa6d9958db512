"""Problems and announcements: their words, states and rows (F1, G2, semantics.md §9)."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from deskterm.domain.errors import RefusedError, UsageError
from deskterm.domain.patterns import pattern


class ProblemState(StrEnum):
    """Where a problem stands."""

    SUSPECTED = "suspected"
    OPEN = "open"
    KNOWN_ERROR = "known_error"
    """Its cause and a workaround are known."""
    FIX_PLANNED = "fix_planned"
    RELEASED = "released"
    VERIFIED = "verified"
    WONT_FIX = "wont_fix"


def state_words(state: str) -> str:
    """Give a state as people read it: `known error`, `not to be fixed`."""
    return "not to be fixed" if state == ProblemState.WONT_FIX else state.replace("_", " ")


LIVE = tuple(s for s in ProblemState if s not in (ProblemState.VERIFIED, ProblemState.WONT_FIX))
"""The states in which new tickets are offered to join."""

SEVERITIES = ("low", "normal", "high")
TEXTS = ("title", "cause", "workaround", "reproduction", "model", "os", "owner")
"""What is free text of a problem."""
COLUMNS = (*TEXTS, "state", "severity", "site_id", "category_id")
"""What an edit may change and an undo restores."""

_NUMBER = pattern(r"[pP]?#?(\d{1,9})\Z")


class ProblemRow(NamedTuple):
    """A problem in a list."""

    id: int
    title: str
    state: str
    severity: str
    owner: str
    tickets: int
    """All tickets linked to it."""
    open_tickets: int
    people: int
    """Whom these tickets touch: their requesters, or more where that was asked."""
    last_seen: datetime | None
    """When the newest of its tickets was opened."""
    workaround: str
    version: int

    @property
    def name(self) -> str:
        """`P7 VPN gateway`."""
        return f"P{self.id} {self.title}"


class ProblemView(NamedTuple):
    """A problem whole. `cause` is internal: no letter reads it."""

    id: int
    version: int
    title: str
    state: str
    severity: str
    cause: str
    workaround: str
    reproduction: str
    model: str
    os: str
    site: str | None
    category: str | None
    owner: str
    created_at: datetime
    updated_at: datetime
    last_seen: datetime | None
    people: int
    tickets: tuple[int, ...]
    open_tickets: tuple[int, ...]
    announcement: int | None
    """The number of the announcement that runs for it."""


class ProblemFit(NamedTuple):
    """An open problem that a ticket may belong to; a person decides."""

    id: int
    title: str
    state: str
    workaround: str
    tickets: int
    score: float
    """For comparing; no probability."""
    reason: str
    linked: bool = False
    """The ticket is linked to it already."""


class AnnouncementRow(NamedTuple):
    """What is said to everyone, or to a site."""

    id: int
    text: str
    site: str | None
    problem_id: int | None
    actor: str
    from_at: datetime
    until_at: datetime | None
    ended_at: datetime | None


class Outbreak(NamedTuple):
    """Like tickets that came together, more than usual."""

    label: str
    """The word or category they share."""
    title: str
    """What most of them are called."""
    tickets: tuple[int, ...]
    hours: int
    usual: float
    tail: float
    """How seldom so many would come by chance."""
    people: int
    began: datetime

    @property
    def words(self) -> str:
        """`12 like VPN in 2 h, usually 1`."""
        usual = f"{self.usual:.0f}" if self.usual >= 1 or self.usual == 0 else "less than 1"
        return f"{len(self.tickets)} like {self.label} in {self.hours} h, usually {usual}"


class OwnerRow(NamedTuple):
    """Somebody whose device fits a problem."""

    person_id: int
    name: str
    address: str
    device: str
    reason: str
    status: str
    """Empty, `told` or `has a ticket`."""


def number_of(text: str) -> int:
    """Give the number of `P7`, `p7` or `7`; raises UsageError."""
    match = _NUMBER.match(text.strip())
    if match is None:
        raise UsageError(f"{text[:60]!r} is no problem: write it like P7.")
    return int(match.group(1))


def check(values: Mapping[str, object]) -> None:
    """Hold the rules of a problem as it would be; raises UsageError, RefusedError."""
    if not str(values["title"]).strip():
        raise UsageError("a problem needs a title.")
    if values["state"] not in tuple(ProblemState):
        raise UsageError(f"state {values['state']!r}? Use {', '.join(ProblemState)}.")
    if values["severity"] not in SEVERITIES:
        raise UsageError(f"severity {values['severity']!r}? Use {', '.join(SEVERITIES)}.")
    if values["state"] == ProblemState.KNOWN_ERROR:
        missing = [name for name in ("cause", "workaround") if not str(values[name]).strip()]
        if missing:
            raise RefusedError(
                f"a known error has a cause and a workaround: name the {missing[0]}."
            )
