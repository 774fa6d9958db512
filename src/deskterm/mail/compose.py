"""A letter as bytes: one recipient, honest automatic headers, threads that hold (semantics.md §2).

Headers are written by `header_lines` alone, the parts (text, HTML, files) are put together here,
and the bytes are never handed to anything that would read and write them again.
"""

import quopri
from base64 import encodebytes
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from hashlib import sha256
from typing import NamedTuple

from deskterm.domain.errors import UsageError
from deskterm.domain.text import safe_filename, storable
from deskterm.mail.header_lines import (
    LINE_END,
    Field,
    attachment_field,
    ids_field,
    mailbox_field,
    media_type,
    plain_field,
    plain_id,
    text_field,
)
from deskterm.mail.machine import LOOP_HEADER

_END = LINE_END.encode()
_LONGEST_LINE = 900


class Part(NamedTuple):
    """Header lines and the bytes below them, which end with a line end."""

    fields: tuple[Field, ...]
    body: bytes

    def raw(self) -> bytes:
        """Give the part as it is written."""
        head = "".join(f"{field}{LINE_END}" for field in self.fields)
        return head.encode() + _END + self.body


def text_part(text: str, sub: str) -> Part:
    """Give words as `text/plain` or `text/html`."""
    lines = storable(text).replace("\r\n", "\n").replace("\r", "\n")
    whole = lines.rstrip("\n") + "\n"
    plain = whole.isascii() and all(len(line) <= _LONGEST_LINE for line in whole.split("\n"))
    charset, coding = ("us-ascii", "7bit") if plain else ("utf-8", "quoted-printable")
    body = whole.encode() if plain else quopri.encodestring(whole.encode())
    fields = (
        Field("Content-Type", f'text/{sub}; charset="{charset}"'),
        Field("Content-Transfer-Encoding", coding),
    )
    return Part(fields, body.replace(b"\n", _END))


def file_part(name: str, kind: str, body: bytes) -> Part:
    """Give an attached file, in base64."""
    fields = (
        Field("Content-Type", "/".join(media_type(kind))),
        Field("Content-Transfer-Encoding", "base64"),
        attachment_field(safe_filename(name)),
    )
    return Part(fields, encodebytes(body).replace(b"\n", _END) or _END)


def joined(parts: Sequence[Part], sub: str) -> Part:
    """Give several parts as one; a single one stays as it is."""
    if len(parts) == 1:
        return parts[0]
    written = [part.raw() for part in parts]
    # Made of what is inside, so that nothing inside can hold it.
    border = f"=_{sha256(_END.join(written)).hexdigest()[:40]}".encode()
    body = b"".join(b"--%b\r\n%b" % (border, one) for one in written)
    kind = Field("Content-Type", f'multipart/{sub};{LINE_END} boundary="{border.decode()}"')
    return Part((kind,), b"%b--%b--\r\n" % (body, border))


def calendar_part(method: str, body: bytes) -> Part:
    """Give an invitation as calendar programs look for it: beside the words, its method named."""
    fields = (
        Field("Content-Type", f'text/calendar; charset="utf-8"; method={method}'),
        Field("Content-Transfer-Encoding", "base64"),
    )
    return Part(fields, encodebytes(body).replace(b"\n", _END))


GENERATED = "auto-generated"
ANSWERED = "auto-replied"
TYPED = ""
"""A technician's own typed answer says nothing of the kind."""
_FIRST, _LAST = 4, 6


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A file that goes with a letter."""

    name: str
    media_type: str
    body: bytes


@dataclass(frozen=True, slots=True)
class LetterForm:
    """Everything a letter says, not yet in the form of a mail."""

    message_id: str
    """With angle brackets, like every id in a letter."""
    sender: str
    sender_name: str
    reply_to: str
    """The desk's address with the ticket's token."""
    recipient: str
    recipient_name: str
    subject: str
    body: str
    date: datetime
    loop: str
    """The signed mark of the desk that makes it (`tokens.loop_mark`)."""
    leave: str = ""
    """The address that takes a reader off such letters; a mail program offers it by a button."""
    references: tuple[str, ...] = ()
    automatic: str = GENERATED
    enclosed: tuple[Enclosed, ...] = ()
    html: str | None = None
    """The same words as simple HTML, where there are any."""
    calendar: tuple[str, bytes] | None = None
    """Method and file of an invitation."""


def letter_bytes(form: LetterForm) -> bytes:
    """Give the mail, CRLF line ends; raises UsageError where an address is none."""
    body = _body(form)
    fields = (*_addresses(form), *_thread(form), *_automatic(form))
    version = Field("MIME-Version", "1.0")
    return Part((*fields, version, *body.fields), body.body).raw()


def kept_references(ids: tuple[str, ...]) -> tuple[str, ...]:
    """Give the first four and the last six, each once, in order."""
    once = tuple(dict.fromkeys(ids))
    if len(once) <= _FIRST + _LAST:
        return once
    return (*once[:_FIRST], *once[-_LAST:])


def _addresses(form: LetterForm) -> tuple[Field, ...]:
    return (
        mailbox_field("From", form.sender_name, form.sender),
        mailbox_field("To", form.recipient_name, form.recipient),
        mailbox_field("Reply-To", "", form.reply_to),
        text_field("Subject", form.subject),
    )


def _thread(form: LetterForm) -> tuple[Field, ...]:
    """Give when it was written, its own id and what it answers."""
    own = plain_id(form.message_id)
    if not own:
        raise UsageError(f"{form.message_id[:60]!r} is no Message-ID.")
    fields = (plain_field("Date", format_datetime(form.date)), ids_field("Message-ID", (own,)))
    ids = kept_references(tuple(filter(None, map(plain_id, form.references))))
    if not ids:
        return fields
    return (*fields, ids_field("In-Reply-To", ids[-1:]), ids_field("References", ids))


def _automatic(form: LetterForm) -> tuple[Field, ...]:
    """Give what tells machines that a machine wrote it, and the desk that it was the desk."""
    loop = plain_field(LOOP_HEADER, form.loop)
    if not form.automatic:
        return (loop,)
    leave = (plain_field("List-Unsubscribe", f"<mailto:{form.leave}>"),) if form.leave else ()
    return (
        *leave,
        plain_field("Auto-Submitted", form.automatic),
        Field("X-Auto-Response-Suppress", "All"),
        loop,
    )


def _body(form: LetterForm) -> Part:
    """Give the words, beside them the same as HTML, and the files below."""
    words = [text_part(form.body, "plain")]
    if form.html is not None:
        words.append(text_part(form.html, "html"))
    if form.calendar is not None:
        words.append(calendar_part(*form.calendar))
    files = [file_part(one.name, one.media_type, one.body) for one in form.enclosed]
    return joined([joined(words, "alternative"), *files], "mixed")
