"""A mail that a technician forwards: whose trouble it really is (semantics.md §1.9).

An attached mail says it in its own headers; an inline forward in the block of header lines below a
separator. Both are a proposal that a person confirms.
"""

import re

from deskterm.mail.limits import MailLimits
from deskterm.mail.mailbox import Mailbox, read_mailboxes
from deskterm.mail.parse import parse_mail
from deskterm.mail.parsed import ParsedMail

_PREFIX = re.compile(r"\s{0,5}(?:fwd?|wg|tr|i|rv|vs|enc|doorst|pd|vb)\s{0,3}:", re.IGNORECASE)
_SEPARATOR = re.compile(r"\s{0,9}[-_*=]{2,40}.{0,80}[-_*=]{2,40}\s{0,9}\Z|\s{0,9}_{8,80}\s{0,9}\Z")
_FROM = re.compile(
    r"[\s>*]{0,9}(?:from|von|de|da|van|från|fra|od|lähettäjä|от)[\s*\u00a0]{0,3}:[\s*]{0,3}(.{3,300})",
    re.IGNORECASE,
)
_REACH = 8
_MAILS = ("message/rfc822", "message/global")


def is_forward(mail: ParsedMail) -> bool:
    """Tell whether a mail passes on another one: by its subject, or by what it encloses alone."""
    attached = any(one.media_type in _MAILS for one in mail.files)
    return bool(_PREFIX.match(mail.subject)) or (attached and not mail.body.strip())


def inner_sender(mail: ParsedMail, limits: MailLimits) -> Mailbox | None:
    """Give who wrote the mail inside a forward, or nothing where it is none."""
    attached = [one for one in mail.files if one.media_type in _MAILS]
    if len(attached) == 1 and (not mail.body.strip() or _PREFIX.match(mail.subject)):
        inner = parse_mail(attached[0].body, limits)
        return inner.sender if inner.sender.address else None
    if not _PREFIX.match(mail.subject):
        return None
    return _inline(mail.body)


def _inline(body: str) -> Mailbox | None:
    """Give the sender named in the first block of header lines after a separator."""
    lines = body.splitlines()[:2_000]
    for number, line in enumerate(lines):
        if len(line) > 200 or not _SEPARATOR.match(line):
            continue
        for following in lines[number + 1 : number + 1 + _REACH]:
            found = _FROM.match(following[:400])
            if found:
                boxes = read_mailboxes(found.group(1).replace("mailto:", "").encode())
                return next((box for box in boxes if "@" in box.address), None)
    return None
