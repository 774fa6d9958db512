"""A letter as bytes: one recipient, honest automatic headers, threads that hold (semantics.md §2).

Headers are written by `header_lines` alone, and the bytes are never handed to anything that would
read and write them again.
"""

from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime

from deskterm.domain.errors import UsageError
from deskterm.mail.header_lines import (
    Field,
    ids_field,
    mailbox_field,
    plain_field,
    plain_id,
    text_field,
)
from deskterm.mail.machine import LOOP_HEADER
from deskterm.mail.mime_parts import Part, file_part, joined, text_part

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
    ticket: int | None
    """None where it is about no single ticket."""
    references: tuple[str, ...] = ()
    automatic: str = GENERATED
    enclosed: tuple[Enclosed, ...] = ()
    html: str | None = None
    """The same words as simple HTML, where there are any."""


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
    loop = plain_field(LOOP_HEADER, str(form.ticket or "desk"))
    if not form.automatic:
        return (loop,)
    return (
        plain_field("Auto-Submitted", form.automatic),
        Field("X-Auto-Response-Suppress", "All"),
        loop,
    )


def _body(form: LetterForm) -> Part:
    """Give the words, beside them the same as HTML, and the files below."""
    words = [text_part(form.body, "plain")]
    if form.html is not None:
        words.append(text_part(form.html, "html"))
    files = [file_part(one.name, one.media_type, one.body) for one in form.enclosed]
    return joined([joined(words, "alternative"), *files], "mixed")
