"""Rows of a technician's own notices, as screens and commands see them."""

from datetime import datetime
from typing import NamedTuple

from deskterm.domain.news import Kind

OF_NOTHING: dict[str, str] = {Kind.FILED: "inbox", Kind.POOR: "ratings"}
"""Kind → what a notice of it is of that has neither ticket nor entry: no record, no number."""


class NoticeRow(NamedTuple):
    """One notice."""

    id: int
    ticket_id: int | None
    """None where it is of no ticket."""
    entry_id: int | None
    """The ledger entry it tells of; none where time alone made it."""
    kind: str
    urgent: bool
    at: datetime
    seen_at: datetime | None
    who: str
    """Who did it: a login, or the customer's name."""
    subject: str
    """Of the ticket; else what is told, in a sentence."""
    state: str
    """Of the ticket; empty where it is of none."""
    public: bool
    """Whether the customer can read the entry; False for an internal note."""
    text: str
    """The first words of the entry."""
    about: str = ""
    """What it is of where it is of no ticket: `release`, `announcement`, `mailbox`,
    `inbox`, `ratings`."""
    about_id: int = 0
    """Its number, 0 where it has none."""

    @property
    def name(self) -> str:
        """What it is of in few signs: `#1042`, `R3`; empty where nothing has a number."""
        if self.ticket_id is not None:
            return f"#{self.ticket_id}"
        return f"R{self.about_id}" if self.about == "release" else ""


class Focus(NamedTuple):
    """Time in which news that is not urgent waits (C5)."""

    since: datetime
    until: datetime
    reason: str

    def on(self, now: datetime) -> bool:
        """Tell whether it still is focus time."""
        return now < self.until


BY_MAIL = ("at-once", "digest", "none")
"""How letters about news come; the first is the default."""


class Wishes(NamedTuple):
    """What a technician wants to be told of, and how."""

    login: str
    name: str
    email: str
    notify: tuple[str, ...]
    """The kinds of notices wanted."""
    mail: str
    """at-once, digest or none."""
    focus: Focus | None
    """Focus time that is on."""


class Glance(NamedTuple):
    """How a technician's notices stand: what the head of every screen shows."""

    unseen: int
    urgent: int
    newest: int
    """The highest number of any notice, 0 without any."""
    fresh: tuple[NoticeRow, ...] = ()
    """Unseen ones that came after the number asked for, oldest first."""
    focus: Focus | None = None
    """The last focus time begun; perhaps over."""
    waited: int = 0
    """Unseen ones, not urgent, that came within that focus time."""
