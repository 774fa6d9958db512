"""Whether a mail passes on another one: by its subject in any language, or by what it encloses."""

import re

from deskterm.mail.parsed import ParsedMail

MAILS = ("message/rfc822", "message/global")
_PREFIX_TEXT = (
    "fwd? wg tr rv i enc vs vb doorst pd fs továbbítás ilt i̇lt yönl пересл пд πρθ trs "
    "转发 轉寄 転送 전달 הועבר إعادة"
)
_PREFIX = re.compile(
    rf"\s{{0,5}}(?:{'|'.join(_PREFIX_TEXT.split())})\s{{0,3}}(?:\[\d{{1,3}}\])?\s{{0,3}}[:：]",
    re.IGNORECASE,
)


def is_forward(mail: ParsedMail) -> bool:
    """Tell whether a mail passes on another one: by its subject, or by what it encloses alone."""
    attached = any(one.media_type in MAILS for one in mail.files)
    return bool(_PREFIX.match(mail.subject)) or (attached and not mail.body.strip())


def without_prefix(subject: str) -> str:
    """Give a subject without what says that it is passed on."""
    while found := _PREFIX.match(subject):
        subject = subject[found.end() :].lstrip()
    return subject
