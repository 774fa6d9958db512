"""Signed marks of the web face: links that open a page, and tokens of forms (semantics §15).

    12-7-20786-0.<mark>    what person 7 may see and do of ticket 12, made on day 20786
    p7-20786-0.<mark>      person 7's own page; the last number counts how often links were revoked
    <uuid>-<seconds>.<mark>  a form, made then: its uuid is the operation that sending it does

Signed like the addresses of letters; a link is opened by any secret of the desk.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from hmac import compare_digest
from typing import NamedTuple

from deskterm.domain.patterns import pattern
from deskterm.mail.tokens import signature

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
