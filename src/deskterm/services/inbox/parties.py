"""Who is who on a mail: people by their addresses, who belongs to a ticket, whom a Cc may add."""

import re
from collections.abc import Iterator, Sequence

from deskterm.domain.address import normal_address
from deskterm.domain.errors import NotFoundError, UsageError
from deskterm.domain.text import header_safe
from deskterm.mail.parsed import ParsedMail
from deskterm.services.inbox.rules import MailRules
from deskterm.storage import outbox, references
from deskterm.storage.driver import Database
from deskterm.storage.people import create_person, person_of_address
from deskterm.storage.reads import recipients
from deskterm.storage.ticket.hold import survivor
from deskterm.storage.work import Work

_NOBODY = re.compile(
    r"(?:no[-_.]?reply|do[-_.]?not[-_.]?reply|mailer-daemon|postmaster|bounces?|notifications?|"
    r"newsletter|list|lists|owner|majordomo|listserv)(?:[-_.+][^@]{0,60})?@"
    r"|[^@]{1,60}-(?:list|l|request|bounces|owner|announce|users)@|[^@]{1,60}@lists?\.",
    re.IGNORECASE,
)


def person_of(work: Work, name: str, address: str) -> int:
    """Give the person of a normal address, made where unknown: nobody is turned away (A1)."""
    known = person_of_address(work.spine, address)
    return known if known is not None else create_person(work, shown_name(name, address), address)


def shown_name(name: str, address: str) -> str:
    """Give a display name that cannot pass for somebody else's address."""
    shown = header_safe(name)[:200]
    if "@" in shown and shown.lower() != address:
        return f'"{shown}" <{address}>'
    return shown


def is_customer(database: Database, ticket: int, address: str) -> bool:
    """Tell whether an address is that ticket's requester's or one of its watchers'."""
    if not address:
        return False
    return recipients.concerns(database, ticket, address)


def known_ids(database: Database, ids: Sequence[str]) -> dict[str, int]:
    """Give the ticket of each Message-ID that is stored on one; the oldest where on several."""
    found: dict[str, int] = {}
    for one in ids:
        ticket = references.ticket_of(database, one)
        if ticket is not None:
            found[one] = ticket
            break
    return found


def ticket_of_letter(database: Database, letter: int) -> int | None:
    """Give the ticket that a letter of ours was about, if about one."""
    return outbox.ticket_of(database, letter)


def survivor_or_none(database: Database, number: int) -> int | None:
    """Give the ticket that a number means now, or None for a number nobody has."""
    try:
        return survivor(database, number)
    except NotFoundError:
        return None


def watchers_of(mail: ParsedMail, rules: MailRules, sender: str) -> Iterator[tuple[str, str]]:
    """Give (name, address) of the people in Cc, at most ten; no list, robot or desk (§1.8)."""
    seen = {sender}
    for box in mail.cc:
        try:
            address = normal_address(box.address)
        except UsageError:
            continue
        if address in seen or rules.is_own(address) or _NOBODY.match(address):
            continue
        seen.add(address)
        if len(seen) > rules.watchers + 1:
            return
        yield box.name, address
