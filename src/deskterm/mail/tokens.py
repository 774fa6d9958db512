"""Signed marks: of mails that come home (recipient tokens, Message-IDs), of links to our pages.

HMAC-SHA256, base32, compared in constant time; old secrets stay valid for reading (semantics 1.3).
What stands behind the `+` of the desk's address says what a mail to it is:

    help+12.<mark>      somebody who was written to about ticket 12
    help+p12.<mark>     the one technician this letter about ticket 12 went to
    help+b77.<mark>     letter 77 comes back undelivered (VERP, the envelope sender)
    help+u12-7.<mark>   person 7 no longer wants to hear of ticket 12
    help+n7.<mark>      person 7 wants no more news: announcements, tips

The web face has links that open a page, and tokens of forms (semantics §15); a link is opened by
any secret of the desk:

    12-7-20786-0.<mark>    what person 7 may see and do of ticket 12, made on day 20786
    p7-20786-0.<mark>      person 7's own page; the last number counts how often links were revoked
    <uuid>-<seconds>.<mark>  a form, made then: its uuid is the operation that sending it does
"""

import hmac
import re
from base64 import b32encode
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from hmac import compare_digest
from typing import NamedTuple

from deskterm.domain.patterns import pattern

_LENGTH = 16
_MESSAGE_ID = pattern(r"<?dt\.(\d{1,12})\.([0-9a-f-]{1,64})\.([a-z2-7]{16})@[^\s<>]{1,255}>?\Z")
_LOCAL, _MARK = r"[^@\s+]{1,64}\+", r"\.([a-z2-7]{16})@[^\s<>]{1,255}\Z"
_RECIPIENT = pattern(rf"{_LOCAL}(\d{{1,12}}){_MARK}")
_PERSONAL = pattern(rf"{_LOCAL}p(\d{{1,12}}){_MARK}")
_VERP = pattern(rf"{_LOCAL}b(\d{{1,12}}){_MARK}")
_NO_NEWS = pattern(rf"{_LOCAL}n(\d{{1,12}}){_MARK}")
_LEAVING = pattern(rf"{_LOCAL}u(\d{{1,12}})-(\d{{1,12}}){_MARK}")
_VISIT = pattern(rf"visit\.(\d{{1,12}}){_MARK}")


def signature(secret: str, purpose: str, *parts: object) -> str:
    """Give 16 base32 characters (80 bits) that only the desk can make for these parts."""
    text = "\x1f".join((purpose, *map(str, parts)))
    digest = hmac.new(secret.encode(), text.encode(), sha256).digest()
    return b32encode(digest).decode("ascii").lower()[:_LENGTH]


def message_id(ticket: int, unique: str, secret: str, domain: str) -> str:
    """Give a signed Message-ID for a letter about a ticket; `unique` is hexadecimal."""
    return marked_id(ticket, unique, signature(secret, "message", ticket, unique), domain)


def marked_id(ticket: int, unique: str, mark: str, domain: str) -> str:
    """Give the Message-ID that carries a mark which somebody else has made."""
    return f"<dt.{ticket}.{unique}.{mark}@{domain}>"


def ticket_of_message_id(text: str, secrets: Sequence[str]) -> int | None:
    """Give the ticket of one of our own signed Message-IDs, or None for any other text."""
    match = _MESSAGE_ID.match(text.strip())
    if match is None:
        return None
    ticket, unique, given = match.groups()
    made = (signature(secret, "message", ticket, unique) for secret in secrets)
    return int(ticket) if _matches(given, made) else None


def recipient_address(address: str, ticket: int, secret: str) -> str:
    """Give the desk's address with the ticket's token: `help+12.abc…@example.org`."""
    return _with_mark(address, str(ticket), signature(secret, "ticket", ticket))


def ticket_of_recipient(address: str, secrets: Sequence[str]) -> int | None:
    """Give the ticket whose valid token the address carries, or None."""
    return _number_in(_RECIPIENT, "ticket", address, secrets)


def verp_address(desk_address: str, letter_id: int, secret: str) -> str:
    """Give the envelope sender of one letter: what comes back to it is that letter's bounce."""
    return _with_mark(desk_address, f"b{letter_id}", signature(secret, "letter", letter_id))


def letter_of_verp(address: str, secrets: Sequence[str]) -> int | None:
    """Give the letter whose valid envelope sender the address is, or None."""
    return _number_in(_VERP, "letter", address, secrets)


def _number_in(
    form: re.Pattern[str], kind: str, address: str, secrets: Sequence[str]
) -> int | None:
    """Give the number whose valid mark an address of a form carries, or None."""
    match = form.match(address.strip().lower())
    if match is None:
        return None
    number, given = match.groups()
    made = (signature(secret, kind, number) for secret in secrets)
    return int(number) if _matches(given, made) else None


def personal_address(desk_address: str, ticket: int, login: str, secret: str) -> str:
    """Give the address that one technician may answer a letter about a ticket to.

    It names nobody; who it was made for is found by trying, so it tells nothing when passed on.
    """
    mark = signature(secret, "technician", ticket, login)
    return _with_mark(desk_address, f"p{ticket}", mark)


