"""The public view: all that a letter can know. It holds texts, and no way to anything internal."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo

from deskterm.domain.clock import from_text
from deskterm.mail.answers import Question


@dataclass(frozen=True, slots=True)
class PublicWords:
    """What somebody said in public."""

    who: str
    text: str


@dataclass(frozen=True, slots=True)
class PublicVisit:
    """A visit as its customer knows it; times in the zone of the hours there."""

    number: int
    sequence: int
    """Counts its changes."""
    minutes: int
    place: str
    what: str
    who: str
    """The name of whoever comes."""
    at: datetime | None = None
    """None while times are only offered."""
    slots: tuple[datetime, ...] = ()
    """What can be chosen."""
    moved: bool = False
    """Another time, or other times, than they were told before."""
    method: str = ""
    """What the calendar in the letter says: REQUEST, CANCEL, DECLINECOUNTER; empty: no calendar."""


def visit_told(data: Mapping[str, object], zone: tzinfo, method: str) -> PublicVisit | None:
    """Give the visit that an entry tells of, as it was agreed on then; None where of none."""
    told = data.get("visit")
    if not isinstance(told, Mapping):
        return None
    zone = _zone(told.get("zone")) or zone
    number, sequence, minutes = (int(told[name]) for name in ("number", "sequence", "minutes"))
    at = from_text(told["at"]).astimezone(zone) if told["at"] else None
    return PublicVisit(
        number=number,
        sequence=sequence,
        minutes=minutes,
        place=told["place"],
        what=told["what"],
        who=told["who"],
        at=at,
        slots=tuple(from_text(one).astimezone(zone) for one in told["slots"]),
        moved=data.get("verb") == "moved" or bool(data.get("taken")),
        method=method if at else "",
    )


def _zone(name: object) -> tzinfo | None:
    """Give the zone of whoever is visited; None where this machine does not know it."""
    from zoneinfo import ZoneInfo  # noqa: PLC0415 - only where a letter tells of a visit

    try:
        return ZoneInfo(name) if isinstance(name, str) and name else None
    except (ValueError, OSError, KeyError):
        return None


@dataclass(frozen=True, slots=True)
class PublicPart:
    """One event that a letter tells of."""

    template: str
    words: tuple[PublicWords, ...] = ()
    reason: str = ""
    resolution: str = ""
    outcome: str = ""
    waiting_for: str = ""
    until: datetime | None = None
    """In the desk's zone."""
    needs: str = ""
    approver: str = ""
    approval: str = ""
    """asked, granted or refused."""
    since: datetime | None = None
    """When it was asked for, granted or refused; in the desk's zone."""
    into: int = 0
    times: int = 0
    """How often somebody was reminded by now."""
    days: int = 0
    """Business days of silence after which the desk closes by itself; 0: it never does."""
    question: Question | None = None
    """What the letter asks its reader."""
    asked: int = 0
    """The ledger entry that asks."""
    release: str = ""
    """What left, and fixes it: `Router 2.4`."""
    changed: str = ""
    """What changed with it, in customers' words."""
    how: str = ""
    """How to get it."""
    measure: str = ""
    """What mended it where no release did: configuration, replacement, training, words."""
    workaround: str = ""
    """What helps until it is fixed."""
    tickets: tuple[int, ...] = ()
    """All tickets of the reader's that it is about."""
    answer_by: datetime | None = None
    """Until when an answer is promised, in the desk's zone; None: nothing is."""
    answer_within: str = ""
    """The same as it is written down: 4h, 3d, 15m always."""
    announced: tuple[str, ...] = ()
    """What is announced to the reader at the moment and speaks of the same."""
    visit: PublicVisit | None = None


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
    person: int = 0
    """Whose answer a choice in it is; 0: nobody's, then it offers none."""
    owner: str = ""
    """The technician who has the ticket."""
    ended: bool = False
    """Whether nobody works on it any more."""
    language: str = ""
    """Such as `de`; empty: the desk's."""
    link_round: int = 0
    """How often the person's links to the web face were revoked."""


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
    language: str = "en"
    values: str = ""
    """The desk's values, on one line."""
    expect: str = ""
    """What whoever writes may expect, in the desk's own words; empty: ours."""
    expect_urgent: str = ""
    web: str = ""
    """Where people reach the web face; empty: there is none."""
    client: int | None = None
    """Whose people it is shown to, where they are of an organisation."""
