"""The fuse: no ping-pong with a machine that says it is none, no letters that nobody gets (§1.6).

Asked once for every letter before it is written. What counts is how many letters one address got
about one ticket, whoever caused them, and how many acknowledgements it got of whatever it wrote: a
loop looks like that, however it disguises itself.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from deskterm.domain.address import is_no_reply
from deskterm.domain.vocabulary import PROCESSES, Event
from deskterm.services.written import LATELY, Addressed, Written
from deskterm.storage.reads.ledger import data_of
from deskterm.storage.reads.recipients import Recipient
from deskterm.storage.ticket.hold import Hold

LIMITS = ((10, 10), (15, 30), (25, 60), (50, 180), (100, LATELY // timedelta(minutes=1)))
"""(letters, within so many minutes) to one address about one ticket."""
_TYPED = "reply"
_FREE = (_TYPED, "opened")
"""A technician's own typed answer always goes; a ticket is opened once."""
ACKNOWLEDGED = 3
"""So many acknowledgements of mails to one address within an hour, whatever the mails say."""


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
