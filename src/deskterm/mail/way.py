"""What the headers of a mail say of the way it came: lists, gateways, rules, other desks."""

import re
from typing import NamedTuple

from deskterm.mail.headers import Headers, every, first, raw_text
from deskterm.mail.machine import LOOP_HEADER
from deskterm.mail.mailbox import Mailbox, read_mailboxes

_MAILTO = re.compile(r"<\s{0,3}mailto:([^\s<>?]{3,320})", re.IGNORECASE)
_LIST_ID = re.compile(r"<([^\s<>]{1,255})>")
_ORIGINAL = ("x-original-from", "x-google-original-from", "x-original-sender")
_MOST = 5


class Way(NamedTuple):
    """How a mail came."""

    lists: tuple[str, ...] = ()
    """The mailing lists it came through: what List-Post and List-Id name, in lower case."""
    loop: str = ""
    """The mark of the desk that made it, where a desk did; only ours is signed by us."""
    original: tuple[Mailbox, ...] = ()
    """Who wrote it, by the word of a list or gateway that put its own address into From."""
    sent_by: Mailbox | None = None
    """Who sent it in the name of who is in From, where the two differ (Sender)."""
    rule_of: str = ""
    """The mailbox whose rule made it, in lower case, where a mail server says that one did."""
    made_by_rule: bool = False
    """Whether a mail server says that a mailbox rule made it, whosever."""


def read_way(headers: Headers, sender: Mailbox, hint: str) -> Way:
    """Give what these headers say of the way; `sender` is who is in From."""
    source = raw_text(first(headers, "x-ms-exchange-generated-message-source")).lower()
    rule = raw_text(first(headers, "x-ms-exchange-inbox-rules-loop"))[:320]
    return Way(
        lists=tuple(dict.fromkeys(_lists(headers))),
        loop=raw_text(first(headers, LOOP_HEADER.lower()))[:200],
        original=tuple(_boxes(headers, _ORIGINAL, hint)),
        sent_by=_sent_by(headers, sender, hint),
        rule_of=rule.strip(" <>").lower(),
        made_by_rule="mailbox rules agent" in source,
    )


def _lists(headers: Headers) -> list[str]:
    found = [one for value in every(headers, "list-post")[:_MOST] for one in _mailto(value)]
    for value in every(headers, "list-id")[:_MOST]:
        text = raw_text(value)[:1_000]
        named = _LIST_ID.findall(text)[-1:] or [text.strip()]
        found += [one.lower() for one in named]
    return found


def _mailto(value: bytes) -> list[str]:
    return [one.lower() for one in _MAILTO.findall(raw_text(value)[:2_000])[:_MOST]]


def _boxes(headers: Headers, names: tuple[str, ...], hint: str) -> list[Mailbox]:
    values = [value for name in names for value in every(headers, name)[:_MOST]]
    boxes = [box for value in values for box in read_mailboxes(value, hint)[:_MOST]]
    return [box for box in boxes if "@" in box.address]


def _sent_by(headers: Headers, sender: Mailbox, hint: str) -> Mailbox | None:
    """Give who sent it where somebody else is in From; where nobody is, the sender is Sender."""
    boxes = _boxes(headers, ("sender",), hint)
    known = sender.address.lower()
    return next((box for box in boxes if known and box.address.lower() != known), None)
