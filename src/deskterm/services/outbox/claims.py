"""Who sends which letter: claimed for ten minutes, in short transactions, never over SMTP.

Letters to one person about one ticket that are due together travel as one. After a letter the next
one to the same person waits two minutes, so that what follows joins it.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from deskterm.domain.errors import DeskError
from deskterm.mail.public import DeskFace
from deskterm.services.outbox.frozen import compose, freeze
from deskterm.storage.driver import Database, Row, moment

LEASE = timedelta(minutes=10)
MERGE = timedelta(minutes=2)
_BATCH = 10
_FOR_EVER = timedelta(days=3_650)
_COLUMNS = (
    "id, ticket_id, person_id, recipient, recipient_name, template, message_id, entries, "
    "created_at, attempts, sha256"
)


class Claimed(NamedTuple):
    """A letter to be sent now, with those that travel in it."""

    ids: tuple[int, ...]
    ticket: int | None
    """None where it is about no single ticket."""
    recipient: str
    acknowledges: bool
    """Whether it says no more than that a mail arrived: then nobody hears of its bounce."""
    created_at: datetime
    attempts: int
    raw: bytes
    sha256: str
    refused: str = ""
    """Why it cannot even be written."""


class Claims:
    """Claims letters for one sender."""

    def __init__(self, holder: str, now: datetime, at_once: bool) -> None:
        self._holder = holder
        self._now = now
        self._at_once = at_once
        """Send whatever is queued, also what could still be undone or joined by more."""
        self._last = 0

    def take(self, database: Database, face: DeskFace, edited: dict[str, str]) -> list[Claimed]:
        """Claim the next letters, freeze their bytes, commit; gives nothing when none is due."""
        while self._due(database, lock=False):
            database.begin(write=True)
            try:
                due = self._due(database)
                claimed = [
                    self._claim(database, group, face, edited)
                    for group in self._groups(database, due)
                ]
                database.commit()
            finally:
                database.rollback()
            if claimed or not due:
                return claimed
        return []

    def _groups(self, database: Database, due: Sequence[Row]) -> list[list[Row]]:
        """Give the due letters, those to one person about one ticket together."""
        groups: dict[tuple[int, str], list[Row]] = {}
        for row in due:
            self._last = row["id"]
            if row["sha256"] is not None:
                groups[0, row["sha256"]] = self._frozen_together(database, row)
                continue
            key = (row["ticket_id"], row["recipient"])
            if key in groups or self._at_once or not self._held_back(database, row):
                groups.setdefault(key, []).append(row)
        return [rows for rows in groups.values() if rows]

    def _frozen_together(self, database: Database, row: Row) -> list[Row]:
        """Give every letter that travels in the same frozen bytes: they are sent once.

        Nothing is given where another sender has one of them.
        """
        same = "FROM outbox WHERE ticket_id = :ticket AND sha256 = :sha256"
        key = {"ticket": row["ticket_id"], "sha256": row["sha256"]}
        rows = database.all(
            f"SELECT {_COLUMNS} {same} AND (state = 'queued' "
            f"OR (state = 'claimed' AND held_until < :now)) ORDER BY id{_lock(database)}",
            now=self._now,
            **key,
        )
        there = database.one(
            f"SELECT count(*) AS n {same} AND state IN ('queued', 'claimed')",
            **key,
        )
        return list(rows) if there is not None and there["n"] == len(rows) else []

    def _due(self, database: Database, *, lock: bool = True) -> Sequence[Row]:
        """Give the next due letters; without a lock only to see whether there are any."""
        held = _lock(database) if lock else ""
        return database.all(
            f"SELECT {_COLUMNS} FROM outbox WHERE id > :last AND "  # noqa: S608 - constants
            "((state = 'queued' AND not_before <= :due) "
            "OR (state = 'claimed' AND held_until < :now)) "
            f"ORDER BY id LIMIT {_BATCH}{held}",
            last=self._last,
            due=self._now + _FOR_EVER if self._at_once else self._now,
            now=self._now,
        )

    def _held_back(self, database: Database, row: Row) -> bool:
        """Let a letter wait where one went to the same person less than two minutes ago."""
        last = database.one(
            "SELECT max(sent_at) AS at FROM outbox WHERE ticket_id = :ticket "
            "AND recipient = :recipient AND state = 'sent'",
            ticket=row["ticket_id"],
            recipient=row["recipient"],
        )
        if last is None or last["at"] is None:
            return False
        free = moment(last["at"]) + MERGE
        if free <= self._now:
            return False
        database.run(
            "UPDATE outbox SET not_before = :free WHERE id = :id AND state = 'queued'",
            free=free,
            id=row["id"],
        )
        return True

    def _claim(
        self, database: Database, rows: list[Row], face: DeskFace, edited: dict[str, str]
    ) -> Claimed:
        for row in rows:
            database.run(
                "UPDATE outbox SET state = 'claimed', holder = :holder, held_until = :until, "
                "attempts = attempts + 1 WHERE id = :id",
                holder=self._holder,
                until=self._now + LEASE,
                id=row["id"],
            )
        raw, digest, refused = self._bytes(database, rows, face, edited)
        first = rows[0]
        return Claimed(
            ids=tuple(row["id"] for row in rows),
            ticket=first["ticket_id"],
            recipient=first["recipient"],
            acknowledges=all(row["template"] == "opened" for row in rows),
            created_at=moment(first["created_at"]),
            attempts=first["attempts"] + 1,
            raw=raw,
            sha256=digest,
            refused=refused,
        )

    def _bytes(
        self, database: Database, rows: list[Row], face: DeskFace, edited: dict[str, str]
    ) -> tuple[bytes, str, str]:
        """Give (bytes, hash, why there are none): frozen at the first claim, the same after it."""
        if rows[0]["sha256"] is not None:
            row = database.one(
                "SELECT bytes FROM blob WHERE sha256 = :sha256", sha256=rows[0]["sha256"]
            )
            return (bytes(row["bytes"]) if row else b""), rows[0]["sha256"], ""
        try:
            raw = compose(database, rows, face, edited)
        except (DeskError, ValueError, LookupError) as error:
            return b"", "", f"the letter cannot be written: {error}"
        return raw, freeze(database, rows, raw), ""


def _lock(database: Database) -> str:
    """Give what locks the chosen rows and leaves those of other senders alone."""
    return " FOR UPDATE SKIP LOCKED" if database.dialect == "postgresql" else ""
