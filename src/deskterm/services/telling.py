"""Notices by mail: one letter a technician with what is due (`domain/news.py` says what is)."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from itertools import groupby
from uuid import uuid4, uuid5

from deskterm.domain.news import Manner, Pending, due
from deskterm.services.rhythm import OPERATIONS, Rhythm
from deskterm.storage import notices, outbox
from deskterm.storage.desk_settings import value, values
from deskterm.storage.driver import Database
from deskterm.storage.notices import Untold
from deskterm.storage.reads.asked import desk_zone
from deskterm.storage.secrets import token_secrets
from deskterm.storage.store import Store
from deskterm.storage.work import RepeatedError, Work

TEMPLATE = "tech_notices"
_MOST = 2_000
_KEPT = timedelta(days=90)
"""Notices are forgotten after so long; what happened stays in the ledger."""
_REST = timedelta(days=1)
"""So long an address is left in peace that a letter came back from: no news may make news."""


class Telling:
    """Writes the letters that tell technicians of their notices."""

    def __init__(self, store: Store, undo: timedelta) -> None:
        self._store = store
        self._undo = undo
        """So long undo can still take a notice back."""
        self._forgetting = Rhythm(timedelta(days=1))

    def run(self, now: datetime) -> int:
        """Write the letters that are due; gives how many. Safe to call at any time, by anybody."""
        self._forget(now)
        with self._store.reading() as database:
            rows = notices.untold(database, now - self._undo, now - _REST, _MOST)
            if not rows:
                return 0
            settings = values(database)
            zone = desk_zone(database)
        window = timedelta(minutes=int(settings["notices.window_minutes"]))
        digest_at = time.fromisoformat(str(settings["notices.digest_at"]))
        written = 0
        for _, group in groupby(rows, key=lambda row: row.login):
            theirs = list(group)
            first = theirs[0]
            manner = Manner(first.mail, first.focus_until, window, digest_at, zone)
            pending = [Pending(one.id, one.urgent, one.at) for one in theirs]
            chosen = due(pending, manner, now)
            written += bool(chosen) and self._write(theirs, chosen)
        return written

    def _write(self, theirs: Sequence[Untold], chosen: tuple[int, ...]) -> bool:
        first = theirs[0]
        name = f"tell {first.login} {chosen[0]} {chosen[-1]} {len(chosen)}"
        tickets = {row.ticket_id for row in theirs if row.id in set(chosen)}
        try:
            with self._store.work("desk", str(uuid5(OPERATIONS, name))) as work:
                work.claim("tell")
                letter = _letter(work, first, tickets.pop() if len(tickets) == 1 else None)
                taken = notices.tell_by(work.spine, letter, chosen)
                work.dry = not taken  # all of it was seen or taken back meanwhile
        except RepeatedError:
            return False
        return bool(taken)

    def _forget(self, now: datetime) -> None:
        """Once a day, drop what is older than ninety days."""
        if self._forgetting.due(now):
            with self._store.reading() as database:
                notices.forget(database, now - _KEPT)


def _letter(work: Work, to: Untold, ticket: int | None) -> int:
    from deskterm.mail.tokens import message_id

    domain, secret = _identity(work.spine)
    return outbox.queue_numbered(
        work,
        outbox.NewLetter(
            ticket_id=ticket,
            recipient=to.email,
            recipient_name=to.name,
            template=TEMPLATE,
            message_id=message_id(ticket or 0, uuid4().hex, secret, domain),
            not_before=work.at,
        ),
    )


def _identity(database: Database) -> tuple[str, str]:
    """Give (the domain of the desk's address, the newest secret)."""
    address = str(value(database, "mail.address"))
    secrets = token_secrets(database)
    return address.rpartition("@")[2], secrets[0] if secrets else ""
