"""Time worked on tickets (H9): by a clock, typed, or counted from calls and guide runs (§12).

What is booked never changes: it is corrected by further entries, also negative ones. Nothing here
ranks people: sums are of tickets, problems, services and clients.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from deskterm.domain.asking import Request
from deskterm.domain.clock import from_text, to_text
from deskterm.domain.errors import UsageError
from deskterm.domain.visits import read_minutes

LONGEST = 24 * 60
"""Minutes of one entry at most."""
FORGOTTEN = timedelta(hours=12)
"""A clock that runs longer is stopped by the jobs."""
IDLE = timedelta(minutes=15)
"""A longer silence at one question of a guide counts as so much work."""


class TimeState(StrEnum):
    """Where an entry of time stands."""

    RUNNING = "running"
    """A clock that was started and not stopped yet; one a technician."""
    BOOKED = "booked"
    PROPOSED = "proposed"
    """Its technician is to confirm or drop it: it took longer than is likely."""
    DROPPED = "dropped"


class TimeKind(StrEnum):
    """How an entry of time came about."""

    TYPED = "typed"
    CLOCK = "clock"
    CALL = "call"
    GUIDE = "guide"


class Worked(NamedTuple):
    """An entry of time, as its ticket's ledger keeps it."""

    technician: str
    kind: str
    state: str
    started_at: datetime
    seconds: int = 0
    """0 while the clock runs; negative where it corrects another."""
    note: str = ""
    run: int | None = None
    """The guide run it was counted from."""

    @property
    def ended_at(self) -> datetime:
        """When it ended; when it began while the clock runs."""
        return self.started_at + timedelta(seconds=max(self.seconds, 0))

    @property
    def kept(self) -> dict[str, object]:
        """What the ledger keeps of it."""
        return self._asdict() | {"started_at": to_text(self.started_at)}


def worked_of(value: object) -> Worked:
    """Give an entry from what the ledger keeps of it."""
    assert isinstance(value, Mapping)
    return Worked(**{**value, "started_at": from_text(value["started_at"])})


class TimeRow(NamedTuple):
    """An entry of time in a list."""

    id: int
    ticket_id: int
    technician: str
    kind: str
    state: str
    started_at: datetime
    seconds: int
    note: str
    subject: str
    requester: str
    organisation: str
    service: str

    @property
    def minutes(self) -> float:
        """The minutes, to a tenth."""
        return round(self.seconds / 60, 1)


class Span(NamedTuple):
    """A piece of time in which somebody worked."""

    start: datetime
    end: datetime


def without(span: Span, others: Iterable[Span]) -> list[Span]:
    """Give what is left of a span outside others, in order."""
    left = [span] if span.start < span.end else []
    for other in others:
        if other.start >= other.end:
            continue  # a clock that was set back
        left = [
            part
            for one in left
            for part in (
                Span(one.start, min(one.end, other.start)),
                Span(max(one.start, other.end), one.end),
            )
            if part.start < part.end
        ]
    return left


def seconds_of(spans: Iterable[Span]) -> int:
    """Give how many seconds spans take together."""
    return round(sum((one.end - one.start).total_seconds() for one in spans))


def read_seconds(text: str) -> int:
    """Read `20m`, `1h30`, `-10m` as seconds; raises UsageError for none, or more than a day."""
    word = text.strip()
    sign = -1 if word[:1] in ("-", "−") else 1
    return sign * read_minutes(word.lstrip("-−+ "), LONGEST, 1) * 60


class AddTime(Request, verb="time"):
    """Book time that was worked; a negative length corrects what was booked before."""

    length: str
    note: str = ""
    on: str = ""
    """The day it was worked: `yesterday`, `2026-11-28`; empty: until now."""

    def check(self) -> str:
        """Say what is no length."""
        try:
            read_seconds(self.length)
        except UsageError as error:
            return str(error)
        return ""


class StartClock(Request, verb="time"):
    """Start one's clock on it; one that runs on another ticket is stopped."""

    note: str = ""


class StopClock(Request, verb="time"):
    """Stop one's clock: the time is booked, or proposed where it ran for too long."""

    note: str = ""


class JudgeTime(Request, verb="time"):
    """Confirm or drop time that was proposed."""

    number: int
    keep: bool = True
    length: str = ""
    """What it really took; empty: what is proposed."""

    def check(self) -> str:
        """Say what is no length of work."""
        if not self.length:
            return ""
        try:
            seconds = read_seconds(self.length)
        except UsageError as error:
            return str(error)
        return "" if seconds > 0 else "what is confirmed took some time: say 20m, or drop it."
