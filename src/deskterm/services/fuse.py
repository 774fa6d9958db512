"""The fuse: no ping-pong with a machine that says it is none, no letters that nobody gets (§1.6).

Asked once for every letter before it is written. What counts is how many letters one address got
about one ticket, whoever caused them, and how many acknowledgements it got of whatever it wrote: a
loop looks like that, however it disguises itself.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from deskterm.domain.address import is_no_reply
from deskterm.domain.vocabulary import PROCESSES, Event
from deskterm.services.written import Written
from deskterm.storage import outbox
from deskterm.storage.driver import Database
from deskterm.storage.reads.ledger import data_of
from deskterm.storage.reads.recipients import Recipient
from deskterm.storage.ticket.hold import Hold

LIMITS = ((10, 10), (15, 30), (25, 60), (50, 180), (100, 600))
"""(letters, within so many minutes) to one address about one ticket."""
_TYPED = "reply"
_FREE = (_TYPED, "opened")
"""A technician's own typed answer always goes; a ticket is opened once."""
ACKNOWLEDGED = (3, timedelta(hours=1))
"""So many acknowledgements of mails to one address within so long, whatever the mails say."""
_NEWEST = 500
"""Letters to one person that are looked through for acknowledgements."""
_LONGEST = timedelta(minutes=LIMITS[-1][1])


def lets(held: Hold, to: Recipient, template: str) -> bool:
    """Tell whether a letter is written; where not, the operation or the ticket says why, once.

    To an address that says itself that nobody reads it go a technician's own words alone. `to`
    has the recipient's address, and since when letters only come back from it.
    """
    address = str(to.address)
    if to.broken_since is not None:
        held.work.state(Written).unreached.append((held.id, address))
        return False
    if template != _TYPED and is_no_reply(address):
        return False
    if template == "opened" and held.work.actor in PROCESSES:
        return _acknowledges(held, to)
    if template in _FREE:
        return True
    limit = blown(_written(held.work.spine, held, address), held.work.at)
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
    most, within = ACKNOWLEDGED
    since = held.work.at - within
    if outbox.acknowledged(held.work.spine, to.id, since, _NEWEST) < most:
        return True
    held.write(
        Event.MAIL,
        f"Not acknowledged: {most} mails from {to.address} were within an hour, and a machine "
        "may be answering itself. What you write still goes.",
        data={"unacknowledged": to.address},
    )
    return False


def _written(database: Database, held: Hold, address: str) -> list[datetime]:
    since = held.work.at - _LONGEST
    return outbox.written_to(database, held.id, address, since, LIMITS[-1][0])


def _tell(held: Hold, address: str, limit: tuple[int, int]) -> None:
    """Say on the ticket that automatic letters stop; once for as long as the fuse looks back."""
    told = data_of(held.work.spine, held.id, Event.MAIL, held.work.at - _LONGEST)
    if any(data.get("fuse") == address for data in told):
        return
    most, minutes = limit
    held.write(
        Event.MAIL,
        f"{most} letters went to {address} within {minutes} minutes: is that a loop? No automatic "
        "ones follow for now; what you write yourself still goes.",
        data={"fuse": address, "undelivered": address},
    )
