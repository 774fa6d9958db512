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