def technician_of_recipient(
    address: str, logins: Iterable[str], secrets: Sequence[str]
) -> tuple[int, str] | None:
    """Give (ticket, login) of a technician's own address; None for any other and forged ones."""
    match = _PERSONAL.match(address.strip().lower())
    if match is None:
        return None
    ticket, given = match.groups()
    found = None
    for login in logins:
        made = (signature(secret, "technician", ticket, login) for secret in secrets)
        if _matches(given, made):
            found = int(ticket), login
    return found


def leaving_address(desk_address: str, ticket: int, person: int, secret: str) -> str:
    """Give the address that a watcher writes to when they want to hear no more of a ticket."""
    mark = signature(secret, "leave", ticket, person)
    return _with_mark(desk_address, f"u{ticket}-{person}", mark)


def leaver_of_recipient(address: str, secrets: Sequence[str]) -> tuple[int, int] | None:
    """Give (ticket, person) of a valid address for leaving a ticket, or None."""
    match = _LEAVING.match(address.strip().lower())
    if match is None:
        return None
    ticket, person, given = match.groups()
    made = (signature(secret, "leave", ticket, person) for secret in secrets)
    return (int(ticket), int(person)) if _matches(given, made) else None


def no_news_address(desk_address: str, person: int, secret: str) -> str:
    """Give the address that somebody writes to who wants no more news."""
    return _with_mark(desk_address, f"n{person}", signature(secret, "news", person))


def who_wants_no_news(address: str, secrets: Sequence[str]) -> int | None:
    """Give the person whose valid address for no more news this is, or None."""
    return _number_in(_NO_NEWS, "news", address, secrets)


def visit_uid(visit: int, secret: str, domain: str) -> str:
    """Give the UID of a visit's invitation: every answer to it repeats it, and proves by it."""
    return f"visit.{visit}.{signature(secret, 'visit', visit)}@{domain}"


def visit_of_uid(text: str, secrets: Sequence[str]) -> int | None:
    """Give the visit whose valid UID that is, or None."""
    return _number_in(_VISIT, "visit", text, secrets)


def loop_mark(ticket: int | None, secret: str) -> str:
    """Give what tells the desk that it made a letter: `12.<mark>`, or `desk.<mark>`."""
    what = str(ticket or "desk")
    return f"{what}.{signature(secret, 'loop', what)}"


def is_own_loop(text: str, secrets: Sequence[str]) -> bool:
    """Tell whether a mark of the loop header is this desk's; another desk's is not."""
    what, _, given = text.strip().lower().rpartition(".")
    made = (signature(secret, "loop", what) for secret in secrets)
    return given.isascii() and _matches(given, made)


def _with_mark(address: str, what: str, mark: str) -> str:
    local, _, domain = address.rpartition("@")
    return f"{local}+{what}.{mark}@{domain}"


def _matches(given: str, made: Iterable[str]) -> bool:
    """Compare with every secret's mark, so that the time taken tells nothing."""
    found = False
    for one in made:
        found |= hmac.compare_digest(one, given)
    return found


_LINK = pattern(r"(p|\d{1,12}-)(\d{1,12})-(\d{1,6})-(\d{1,6})\.([a-z2-7]{16})\Z")
_FORM = pattern(r"([0-9a-f-]{36})-(\d{1,12})\.([a-z2-7]{16})\Z")
_DAY = 86_400


class Link(NamedTuple):
    """What a link opens, for whom."""

    person: int
    ticket: int = 0
    """0: their own page."""
    day: int = 0
    """Days from 1970 until it was made."""
    round: int = 0
    """How often the person's links had been revoked by then."""


class Form(NamedTuple):
    """A form as it was given out."""

    op_id: str
    """The operation that sending it does: sent twice, it is done once."""
    at: int
    """Seconds from 1970 until it was made."""


def day_of(moment: datetime) -> int:
    """Give the day of a moment, as links count them."""
    return int(moment.astimezone(UTC).timestamp()) // _DAY


def link_text(link: Link, secret: str) -> str:
    """Give a link's last part: it opens one page for one person."""
    what = f"{link.ticket}-" if link.ticket else "p"
    mark = signature(secret, "link", *link)
    return f"{what}{link.person}-{link.day}-{link.round}.{mark}"


def link_of(text: str, secrets: Sequence[str]) -> Link | None:
    """Give what a link opens, or None for any text that the desk did not make."""
    match = _LINK.match(text)
    if match is None:
        return None
    what, *numbers, given = match.groups()
    person, day, round_ = map(int, numbers)
    link = Link(person, 0 if what == "p" else int(what[:-1]), day, round_)
    found = False
    for secret in secrets:
        found |= compare_digest(signature(secret, "link", *link), given)
    return link if found else None


def form_token(form: Form, whose: str, secret: str) -> str:
    """Give the token of a form that was given to somebody: empty stands for nobody known."""
    return f"{form.op_id}-{form.at}.{signature(secret, 'form', whose, *form)}"


def form_of(text: str, whose: str, secrets: Sequence[str]) -> Form | None:
    """Give the form of a token that was made for them, or None."""
    match = _FORM.match(text)
    if match is None:
        return None
    form = Form(match[1], int(match[2]))
    found = False
    for secret in secrets:
        found |= compare_digest(signature(secret, "form", whose, *form), match[3])
    return form if found else None
