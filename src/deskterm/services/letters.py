"""Letters: every change that concerns the requester is written to the outbox with it.

One letter a recipient. Writing it fixes recipient, Message-ID and the entries it tells of; text is
rendered later from the public view. An internal note never comes here: it has no recipients.

The fuse is asked once for every letter before it is written (`lets`): no ping-pong with a machine
that says it is none, no letters that nobody gets (§1.6). What counts is how many letters one
address got about one ticket, whoever caused them, and how many acknowledgements it got of whatever
it wrote: a loop looks like that, however it disguises itself.
"""

import os
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

from deskterm.domain.address import is_no_reply
from deskterm.domain.vocabulary import PROCESSES, Event
from deskterm.services.written import LATELY, Addressed, Told, Written
from deskterm.storage import outbox
from deskterm.storage.desk_settings import value
from deskterm.storage.driver import Database
from deskterm.storage.reads.ledger import data_of
from deskterm.storage.reads.recipients import Recipient, own_address, recipient
from deskterm.storage.secrets import marks_of, token_secrets
from deskterm.storage.ticket.hold import Hold
from deskterm.storage.work import Work

LIMITS = ((10, 10), (15, 30), (25, 60), (50, 180), (100, LATELY // timedelta(minutes=1)))
"""(letters, within so many minutes) to one address about one ticket."""
_TYPED = "reply"
_FREE = (_TYPED, "opened")
"""A technician's own typed answer always goes; a ticket is opened once."""
ACKNOWLEDGED = 3
"""So many acknowledgements of mails to one address within an hour, whatever the mails say."""


class Letters:
    """Writes letters into the outbox within a unit of work."""

    def __init__(self, undo_seconds: int) -> None:
        self._wait = timedelta(seconds=undo_seconds)
        self._desk: tuple[str, str] | None = None
        self._acting: tuple[str, str] | None = None
        """(operation, the actor's own address): asked once an operation."""
        self._owner: tuple[str, bool] | None = None

    @property
    def wait(self) -> timedelta:
        """So long letters wait, so that undo can still stop them."""
        return self._wait

    def forget(self) -> None:
        """Read the desk's address and secret anew at the next letter."""
        self._desk = None

    def write(
        self, held: Hold, template: str, entry: int, know: Collection[int | None] = ()
    ) -> int:
        """Write (or extend) this operation's letters about a ticket; gives how many are new.

        `know` has the people who wrote these words or got them already: they are not told.
        """
        work = held.work
        written = work.state(Written)
        new = 0
        for row in self._recipients(held):
            if row.id in know:
                continue
            known = written.told.get((held.id, row.id))
            if known is None and not lets(held, row, template):
                continue
            if known is None:
                letter = self._insert(held, row, template, entry)
                written.told[held.id, row.id] = Told(letter, (entry,))
                new += 1
            else:
                told = known._replace(entries=(*known.entries, entry))
                written.told[held.id, row.id] = told
                outbox.extend(work.spine, told.message_id, template, told.entries)
        written.letters += new
        return new

    def write_to(self, held: Hold, person: int, template: str, entry: int) -> int:
        """Write a letter of its own to one person about a ticket; gives how many (0 or 1).

        Nothing is written to whoever acts, and to nobody whose address is unknown.
        """
        own = self._unwritten(held.work)
        row = recipient(held.work.spine, person)
        if row is None or row.address in own or not lets(held, row, template):
            return 0
        self._insert(held, row, template, entry)
        held.work.state(Written).letters += 1
        return 1

    def tell_requester(self, held: Hold, template: str, entry: int) -> int:
        """Write a letter that concerns nobody but the requester; gives how many (0 or 1)."""
        requester = held["requester_id"]
        return 0 if requester is None else self.write_to(held, requester, template, entry)

    def tells_owner(self, work: Work) -> bool:
        """Tell whether requesters hear who takes care of their ticket (`mail.tell_owner`)."""
        if self._owner is None or self._owner[0] != work.id:
            told = value(work.spine, "mail.tell_owner")
            self._owner = (work.id, told is not False)
        return self._owner[1]

    def _recipients(self, held: Hold) -> list[Recipient]:
        own = self._unwritten(held.work)
        rows = held.work.state(Addressed).recipients(held)
        return [row for row in rows if row.address not in own]

    def _unwritten(self, work: Work) -> tuple[str, str]:
        """Give the addresses that get no letter: the desk's, and that of whoever acts."""
        address, _ = self.identity(work.spine)
        acting = self._acting
        if work.actor in PROCESSES:
            return address, ""
        if acting is None or acting[0] != work.id:
            acting = self._acting = (work.id, own_address(work.spine, work.actor))
        return address, acting[1]

    def _insert(self, held: Hold, to: Recipient, template: str, entry: int) -> str:
        """Write a letter; gives its Message-ID."""
        work = held.work
        work.state(Addressed).forget(held)
        letter = self.message_id(work.spine, held.id)
        outbox.queue(
            work,
            outbox.NewLetter(
                recipient=to.address,
                recipient_name=to.name,
                template=template,
                message_id=letter,
                not_before=work.at + self._wait,
                ticket_id=held.id,
                person_id=to.id,
                entries=(entry,),
            ),
        )
        return letter

    def message_id(self, database: Database, ticket: int) -> str:
        """Give a new letter's Message-ID, which brings the answer home (0: about no ticket)."""
        return self.message_ids(database, [ticket])[0]

    def message_ids(self, database: Database, tickets: Iterable[int]) -> list[str]:
        """Give new letters' Message-IDs, in the order of the tickets that they are about."""
        from deskterm.mail import tokens  # hmac: 3 ms that reading commands do not need

        address, secret = self.identity(database)
        domain = address.rpartition("@")[2]
        named = [(ticket, os.urandom(16).hex()) for ticket in tickets]
        if secret:
            return [tokens.message_id(*one, secret, domain) for one in named]
        marks = marks_of(database, named)
        return [
            tokens.marked_id(*one, mark, domain) for one, mark in zip(named, marks, strict=True)
        ]

    def identity(self, database: Database) -> tuple[str, str]:
        """Give (the desk's address, the newest secret), read once.

        The secret is empty where the server keeps it to itself: it makes the marks then.
        """
        if self._desk is None:
            secrets = token_secrets(database)
            address = str(value(database, "mail.address"))
            self._desk = (address, secrets[0] if secrets else "")
        return self._desk


def lets(held: Hold, to: Recipient, template: str) -> bool:
    """Tell whether a letter is written; where not, the operation or the ticket says why, once.

    To an address that says itself that nobody reads it go a technician's own words alone. `to`
    has the recipient's address, and since when letters only come back from it.
    """
    address = str(to.address)
    if to.broken_since is not None:
        held.work.state(Written).unreached.append((held.id, address))
        return False
    if is_no_reply(address):
        if template != _TYPED:
            return False
        held.work.state(Written).unread.append((held.id, address))
    if template == "opened" and held.work.actor in PROCESSES:
        return _acknowledges(held, to)
    if template in _FREE:
        return True
    limit = blown(held.work.state(Addressed).written(held, address), held.work.at)
    if limit is None:
        return True
    _tell(held, address, limit)
    return False


def blown(written: Sequence[datetime], now: datetime) -> tuple[int, int] | None:
    """Give the first limit that letters written at these times reach: (letters, minutes)."""
    for most, minutes in LIMITS:
        since = now - timedelta(minutes=minutes)
        if sum(at > since for at in written) >= most:
            return most, minutes
    return None


def _acknowledges(held: Hold, to: Recipient) -> bool:
    """Tell whether a mail is acknowledged; where not, the ticket says why.

    A responder that writes a new mail for every letter gets three and then hears nothing more.
    """
    most = ACKNOWLEDGED
    if held.work.state(Addressed).acknowledged(held, to.id) < most:
        return True
    held.write(
        Event.MAIL,
        f"Not acknowledged: {most} mails from {to.address} were within an hour, and a machine "
        "may be answering itself. What you write still goes.",
        data={"unacknowledged": to.address},
    )
    return False


def _tell(held: Hold, address: str, limit: tuple[int, int]) -> None:
    """Say on the ticket that automatic letters stop; once for as long as the fuse looks back."""
    told = data_of(held.work.spine, held.id, Event.MAIL, held.work.at - LATELY)
    if any(data.get("fuse") == address for data in told):
        return
    most, minutes = limit
    held.write(
        Event.MAIL,
        f"{most} letters went to {address} within {minutes} minutes: is that a loop? No automatic "
        "ones follow for now; what you write yourself still goes.",
        data={"fuse": address, "undelivered": address},
    )
