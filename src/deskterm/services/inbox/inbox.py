"""The inbox as technicians see it: what came, what became of it, again, away, and from files."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

from deskterm.domain import clock
from deskterm.domain.asking import NOW, How
from deskterm.domain.errors import NotFoundError, RefusedError
from deskterm.domain.mail_rows import Accepted, InboxRow, MailShown, Processed
from deskterm.services.inbox import receive
from deskterm.services.tickets.operation import Tickets
from deskterm.storage import inbox as rows
from deskterm.storage.store import Store
from deskterm.storage.work import Work

STATES = ("waiting", "ticket", "reply", "duplicate", "machine", "quarantined", "discarded")
_RETRIED = ("quarantined", "discarded", "waiting")
_DISCARDED = ("quarantined", "waiting", "machine")
LATELY = timedelta(days=14)
"""So long mail of machines that belongs to no ticket is counted, unless somebody puts it away."""
_CHUNK = 100


class Inbox:
    """Receives, processes and shows mail."""

    def __init__(self, store: Store, me: str, tickets: Tickets) -> None:
        self._store = store
        self._me = me
        self._tickets = tickets

    def receive(self, raw: bytes, envelope_from: str = "", envelope_to: str = "") -> Accepted:
        """Keep a raw mail durably; raises TemporaryError where that is not possible now."""
        return receive.receive(self._store, raw, envelope_from, envelope_to)

    def process(self, limit: int | None = None) -> Processed:
        """Turn waiting mails into tickets and replies; gives how many became what.

        What reads mails is loaded only where there are some: it takes longer than a turn of jobs.
        """
        with self._store.reading() as database:
            if rows.is_settled(database):
                return Processed()
        from deskterm.services.inbox.process import process

        return process(self._store, self._tickets, limit)

    def list(self, state: str | None = None, limit: int = 200, words: str = "") -> list[InboxRow]:
        """Give the newest mails, of one state where it is named, that have all of these words."""
        if state is not None and state not in STATES:
            raise NotFoundError(f"there is no state {state!r}; use one of {', '.join(STATES)}.")
        return [*self.shelf(() if state is None else (state,), limit, words)]

    def shelf(self, states: Sequence[str], limit: int = 200, words: str = "") -> Sequence[InboxRow]:
        """Give the newest mails in one of these states, or in any, that have all of these words.

        The words are looked for in sender, subject and reason; capitals do not matter.
        """
        with self._store.reading() as database:
            return rows.shelf(database, states, words, limit)

    def standing(self) -> rows.Standing:
        """Give how mail that came in stands: what waits for a person, what machines sent."""
        with self._store.reading() as database:
            return rows.standing(database, clock.now() - LATELY)

    def of_machines(self) -> int:
        """Give how many mails of machines came lately, belong to no ticket, and lie there."""
        return self.standing().of_machines

    def takes_mail(self) -> bool:
        """Tell whether mail comes to the desk at all."""
        return self.standing().takes_mail

    def counts(self) -> dict[str, int]:
        """Give how many mails are in each state."""
        with self._store.reading() as database:
            return rows.counts(database)

    def show(self, number: int) -> MailShown:
        """Give one mail with its headers and text; raises NotFoundError."""
        from deskterm.mail.headers import header_text, read_headers
        from deskterm.mail.parse import parse_mail

        row, raw = self._one(number)
        mail = parse_mail(raw)
        headers, _, _ = read_headers(raw, 0, len(raw))
        return MailShown(
            row=row,
            headers=tuple((name, header_text(value)) for name, value in headers[:200]),
            body=mail.body,
            files=tuple((one.name, one.media_type, len(one.body)) for one in mail.files),
            problems=mail.problems,
        )

    def raw(self, number: int) -> bytes:
        """Give the exact bytes of a mail; raises NotFoundError."""
        return self._one(number)[1]

    def retry(self, numbers: Sequence[int], how: How = NOW) -> int:
        """Let quarantined or discarded mails be processed again; gives how many."""
        with self._store.work(self._me, how.op_id, dry=how.dry) as work:
            return _move(work, "mail retry", numbers, _RETRIED, "waiting")

    def discard(self, numbers: Sequence[int], how: How = NOW) -> int:
        """Put mails away that wait, or that machines sent about no ticket; gives how many.

        Their bytes are kept.
        """
        with self._store.work(self._me, how.op_id, dry=how.dry) as work:
            return _move(work, "mail discard", numbers, _DISCARDED, "discarded")

    def import_path(self, path: Path) -> tuple[int, int]:
        """Keep the mails of an mbox, a Maildir or a folder of .eml files as history.

        Gives (mails kept, exact copies among them); raises UsageError where there is no mail.
        """
        from deskterm.services.inbox.importing import mails_of

        kept = again = 0
        for chunk in _chunks(mails_of(path)):
            for one in receive.receive_many(self._store, chunk, mailbox=receive.IMPORTED):
                kept += 1
                again += one.again
        return kept, again

    def close_history(self, older_than: timedelta) -> tuple[Processed, int]:
        """File what waits, then close the tickets of imported mail of which all is older.

        Gives what was filed, and how many were closed.
        """
        from deskterm.services.inbox.history import close_old

        done = self.process()
        with self._store.work(self._me) as work:
            work.claim("mail import")
            closed = close_old(work, work.at - older_than)
        return done, closed

    def _one(self, number: int) -> tuple[InboxRow, bytes]:
        with self._store.reading() as database:
            found = rows.mail(database, number)
        if found is None:
            raise NotFoundError(f"there is no mail {number}; see `deskterm mail inbox list`.")
        return found


def _move(work: Work, kind: str, numbers: Sequence[int], states: Sequence[str], to: str) -> int:
    """Change the state of mails as one operation; raises where one is not in such a state."""
    work.claim(kind)
    for number in dict.fromkeys(numbers):
        known = rows.state(work.spine, number)
        if known is None:
            raise NotFoundError(f"there is no mail {number}; see `deskterm mail inbox list`.")
        state, reason, ticket = known
        if state == "machine" and ticket is not None and to == "discarded":
            raise RefusedError(f"mail {number} stands on #{ticket}: there is nothing to put away.")
        if state not in states:
            raise RefusedError(
                f"mail {number} is {state}: only {' or '.join(states)} ones "
                f"can be {'processed again' if to == 'waiting' else 'discarded'}."
            )
        rows.move(work.spine, number, to, "" if to == "waiting" else reason)
        work.record(("mail", number), "mail", changes={"state": (state, to)})
    return len(set(numbers))


def _chunks(mails: Iterator[bytes]) -> Iterator[list[bytes]]:
    """Give mails some at a time: a commit for each would wait for the disk as often."""
    chunk: list[bytes] = []
    size = 0
    for raw in mails:
        chunk.append(raw)
        size += len(raw)
        if len(chunk) >= _CHUNK or size > 20_000_000:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk
