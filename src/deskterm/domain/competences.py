"""How well technicians know what tickets are about (H7): levels, where they come from, gaps."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

LEVELS = ("not yet", "with help", "alone", "teaches")
"""Level 0 to 3 in words."""
ALONE, TEACHES = 2, 3
STATED, REVIEWED, CLOSED = "stated", "reviewed", "closed tickets"
SOURCES = (STATED, REVIEWED, CLOSED)
"""Who says so: the technician, a review, or somebody who took up what closed tickets propose."""


class Known(NamedTuple):
    """One technician knows one category so well."""

    login: str
    category: str
    level: int
    source: str

    @property
    def name(self) -> str:
        """What it is called: `bo network/wifi`."""
        return f"{self.login} {self.category}"


class Covered(NamedTuple):
    """A category: how much of it there was, who knows it, and what is missing."""

    category: str
    tickets: int
    """Logged in the period."""
    known: Sequence[Known]
    """Who knows it, or what it lies below; by login."""
    gap: str
    """What is missing, in words; empty where nothing is."""
    teachers: Sequence[str]
    """From whom the others may learn, by login."""
    learners: Sequence[str]
    """Who may learn it, by login."""


class Able(NamedTuple):
    """A technician with what they do, know and belong to."""

    login: str
    name: str
    level: int
    roles: Sequence[str]
    groups: Sequence[str]
    known: Sequence[Known]
    off_until: datetime | None = None
    deputy: str | None = None


class Proposed(NamedTuple):
    """What closed tickets say of somebody: proposed, never written by itself."""

    login: str
    category: str
    level: int
    """What is proposed."""
    now: int | None
    """What is written; None: nothing."""
    tickets: int

    @property
    def name(self) -> str:
        """What it is called: `bo network/wifi`."""
        return f"{self.login} {self.category}"


class StandIn(NamedTuple):
    """Who stands in for whom, and what they do not know of it."""

    login: str
    from_at: datetime
    until_at: datetime
    deputy: str
    """Empty: nobody."""
    lacks: Sequence[str]
    """Categories that the one who is off knows alone and the deputy (or anybody) does not."""


class People(NamedTuple):
    """Who knows what, for a period."""

    period: str
    tickets: int
    """Logged in the period."""
    categories: Sequence[Covered]
    technicians: Sequence[Able]
    proposed: Sequence[Proposed]
    standing_in: Sequence[StandIn]

    @property
    def gaps(self) -> list[Covered]:
        """Give the categories that lack somebody, the most tickets first."""
        return sorted((one for one in self.categories if one.gap), key=lambda one: -one.tickets)
