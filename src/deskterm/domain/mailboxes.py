"""Mailboxes as people see them: the row, what can be wrong, and how it stands in one sentence."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from deskterm.domain.errors import DeskError

KINDS = ("imap", "maildir", "mbox", "pipe", "lmtp")
FETCHED = ("imap", "maildir", "mbox")
"""Kinds that mail is fetched from, and that are watched; to the others it is handed over."""
STALE = timedelta(minutes=15)
"""A watched mailbox is looked into more often than this."""


class Trouble(StrEnum):
    """What keeps mail from coming: a word or two for a footer."""

    AWAY = "no answer"
    CERTIFICATE = "wrong certificate"
    PASSWORD = "wrong password"
    DROPPED = "connection dropped"
    FULL = "mailbox full"
    FOLDER = "no such folder"
    DATABASE = "database"
    SERVER = "refused"
    LEFT = "mail left there"


class SourceError(DeskError):
    """A mailbox gives no mail now; work goes on, and it is tried again by itself."""

    exit_code = 75

    def __init__(self, kind: Trouble, sentence: str) -> None:
        super().__init__(sentence)
        self.kind = kind


class MailboxRow(NamedTuple):
    """A mailbox: where it is, what its tickets begin with, and how it went there."""

    id: int
    name: str
    kind: str
    address: str
    group: str | None
    category: str | None
    channel: str
    active: bool
    source: Mapping[str, object]
    """What its kind needs: host, folder, path and so on."""
    since: datetime
    uid_validity: int | None
    last_uid: int
    last_success: datetime | None
    trouble: str
    trouble_kind: str
    next_try: datetime | None

    def status(self, now: datetime) -> str:
        """How it stands, in one sentence; times in the zone of whoever reads."""
        if not self.active:
            return "switched off"
        if self.trouble:
            again = f"; next try at {_time(self.next_try)}" if self.next_try else ""
            return f"✗ {self.trouble}{again}"
        if self.kind not in FETCHED:
            return "✓ waits for what is handed over"
        if self.last_success is None:
            return "not looked into yet: open a board, `deskterm work` or `deskterm mail fetch`"
        if now - self.last_success > STALE:
            return f"! nobody has looked since {_time(self.last_success)}: start `deskterm work`"
        return f"✓ last looked {_time(self.last_success)}"


class Fetched(NamedTuple):
    """What one look into a mailbox brought."""

    mailbox: str
    kept: int = 0
    copies: int = 0
    """How many of those kept had been here before."""
    trouble: str = ""


def _time(moment: datetime) -> str:
    return f"{moment.astimezone():%Y-%m-%d %H:%M:%S}"
