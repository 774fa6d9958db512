"""Whether a mail passes on another one: by its subject in any language, or by what it encloses."""

import re

from deskterm.domain.patterns import pattern
from deskterm.mail.parsed import MailFile, ParsedMail

MAILS = ("message/rfc822", "message/global")
_PREFIX_TEXT = (
    "fwd? wg tr rv i enc vs vb doorst pd fs továbbítás ilt i̇lt yönl пересл пд πρθ trs "
    "转发 轉寄 転送 전달 הועבר إعادة"
)
_PREFIX = pattern(
    rf"\s{{0,5}}(?:{'|'.join(_PREFIX_TEXT.split())})\s{{0,3}}(?:\[\d{{1,3}}\])?\s{{0,3}}[:：]",
    re.IGNORECASE,
)


_CONTENT = pattern(rb"\s{0,9}(?:[!-9;-~]{1,80}:[^\n]{0,2000}\n(?:[ \t][^\n]{0,2000}\n){0,40}){3}")
_FROM = pattern(rb"(?:\A|\n)from:[^\n]{0,900}@", re.IGNORECASE)
_OTHERS = pattern(rb"\n(?:date|message-id|received|subject|to):", re.IGNORECASE)
_HEAD = 8_000


def is_mail(file: MailFile) -> bool:
    """Tell whether an attachment is a mail, by type, name or content (semantics.md §1.9)."""
    if file.media_type in MAILS or file.name.lower().endswith(".eml"):
        return True
    head = b"\n" + file.body[:_HEAD].lstrip()
    unnamed = file.media_type in ("application/octet-stream", "text/plain")
    if not unnamed or not _CONTENT.match(head[1:]):
        return False
    return bool(_FROM.search(head)) and len(set(map(bytes.lower, _OTHERS.findall(head)))) >= 2


def is_forward(mail: ParsedMail) -> bool:
    """Tell whether a mail passes on another one: by its subject, or by what it encloses alone."""
    attached = any(map(is_mail, mail.files))
    return bool(_PREFIX.match(mail.subject)) or (attached and not mail.body.strip())


def without_prefix(subject: str) -> str:
    """Give a subject without what says that it is passed on."""
    while found := _PREFIX.match(subject):
        subject = subject[found.end() :].lstrip()
    return subject
