"""The public view: all that a letter can know. It holds texts, and no way to anything internal."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class PublicWords:
    """What somebody said in public."""

    who: str
    text: str


@dataclass(frozen=True, slots=True)
class PublicPart:
    """One event that a letter tells of."""

    template: str
    words: tuple[PublicWords, ...] = ()
    reason: str = ""
    resolution: str = ""
    outcome: str = ""
    waiting_for: str = ""
    until: str = ""
    """A date, as people read it."""
    needs: str = ""
    approver: str = ""
    into: int = 0


@dataclass(frozen=True, slots=True)
class PublicFile:
    """A file that a technician sent with their words."""

    name: str
    media_type: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class PublicLetter:
    """One letter to one recipient, as far as it may know of its ticket."""

    number: int
    subject: str
    said: str
    urgent: bool
    recipient: str
    recipient_name: str
    requester: str
    """The name of whoever reported it."""
    is_requester: bool
    """Whether it goes to them, or to somebody who is kept informed."""
    message_id: str
    references: tuple[str, ...]
    parts: tuple[PublicPart, ...]
    files: tuple[PublicFile, ...]
    written_at: datetime


@dataclass(frozen=True, slots=True)
class DeskFace:
    """How the desk presents itself in its letters."""

    address: str
    name: str
    mission: str
    secret: str
    reopen_days: int
    verp: bool = True
    """Whether bounces come back to an address of each letter's own."""
