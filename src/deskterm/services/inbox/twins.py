"""The same mail twice: through two mailboxes it is one; one id with other words is two (§1.2)."""

from typing import NamedTuple

from deskterm.domain.patterns import pattern
from deskterm.mail.desk_view import seen_by
from deskterm.mail.parse import parse_mail
from deskterm.mail.parsed import ParsedMail
from deskterm.services.inbox.arrived import Mail
from deskterm.services.inbox.rules import MailRules
from deskterm.storage import blobs, inbox
from deskterm.storage.driver import Database

_FILED = ("ticket", "reply", "machine", "duplicate")
_TAG = pattern(r"\s{1,3}[\[(*][^\[\]()*]{1,30}[\])*]\Z")
_BANNER = 12
"""Lines that gateways and lists add."""


class Twin(NamedTuple):
    """Another mail with the same Message-ID."""

    id: int
    mailbox: str
    ticket: int | None
    same: bool
    """Whether it says the same: then one of them is a duplicate, else both are kept."""


def twin_of(database: Database, mail: Mail, rules: MailRules) -> Twin | None:
    """Give the earlier mail that this one repeats, else one that only has its Message-ID."""
    if not mail.parsed.message_id:
        return None
    filed = [row for row in mail.same_id if row.state in _FILED]
    same = next((row for row in filed if _says_the_same(database, row, mail, rules)), None)
    if same is not None:
        return Twin(same.id, same.mailbox, same.ticket_id, same=True)
    before = next((row for row in mail.same_id if row.id < mail.id), None)
    if before is None:
        return None
    return Twin(before.id, before.mailbox, before.ticket_id, same=False)


def _says_the_same(database: Database, row: inbox.SameKey, mail: Mail, rules: MailRules) -> bool:
    """Compare what people read: what mail servers write on the way differs from box to box."""
    kept = blobs.read(database, row.sha256)
    if kept is None:
        return False
    return is_copy(seen_by(parse_mail(kept, rules.limits), rules.desk), mail.parsed)


def is_copy(one: ParsedMail, other: ParsedMail) -> bool:
    """Tell whether two mails of one Message-ID say the same.

    A gateway may have put a tag before the subject and a banner above the words, a list its name
    and a footer: then the lines of one stand together in the other.
    """
    if one.from_email.lower() != other.from_email.lower():
        return False
    files = {(file.name, file.body) for file in one.files}
    others = {(file.name, file.body) for file in other.files}
    if not (files <= others or others <= files):
        return False
    return _in(_subject(one), _subject(other)) and _stands_in(_lines(one.body), _lines(other.body))


def _subject(mail: ParsedMail) -> str:
    return " ".join(mail.subject.casefold().split())


def _in(one: str, other: str) -> bool:
    """Whether a subject stands in another one: below a tag, or above one in brackets."""
    short, long = sorted((one, other), key=len)
    below = long.startswith(short) and bool(_TAG.match(long[len(short) :]))
    return (long.endswith(short) or below) and (bool(short) or not long)


def _lines(body: str) -> list[str]:
    return [words for line in body.splitlines() if (words := " ".join(line.split()))]


def _stands_in(one: list[str], other: list[str]) -> bool:
    """Whether the lines of the shorter stand together in the longer, with few others around."""
    short, long = sorted((one, other), key=len)
    if " ".join(short) == " ".join(long):
        return True  # wrapped anew, nothing more
    if not short or len(long) - len(short) > _BANNER:
        return False
    starts = (at for at in range(len(long) - len(short) + 1) if long[at] == short[0])
    return any(long[at : at + len(short)] == short for at in starts)
