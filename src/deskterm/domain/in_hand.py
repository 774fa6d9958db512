"""What technicians have in hand: call-backs they promised, absences, their load."""

from datetime import datetime
from typing import NamedTuple


class CallBackRow(NamedTuple):
    """A call-back that was promised."""

    ticket_id: int
    number: int
    at: datetime
    owner: str
    note: str
    state: str
    """open, done or cancelled."""
    subject: str
    ticket_state: str
    requester: str
    phone: str


class AbsenceRow(NamedTuple):
    """A technician is off."""

    id: int
    login: str
    from_at: datetime
    until_at: datetime
    deputy: str | None
    reason: str


class LoadRow(NamedTuple):
    """What one technician has in hand; nobody's tickets have no login."""

    login: str | None
    name: str
    groups: tuple[str, ...]
    off_until: datetime | None
    deputy: str | None
    open: int
    """Taken or new; waiting and solved ones apart."""
    urgent: int
    """Of the open ones, as is `overdue`."""
    overdue: int
    waiting: int
    solved: int
    """Waiting for a verification."""
    oldest_id: int | None
    oldest_at: datetime | None
    """When the oldest of them was opened."""
    callbacks: int


class Holding(NamedTuple):
    """What somebody has in hand that others must see to when they leave; how many of each."""

    tickets: int = 0
    visits: int = 0
    callbacks: int = 0
    drafts: int = 0
    """Replies and notes on tickets that were begun."""
    runs: int = 0
    """Guides that are under way on tickets."""
    clocks: int = 0
    absences: int = 0
    """Their own that are not over, and those of others whose deputy they are."""
    problems: int = 0
    solutions: int = 0
    releases: int = 0
    actions: int = 0
    """Of the register."""
    decisions: int = 0
    """Asked of the review board and not answered."""
    reviews: int = 0
    views: int = 0

    @property
    def promised(self) -> int:
        """How many of them somebody was promised: these need a person, not a group."""
        return self.visits + self.callbacks

    @property
    def words(self) -> str:
        """Give `12 tickets, 2 visits, 1 draft`; empty: nothing."""
        return ", ".join(
            f"{many} {_WORDS.get(name, name.removesuffix('s'))}{'s' if many != 1 else ''}"
            for name, many in self._asdict().items()
            if many
        )


_WORDS = {"callbacks": "call-back", "runs": "guide run", "actions": "register action"}
