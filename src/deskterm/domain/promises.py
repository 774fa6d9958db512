"""What is promised to people: its kinds, its rows, when one is broken (G6, F5)."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from deskterm.domain.errors import UsageError
from deskterm.domain.patterns import pattern
from deskterm.domain.problems import ProblemState


class PromiseKind(StrEnum):
    """What was promised."""

    FIX = "fix"
    """It was recorded, and they were told that it will be fixed."""
    CALL = "call"
    """They are called back."""
    VISIT = "visit"
    """Somebody comes."""
    WAIT = "wait"
    """Their ticket waits until then, and goes on by itself."""
    ASK = "ask"
    """They are asked again for their answer."""
    APPROVAL = "approval"
    """Whoever must approve is asked again."""


WORDS: Mapping[str, str] = {
    PromiseKind.FIX: "will be fixed",
    PromiseKind.CALL: "call-back",
    PromiseKind.VISIT: "visit",
    PromiseKind.WAIT: "goes on",
    PromiseKind.ASK: "asked again",
    PromiseKind.APPROVAL: "approval",
}
"""Kind → what stands in lists."""
OWED = (PromiseKind.FIX, PromiseKind.CALL, PromiseKind.VISIT)
"""What somebody must keep; the rest the desk does by itself."""
MENDED, WONT_FIX, WITHDRAWN, SAID = "mended", "wont_fix", "withdrawn", "said"
"""What somebody was told last of a promised fix; `said`: by word of mouth."""
_GRACE = {
    PromiseKind.FIX: timedelta(days=1),
    PromiseKind.CALL: timedelta(minutes=15),
    PromiseKind.VISIT: timedelta(minutes=15),
}
"""So long after its time one is not broken yet: a day is kept until it is over."""
_ID = pattern(r"#?([a-z]+)\.(\d{1,9})(?:\.(\d{1,9}))?\Z")


class PromiseRow(NamedTuple):
    """Something that was promised and is not done."""

    kind: str
    ticket_id: int
    number: int
    """The problem of a fix, the number of a call-back or visit; else 0."""
    at: datetime | None
    """When it is due; None: no day was named."""
    owner: str
    """Who keeps it; empty: the group, or nobody yet."""
    group: str
    requester: str
    phone: str
    note: str
    subject: str
    ticket_state: str
    broken: bool = False

    @property
    def id(self) -> str:
        """How it is named in commands: `call.12.1`, `fix.12.7`, `wait.12`."""
        tail = f".{self.number}" if self.number else ""
        return f"{self.kind}.{self.ticket_id}{tail}"


class BrokenRow(NamedTuple):
    """How many promises of a kind were kept late, or are late."""

    kind: str
    kept_late: int
    open_late: int


def late(at: datetime, now: datetime, kind: PromiseKind = PromiseKind.CALL) -> bool:
    """Tell whether a promise that is still open counts as broken."""
    return now > at + _GRACE[kind]


def stage_of(before: str, after: str) -> str:
    """Give what those who were promised a fix are to hear when a problem's state changes."""
    if after == ProblemState.WONT_FIX and before != after:
        return WONT_FIX
    mended = (ProblemState.RELEASED, ProblemState.VERIFIED)
    return MENDED if after in mended and before not in mended else ""


def named(text: str) -> tuple[str, int, int]:
    """Give (kind, ticket, number) of `call.12.1`; raises UsageError."""
    match = _ID.match(text.strip().lower())
    if match is None or match[1] not in (*PromiseKind, *WORDS):
        raise UsageError(
            f"{text[:40]!r} names no promise: write it as `deskterm promises` does, call.12.1."
        )
    return match[1], int(match[2]), int(match[3] or 0)
