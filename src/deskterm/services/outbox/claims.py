"""Who sends which letter: claimed for ten minutes, in short transactions, never over SMTP.

Letters to one person about one ticket that are due together travel as one. After a letter the next
one to the same person waits two minutes, so that what follows joins it.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from time import monotonic
from typing import NamedTuple

from deskterm.domain import clock
from deskterm.domain.errors import DeskError
from deskterm.mail.letter_check import check_letter
from deskterm.mail.public import DeskFace
from deskterm.services.outbox import FOR_TECHNICIANS
from deskterm.services.outbox.frozen import compose, freeze, kept_bytes
from deskterm.storage import outbox
from deskterm.storage.driver import Database
from deskterm.storage.outbox import Letter, Waiting

LEASE = timedelta(minutes=10)
MERGE = timedelta(minutes=2)
LONGEST_WAIT = timedelta(hours=4)
"""No letter that was tried waits longer; one that does was given its time by a wrong clock."""
_WRONG = timedelta(hours=1)
"""A time so far ahead of what is possible means that the clock was set back since."""
_FOR_EVER = timedelta(days=3_650)
_TOGETHER = 10
"""Mails claimed at a time."""
Group = tuple[int, ...]
"""The numbers of letters that travel as one."""


class Claimed(NamedTuple):
    """A letter to be sent now, with those that travel in it."""

    ids: Group
    ticket: int | None
    """None where it is about no single ticket."""
    recipient: str
    acknowledges: bool
    """Whether it says no more than that a mail arrived: then nobody hears of its bounce."""
    created_at: datetime
    attempts: int
    raw: bytes
    sha256: str
    until: float
    """When the claim ends, by the clock that nobody sets."""
    for_technician: bool
    """Whether it tells a technician of notices: that it failed is no news of the ticket."""
    refused: str = ""
    """Why it cannot even be written."""


class Claims:
    """Claims letters for one run of one sender."""

    def __init__(self, holder: str, at_once: bool) -> None:
        self._holder = holder
        self._at_once = at_once
        """Send whatever is queued, also what could still be undone or joined by more."""
        self._seen: set[int] = set()

    def groups(self, database: Database) -> Iterator[list[Group]]:
        """Give what is due, some mails at a time, each letter once in a run.

        Those that were never tried come first: one that is refused again and again holds up
        nobody.
        """
        while True:
            fresh = [row for row in outbox.due(database, self._times()) if row.id not in self._seen]
            if not fresh:
                return
            self._seen.update(row.id for row in fresh)
            groups = _together(fresh)
            for start in range(0, len(groups), _TOGETHER):
                yield groups[start : start + _TOGETHER]

    def take(
        self,
        database: Database,
        groups: Sequence[Group],
        face: DeskFace,
        edited: dict[str, str],
    ) -> list[Claimed]:
        """Claim what is still due of these letters, freeze their bytes, commit."""
        database.begin(write=True)
        try:
            every = [number for group in groups for number in group]
            free = outbox.lock_due(database, every, self._times())
            claimed = []
            for group in groups:
                rows = self._ready(database, [free[one] for one in group if one in free])
                if rows:
                    claimed.append(self._claim(database, rows, face, edited))
            database.commit()
        finally:
            database.rollback()
        return claimed

    def renew(self, database: Database, letter: Claimed) -> Claimed | None:
        """Hold a claim for another ten minutes; None where somebody else has it by now."""
        mine = outbox.renew(database, letter.ids, self._holder, clock.now() + LEASE)
        return letter._replace(until=_lease_end()) if mine else None

    def _times(self) -> outbox.Times:
        now = clock.now()
        return outbox.Times(
            now=now,
            due=now + _FOR_EVER if self._at_once else now,
            wrong=now + _WRONG,
            too_long=now + LONGEST_WAIT + _WRONG,
        )

    def _ready(self, database: Database, rows: list[Letter]) -> list[Letter]:
        """Give the rows that may leave now: whole, and not held back for others to join."""
        if not rows:
            return []
        if rows[0].sha256 is not None:
            return rows if _whole(database, rows) else []
        if self._at_once or not _held_back(database, rows):
            return rows
        return []

    def _claim(
        self, database: Database, rows: list[Letter], face: DeskFace, edited: dict[str, str]
    ) -> Claimed:
        numbers = tuple(row.id for row in rows)
        outbox.claim(database, numbers, self._holder, clock.now() + LEASE)
        raw, digest, refused = _bytes(database, rows, face, edited)
        first = rows[0]
        return Claimed(
            ids=numbers,
            ticket=first.ticket_id,
            recipient=first.recipient,
            acknowledges=all(row.template == "opened" for row in rows),
            created_at=first.created_at,
            attempts=first.attempts + 1,
            raw=raw,
            sha256=digest,
            until=_lease_end(),
            for_technician=first.template.startswith(FOR_TECHNICIANS),
            refused=refused,
        )


def _together(rows: Sequence[Waiting]) -> list[Group]:
    """Give the letters to one person about one ticket together; frozen ones as they were.

    A technician who is also the requester gets two: what a technician may read is not for others.
    """
    groups: dict[tuple[object, ...], list[int]] = {}
    for row in rows:
        inner = row.template.startswith(FOR_TECHNICIANS)
        key: tuple[object, ...] = (row.ticket_id, row.recipient, inner)
        if row.sha256 is not None:
            key = ("frozen", row.sha256, *key)
        elif row.ticket_id is None:
            key = ("alone", row.id)
        groups.setdefault(key, []).append(row.id)
    return [tuple(sorted(group)) for group in groups.values()]


def _whole(database: Database, rows: Sequence[Letter]) -> bool:
    """Tell whether nobody else has one of the letters that travel in the same frozen bytes."""
    first = rows[0]
    if first.ticket_id is None:
        return True
    return outbox.under_way(database, first.ticket_id, first.sha256 or "") == len(rows)


def _held_back(database: Database, rows: Sequence[Letter]) -> bool:
    """Let letters wait where one went to the same person less than two minutes ago."""
    first = rows[0]
    if first.ticket_id is None:
        return False
    last = outbox.last_sent(database, first.ticket_id, first.recipient)
    if last is None:
        return False
    now, free = clock.now(), last + MERGE
    if not now < free <= now + MERGE:
        return False
    outbox.put_off(database, [row.id for row in rows], free)
    return True


def _bytes(
    database: Database, rows: list[Letter], face: DeskFace, edited: dict[str, str]
) -> tuple[bytes, str, str]:
    """Give (bytes, hash, why there are none): frozen at the first claim, the same after it.

    Whatever is to leave is looked at once more: a letter with a line that is not ours stays here.
    """
    first = rows[0]
    digest = first.sha256 or ""
    try:
        raw = kept_bytes(database, first) if digest else compose(database, rows, face, edited)
        check_letter(raw, first.message_id, first.recipient)
    except (DeskError, ValueError, LookupError) as error:
        return b"", digest, f"the letter cannot be written: {str(error).rstrip('.')}."
    return raw, digest or freeze(database, rows, raw), ""


def _lease_end() -> float:
    return monotonic() + LEASE.total_seconds()
