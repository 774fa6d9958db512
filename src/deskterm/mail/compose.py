"""A letter as bytes: one recipient, honest automatic headers, threads that hold (semantics.md §2).

Values reach headers only through `header_safe`; the body is plain text and never a header.
"""

from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy, Policy
from email.utils import format_datetime

from deskterm.domain.address import normal_address, wire_address
from deskterm.domain.text import header_safe, safe_filename, storable
from deskterm.mail.machine import LOOP_HEADER

GENERATED = "auto-generated"
ANSWERED = "auto-replied"
TYPED = ""
"""A technician's own typed answer says nothing of the kind."""
_SUBJECT_CAP = 200
_FIRST, _LAST = 4, 6
_ID_CAP = 900
"""The longest id that a line of a header can hold."""


class _Ids(UnstructuredHeader, BaseHeader):
    """Message-IDs, one a line: the standard folding encodes long ones or leaves the line empty."""

    def fold(self, *, policy: Policy) -> str:
        """Give the header's lines."""
        return f"{self.name}: " + f"{policy.linesep} ".join(self.split()) + policy.linesep


class _Headers(HeaderRegistry):
    """The standard registry makes a class for every header it sees; one a name is enough."""

    def __init__(self) -> None:
        super().__init__()
        self._made: dict[str, type[BaseHeader]] = {}

    def __getitem__(self, name: str) -> type[BaseHeader]:
        """Give the class of a header."""
        key = name.lower()
        if key not in self._made:
            self._made[key] = super().__getitem__(name)
        return self._made[key]


def _policy() -> "EmailPolicy[EmailMessage]":
    headers = _Headers()
    for name in ("message-id", "references", "in-reply-to"):
        headers.map_to_type(name, _Ids)
    return SMTP.clone(max_line_length=78, header_factory=headers)


_POLICY = _policy()


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
    """Give the mail, CRLF line ends; raises UsageError where the recipient is no address."""
    message = EmailMessage(policy=_POLICY.clone(utf8=not _plain_addresses(form)))
    message["From"] = _mailbox(form.sender_name, form.sender)
    message["To"] = _mailbox(form.recipient_name, form.recipient)
    message["Reply-To"] = _mailbox("", form.reply_to)
    message["Subject"] = header_safe(storable(form.subject))[:_SUBJECT_CAP]
    message["Date"] = format_datetime(form.date)
    message["Message-ID"] = header_safe(form.message_id)
    references = _references(form.references)
    if references:
        message["In-Reply-To"] = references[-1]
        message["References"] = " ".join(references)
    if form.automatic:
        message["Auto-Submitted"] = form.automatic
        message["X-Auto-Response-Suppress"] = "All"
    message[LOOP_HEADER] = str(form.ticket or "desk")
    message.set_content(_body(form.body), cte=_encoding(form.body))
    if form.html is not None:
        message.add_alternative(_body(form.html), subtype="html", cte=_encoding(form.html))
    for one in form.enclosed:
        _enclose(message, one)
    return message.as_bytes()


def kept_references(ids: tuple[str, ...]) -> tuple[str, ...]:
    """Give the first four and the last six, each once, in order."""
    once = tuple(dict.fromkeys(ids))
    if len(once) <= _FIRST + _LAST:
        return once
    return (*once[:_FIRST], *once[-_LAST:])


def _references(ids: tuple[str, ...]) -> tuple[str, ...]:
    """Give the ids that a header can hold: no space in one, none longer than a line."""
    safe = ("".join(header_safe(one).split()) for one in ids)
    return kept_references(tuple(one for one in safe if 0 < len(one) <= _ID_CAP and one.isascii()))


def _plain_addresses(form: LetterForm) -> bool:
    """Tell whether every server takes these addresses, or only one that offers SMTPUTF8."""
    return all(wire_address(one).isascii() for one in (form.sender, form.reply_to, form.recipient))


def _mailbox(name: str, address: str) -> Address:
    """Give one mailbox; the name can neither end the header nor name a second recipient."""
    local, _, domain = wire_address(normal_address(address)).rpartition("@")
    shown = header_safe(storable(name)).replace('"', "'")[:120]
    return Address(display_name=shown, username=local, domain=domain)


def _body(text: str) -> str:
    lines = storable(text).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(lines).rstrip("\n") + "\n"


def _encoding(text: str) -> str:
    """Give the transfer encoding: plain where every line may go as it is."""
    plain = text.isascii() and all(len(line) <= 900 for line in text.split("\n"))
    return "7bit" if plain else "quoted-printable"


def _enclose(message: EmailMessage, one: Enclosed) -> None:
    main, _, sub = one.media_type.partition("/")
    if main not in ("application", "image", "audio", "video") or not sub.isprintable():
        main, sub = "application", "octet-stream"
    message.add_attachment(one.body, maintype=main, subtype=sub, filename=safe_filename(one.name))
