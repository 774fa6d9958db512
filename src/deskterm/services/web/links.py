"""Links of the web face: made for one person, opened while they last, revoked all at once."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from deskterm.domain.web_rows import Visitor
from deskterm.mail.web_tokens import Link, day_of, link_of, link_text
from deskterm.storage.desk_settings import values
from deskterm.storage.driver import Database
from deskterm.storage.reads import web_pages as reads
from deskterm.storage.secrets import token_secrets


class Opened(NamedTuple):
    """What a link that is still good opens."""

    visitor: Visitor
    ticket: int
    """The number it was made for; 0: their own page."""


class Signing(NamedTuple):
    """What links are made and opened with."""

    secrets: Sequence[str]
    days: int
    """So long a link opens something; 0: for ever."""


def signing(database: Database) -> Signing:
    """Read what links are made and opened with."""
    return Signing(token_secrets(database), int(values(database)["web.link_days"]))


def opened(database: Database, text: str, now: datetime) -> Opened | None:
    """Give what a link opens; None alike for wrong, old, revoked and unknown ones."""
    found = signing(database)
    link = link_of(text, found.secrets)
    if link is None:
        return None
    known = reads.visitor(database, link.person)
    if known is None or known[1] != link.round:
        return None
    if found.days and not 0 <= day_of(now) - link.day <= found.days:
        return None
    return Opened(known[0], link.ticket)


def made(database: Database, person: int, now: datetime, ticket: int = 0) -> str:
    """Give the last part of a link for a person, to a ticket's page or to their own."""
    link = Link(person, ticket, day_of(now), reads.round_of(database, person))
    return link_text(link, signing(database).secrets[0])
