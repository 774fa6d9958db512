"""What a parsed mail is: plain values, everything decoded, nothing trusted."""

from dataclasses import dataclass
from datetime import datetime

from deskterm.mail.bounce import Bounce
from deskterm.mail.machine import Machine, Way
from deskterm.mail.mailbox import Mailbox


@dataclass(frozen=True, slots=True)
class MailFile:
    """An attachment; the name is what the mail said, never a path to be used."""

    name: str
    media_type: str
    body: bytes
    inline: bool
    """Whether it is shown inside the text: a screenshot, a logo."""
    content_id: str = ""


@dataclass(frozen=True, slots=True)
class ParsedMail:
    """A mail as people and rules see it."""

    message_id: str
    """Without angle brackets, like every id here; empty where the mail has none."""
    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]
    sender: Mailbox
    """From, else Sender, else Reply-To; never Return-Path."""
    reply_to: tuple[Mailbox, ...]
    to: tuple[Mailbox, ...]
    cc: tuple[Mailbox, ...]
    delivered_to: tuple[str, ...]
    """Addresses of Delivered-To, X-Original-To and kin."""
    return_path: str | None
    """None where there is no such header; empty for the null path `<>`."""
    subject: str
    body: str
    """The plain part, else the HTML as text."""
    body_alt: str
    """The HTML as text where there was a plain part too."""
    body_is_plain: bool
    """Whether the body was written as plain text."""
    html: str
    """The HTML form as it was written, up to a cap; empty where there is none."""
    files: tuple[MailFile, ...]
    date: datetime | None
    """What the mail claims; never used to sort."""
    way: Way
    """What its headers say of lists, gateways, rules and desks it came through."""
    reaction: str
    """The sign of a reaction (a thumb, a heart) that a mail program sent; else empty."""
    machine: Machine
    """The sign that a machine sent it; without a reason a person did."""
    bounce: Bounce | None
    """What it says where a mail system wrote that a mail was not, or not yet, delivered."""
    problems: tuple[str, ...]
    """What was odd: unknown charsets, missing boundaries, broken headers."""
    over_limit: str
    """The limit it crossed; then only the headers can be relied on."""

    @property
    def from_email(self) -> str:
        """The sender's address as written."""
        return self.sender.address

    @property
    def from_name(self) -> str:
        """The sender's display name."""
        return self.sender.name

    @property
    def is_auto(self) -> bool:
        """Whether a machine sent it: filed, never answered, never reopens."""
        return bool(self.machine.reason)

    @property
    def is_bounce(self) -> bool:
        """Whether it says that a mail came back; a warning of a delay is no bounce."""
        return self.bounce is not None and self.bounce.failed
