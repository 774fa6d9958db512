"""Who is who on a mail: people by their addresses, who belongs to a ticket, whom a Cc may add."""

import re
from collections.abc import Iterable, Iterator, Sequence

from deskterm.domain.address import is_no_reply, normal_address
from deskterm.domain.errors import NotFoundError, UsageError
from deskterm.domain.patterns import pattern
from deskterm.domain.text import header_safe
from deskterm.mail.parse import parse_mail
from deskterm.mail.parsed import ParsedMail
from deskterm.services.inbox.rules import MailRules
from deskterm.storage import blobs, outbox, references
from deskterm.storage.driver import Database
from deskterm.storage.people import (
    addresses_of,
    create_person,
    people_named,
    person_of_address,
)
from deskterm.storage.reads import recipients
from deskterm.storage.references import sent_bytes
from deskterm.storage.ticket.hold import survivor
from deskterm.storage.work import Work

_NOBODY = pattern(
    r"(?:mailer-daemon|postmaster|bounces?|notifications?|newsletter|list|lists|owner|majordomo|"
    r"listserv)(?:[-_.+][^@]{0,60})?@"
    r"|[^@]{1,60}-(?:list|l|request|bounces|owner|announce|users)@|[^@]{1,60}@lists?\.",
    re.IGNORECASE,
)


def person_of(work: Work, name: str, address: str) -> int:
    """Give the person of a normal address, made where unknown: nobody is turned away (A1)."""
    known = person_of_address(work.spine, address)
    return known if known is not None else create_person(work, shown_name(name, address), address)


def person_without_address(work: Work, name: str) -> int:
    """Give the person of that name who has no address, made where unknown.

    A name proves nothing: nobody with an address is meant by it.
    """
    name = header_safe(name)[:200] or "(no sender)"
    for person in people_named(work.spine, name):
        if not addresses_of(work.spine, person):
            return person
    return create_person(work, name, None)


def people_with(database: Database, addresses: Iterable[str]) -> frozenset[int]:
    """Give the known people of some addresses."""
    found = (person_of_address(database, one) for one in addresses)
    return frozenset(one for one in found if one is not None)


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


def letters_sent(database: Database, ticket: int, answered: Sequence[str]) -> list[str]:
    """Give the texts of the letter that a mail answers and of the last ones about its ticket.

    Each as text and as what its HTML says: some programs quote the one, some the other.
    """
    raws = (blobs.read(database, one) for one in sent_bytes(database, ticket, answered))
    letters = [parse_mail(raw) for raw in raws if raw]
    return [text for one in letters for text in (one.body, one.body_alt) if text]


def survivor_or_none(database: Database, number: int) -> int | None:
    """Give the ticket that a number means now, or None for a number nobody has."""
    try:
        return survivor(database, number)
    except NotFoundError:
        return None


def watchers_of(mail: ParsedMail, rules: MailRules, sender: str) -> Iterator[tuple[str, str]]:
    """Give (name, address) of whoever else the writer named, at most ten (semantics.md §1.8).

    To and Cc count alike, and where answers are asked for (Reply-To); no list, robot or desk. Who
    stands in To of a mail that names the desk nowhere may know nothing of it: a blind copy.
    """
    seen = {sender}
    own_lists = set(mail.way.lists)
    named = any(rules.is_own(box.address) for box in (*mail.to, *mail.cc))
    for box in (*mail.reply_to, *(mail.to if named or own_lists else ()), *mail.cc):
        try:
            address = normal_address(box.address)
        except UsageError:
            continue
        if address in seen or rules.is_own(address) or is_nobody(address) or address in own_lists:
            continue
        seen.add(address)
        if len(seen) > rules.watchers + 1:
            return
        yield box.name, address


def answers_asked_at(mail: ParsedMail, rules: MailRules, sender: str) -> str:
    """Give the address in Reply-To where it is a person's and not the sender's own, or nothing."""
    for box in mail.reply_to[:5]:
        try:
            address = normal_address(box.address)
        except UsageError:
            continue
        if address != sender and not rules.is_own(address) and not is_nobody(address):
            return address
    return ""


def is_nobody(address: str) -> bool:
    """Tell whether an address is a list's, a robot's or one that nobody reads."""
    return is_no_reply(address) or bool(_NOBODY.match(address))


def readers_of(mail: ParsedMail) -> frozenset[str]:
    """Give the addresses that have a mail already: who stands in its To and Cc."""
    return frozenset(box.address.lower() for box in (*mail.to, *mail.cc) if box.address)
