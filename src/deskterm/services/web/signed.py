"""What carries our signature: forms, taken once for what is in them, and links that open a page.

A form is given out with a token (semantics §15); a link is made for one person, opens something
while it lasts, and is revoked with all others of theirs.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from time import monotonic
from typing import NamedTuple
from uuid import UUID, uuid4, uuid5

from deskterm.domain import clock
from deskterm.domain.requests import NewFile
from deskterm.domain.web_rows import Visitor
from deskterm.mail.tokens import Form, Link, day_of, form_of, form_token, link_of, link_text
from deskterm.services.web.doing import MOST_AGE
from deskterm.storage.desk_settings import values
from deskterm.storage.driver import Database
from deskterm.storage.reads import web_pages as reads
from deskterm.storage.secrets import token_secrets
from deskterm.storage.store import Store


class Taken(NamedTuple):
    """A form that came back."""

    op_id: str
    """The operation that it asks for; empty where it is not taken."""
    wrong: str = ""
    """`form` where it is none of ours, `old` where it was open for too long."""


FRESH = 2.0
"""Seconds for which the secrets are believed without looking."""


class Signers:
    """The secrets that sign forms: one read serves all forms of two seconds."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: tuple[float, Sequence[str]] = (-FRESH, ())

    def __call__(self) -> Sequence[str]:
        """Give every secret, the one that signs first."""
        at, known = self._known
        now = monotonic()
        if not known or now - at > FRESH:
            with self._store.reading() as database:
                known = token_secrets(database)
            self._known = now, known
        return known


def give_out(signers: Signers, whose: str, many: int = 1) -> list[str]:
    """Give tokens of as many forms for one visitor."""
    secret = signers()[0]
    now = int(clock.now().timestamp())
    return [form_token(Form(str(uuid4()), now), whose, secret) for _ in range(many)]


def take(
    signers: Signers,
    token: str,
    whose: str,
    fields: Mapping[str, str],
    files: Sequence[NewFile] = (),
) -> Taken:
    """Give the operation of a form: one for what it says, however often it is sent.

    A form that says something else than before, such as after going back, is another operation.
    """
    form = form_of(token, whose, signers())
    if form is None:
        return Taken("", "form")
    if clock.now().timestamp() - form.at > MOST_AGE.total_seconds():
        return Taken("", "old")
    said = [sorted(fields.items()), [(one.name, _digest(one)) for one in files]]
    return Taken(str(uuid5(UUID(form.op_id), json.dumps(said))))


def _digest(file: NewFile) -> str:
    return sha256(file.content).hexdigest()


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
