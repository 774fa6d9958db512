"""Visits (G3): a technician comes to a place at a time that the customer chose (semantics §13).

A ticket has one visit at a time: offered as times to choose from, then fixed, then over.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from deskterm.domain.asking import Request
from deskterm.domain.clock import from_text, to_text
from deskterm.domain.errors import UsageError
from deskterm.domain.patterns import pattern

SHORTEST, LONGEST, FARTHEST = 5, 12 * 60, 10 * 60
"""Minutes of a visit at least and at most, and of the way at most."""
MOST_SLOTS = 9
OFFERED = 3
"""So many times are offered where nobody names any."""
LATER_THAN = timedelta(days=366)
"""No visit is agreed on further ahead."""
AHEAD = timedelta(days=28)
"""So far ahead free time is looked for."""
_CAP = 500
_LENGTH = pattern(r"(?:(\d{1,3})\s?h)?\s?(?:(\d{1,4})\s?(?:m|min)?)?\Z")
_CLOCK = pattern(r"(\d{1,2}):(\d{2})\Z")


class VisitState(StrEnum):
    """Where a visit stands."""

    OFFERED = "offered"
    """The customer is asked which time they want."""
    FIXED = "fixed"
    DECLINED = "declined"
    """The customer's calendar said no; the time is free again."""
    DONE = "done"
    MISSED = "missed"
    """The technician came and nobody was there, or did not come."""
    CANCELLED = "cancelled"


OPEN = (VisitState.OFFERED, VisitState.FIXED, VisitState.DECLINED)
ENDS = (VisitState.DONE, VisitState.MISSED, VisitState.CANCELLED)


class Agreed(NamedTuple):
    """What is agreed on, or offered: a visit as its ticket's ledger keeps it."""

    technician: str
    minutes: int = 60
    travel: int = 0
    """Minutes of the way there."""
    site_id: int | None = None
    place: str = ""
    what: str = ""
    state: str = ""
    answer: str = ""
    at: datetime | None = None
    slots: tuple[datetime, ...] = ()

    @property
    def until(self) -> datetime | None:
        """When it ends; None while it is only offered."""
        return self.at + timedelta(minutes=self.minutes) if self.at else None

    @property
    def kept(self) -> dict[str, object]:
        """What the ledger keeps of it."""
        at = to_text(self.at) if self.at else None
        return self._asdict() | {"at": at, "slots": [to_text(one) for one in self.slots]}


def agreed_of(value: object) -> Agreed:
    """Give a visit from what the ledger keeps of it."""
    assert isinstance(value, Mapping)
    at = from_text(value["at"]) if value["at"] else None
    return Agreed(**{**value, "at": at, "slots": tuple(map(from_text, value["slots"]))})


class VisitRow(NamedTuple):
    """A visit in a list."""

    id: int
    ticket_id: int
    """The ticket that lives on, where its own was merged."""
    technician: str
    at: datetime | None
    """None while it is only offered."""
    until_at: datetime | None
    minutes: int
    travel: int
    """Minutes of the way there."""
    site: str
    place: str
    what: str
    state: str
    answer: str
    """What the customer's calendar said: accepted, tentative, declined; empty: nothing yet."""
    slots: tuple[datetime, ...]
    sequence: int
    subject: str
    ticket_state: str
    requester: str
    phone: str
    off: bool = False
    """The technician is off at that time."""

    @property
    def where(self) -> str:
        """Site and room."""
        return place_words(self.site, self.place)


class Proposed(NamedTuple):
    """What the desk would offer of itself on a ticket, as a form shows it."""

    technician: str
    length: str
    place: str
    site: str
    what: str
    slots: tuple[str, ...]
    """`2026-12-01 10:00`, in the desk's zone."""


def place_words(site: str, place: str) -> str:
    """Give `Harbour, room 3-14`."""
    return ", ".join(part for part in (site, place) if part)


def read_minutes(text: str, most: int = LONGEST, least: int = SHORTEST) -> int:
    """Read `45`, `45m`, `1h`, `1h30` or `1:30` as minutes; raises UsageError out of bounds."""
    word = text.strip().lower()
    clock, match = _CLOCK.match(word), _LENGTH.match(word)
    found = clock or match
    if not word or found is None:
        raise UsageError(f"how long is {text[:40]!r}? Say 45m, 1h or 1h30.")
    hours, minutes = (int(part or 0) for part in found.groups())
    total = hours * 60 + minutes
    if not least <= total <= most:
        bounds = f"{_span(least)} to {_span(most)}"
        raise UsageError(f"{text[:40]!r} is out of bounds: it takes {bounds}.")
    return total


def _span(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    return f"{hours} hours" if hours and not rest else f"{minutes} minutes"


class _Visit(Request, verb="visit"):
    """What is to be agreed on; empty words leave it as it is, or to what the desk knows."""

    length: str = ""
    technician: str = ""
    """A login or `me`."""
    site: str = ""
    place: str = ""
    """Room, desk; as the customer reads it."""
    travel: str = ""
    """Minutes of the way."""
    what: str = ""
    """What it is for, as the customer reads it."""

    def check(self) -> str:
        """Say which length is none."""
        try:
            if self.length:
                read_minutes(self.length)
            if self.travel:
                read_minutes(self.travel, FARTHEST, 0)
        except UsageError as error:
            return str(error)
        long = max(map(len, (self.place, self.what)))
        return "" if long <= _CAP else f"a place or purpose has {_CAP} characters at most."


class OfferVisit(_Visit, verb="visit"):
    """Offer times to the customer, who chooses by letter; without any, free ones are found."""

    slots: tuple[str, ...] = ()
    """`tomorrow 10:00`, `2026-12-01 10:00`, or full ISO times."""
    after: str = ""
    """Not before this day, where free times are found."""

    def check(self) -> str:
        """Say how many times may be offered."""
        if len(self.slots) > MOST_SLOTS:
            return f"offer at most {MOST_SLOTS} times."
        return super().check()


class ChooseVisit(Request, verb="visit"):
    """Record which of the times offered was chosen; it is fixed, and the invitation leaves."""

    number: int
    means: str = ""
    """How the customer said so."""


class SetVisit(_Visit, verb="visit"):
    """Fix a visit, or change the one there is: another time, technician or place."""

    at: str = ""


class EndVisit(Request, verb="end-visit"):
    """The visit is over: done, missed by whoever it was for, or called off."""

    became: str = str(VisitState.DONE)
    text: str = ""
    """What was done, or why not. Why it is called off is read by the customer."""

    def check(self) -> str:
        """Say how a visit ends."""
        known = tuple(ENDS)
        return "" if self.became in known else f"a visit is {', '.join(known)}."
