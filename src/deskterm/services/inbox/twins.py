"""The same mail twice: through two mailboxes it is one; one id with other words is two (§1.2)."""

from collections.abc import Sequence
from typing import NamedTuple

from deskterm.mail.desk_view import seen_by
from deskterm.mail.parse import parse_mail
from deskterm.mail.parsed import ParsedMail
from deskterm.services.inbox.arrived import Mail
from deskterm.services.inbox.rules import MailRules
from deskterm.storage import blobs, inbox
from deskterm.storage.driver import Database

_FILED = ("ticket", "reply", "machine", "duplicate")
_MOST = 20
"""Mails of one Message-ID that are compared: somebody may send the same one a thousand times."""


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
    rows = inbox.of_key(database, mail.key, mail.id, _MOST)
    filed = [row for row in rows if row.state in _FILED]
    same = next((row for row in filed if _says_the_same(database, row, mail, rules)), None)
    if same is not None:
        return Twin(same.id, same.mailbox, same.ticket_id, same=True)
    before = next((row for row in rows if row.id < mail.id), None)
    if before is None:
        return None
    return Twin(before.id, before.mailbox, before.ticket_id, same=False)


def _says_the_same(database: Database, row: inbox.SameKey, mail: Mail, rules: MailRules) -> bool:
    """Compare what people read: what mail servers write on the way differs from box to box."""
    kept = blobs.read(database, row.sha256)
    if kept is None:
        return False
    return _words(seen_by(parse_mail(kept, rules.limits), rules.desk)) == _words(mail.parsed)


def _words(mail: ParsedMail) -> Sequence[object]:
    files = [(one.name, one.body) for one in mail.files]
    return [mail.from_email.lower(), mail.subject, mail.body, mail.body_alt, files]
