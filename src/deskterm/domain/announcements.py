"""Announcements: their states by the clock, and what is told of them (G2, semantics §13)."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from deskterm.domain.errors import RefusedError, UsageError
from deskterm.domain.text import is_blank


class AnnouncementState(StrEnum):
    """Where an announcement stands; it follows from its times and from what was done with it."""

    PLANNED = "planned"
    RUNNING = "running"
    ENDED = "ended"
    WITHDRAWN = "withdrawn"


class AnnouncementKind(StrEnum):
    """What is announced."""

    OUTAGE = "outage"
    """Something does not work: also those are told who want no news, where they use it."""
    MAINTENANCE = "maintenance"
    NEWS = "news"


class Telling(StrEnum):
    """What a letter of an announcement tells; an update has its number behind it."""

    PLANNED = "planned"
    REMINDER = "reminder"
    RUNNING = "running"
    UPDATE = "update"
    ENDED = "ended"
    WITHDRAWN = "withdrawn"


ONLY_TO_THE_TOLD = (Telling.ENDED, Telling.WITHDRAWN)
"""Who never heard of it need not hear that it is over."""
SOON = timedelta(days=1)
"""What is planned stands on boards so long before it begins."""
LONGEST = 4_000
"""Characters of an announcement, an update or a closing word."""


class AnnouncementRow(NamedTuple):
    """What is said to everyone, or to an audience."""

    id: int
    text: str
    kind: str
    audience: str
    """A query over people; empty: everybody."""
    letters: bool
    """Whether they get letters, or it stands on boards only."""
    problem_id: int | None
    organisation_id: int | None
    """The client whose people alone it is for."""
    actor: str
    from_at: datetime
    until_at: datetime | None
    remind_at: datetime | None
    ended_at: datetime | None
    withdrawn: bool
    closing: str
    """What was said at its end."""
    updates: int
    due: str
    """Which wording is still to be told by letter."""
    told: int
    """How many letters were written of it."""
    trouble: str
    """Why its letters cannot be written."""

    def state(self, now: datetime) -> AnnouncementState:
        """Give where it stands at a time."""
        if self.withdrawn:
            return AnnouncementState.WITHDRAWN
        if self.ended_at is not None or (self.until_at is not None and self.until_at <= now):
            return AnnouncementState.ENDED
        return AnnouncementState.PLANNED if self.from_at > now else AnnouncementState.RUNNING

    @property
    def whom(self) -> str:
        """Give for whom it is, as it is said: the query, or everyone."""
        return self.audience or "everyone"


def telling(due: str) -> Telling:
    """Give what a wording tells: `update 2` is an update."""
    return Telling(due.partition(" ")[0])


def fail(failed: int, told: int) -> bool:
    """Tell whether letters fail in earnest: one in twenty; a dead address among many is none."""
    return failed > 0 and failed * 20 >= told


def check(values: Mapping[str, object], now: datetime) -> None:
    """Hold the rules of what is announced; raises UsageError."""
    if is_blank(str(values["text"] or "")):
        raise UsageError("what is announced? Say it in one sentence.")
    if len(str(values["text"])) > LONGEST:
        raise UsageError(f"an announcement has {LONGEST} characters at most: say it shorter.")
    if values["kind"] not in tuple(AnnouncementKind):
        raise UsageError(f"{str(values['kind'])[:40]!r}? It is {', '.join(AnnouncementKind)}.")
    begin, end = values["from_at"], values["until_at"]
    if isinstance(end, datetime) and end <= now:
        raise UsageError("it would have ended already: check until (--until).")
    if isinstance(end, datetime) and isinstance(begin, datetime) and end <= begin:
        raise UsageError("it ends before it begins: check from and until (--from, --until).")


def check_open(number: int, state: AnnouncementState) -> None:
    """Refuse to change what is over: who was told of its end would wonder; raises RefusedError."""
    if state == AnnouncementState.ENDED:
        raise RefusedError(f"announcement {number} has ended before: make a new one.")
    if state == AnnouncementState.WITHDRAWN:
        raise RefusedError(f"announcement {number} was withdrawn: make a new one.")
