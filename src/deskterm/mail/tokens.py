"""Signed marks that bring a mail home: recipient tokens and our own Message-IDs.

HMAC-SHA256, base32, compared in constant time; old secrets stay valid for reading (semantics 1.3).
"""

import hmac
import re
from base64 import b32encode
from collections.abc import Iterable, Sequence
from hashlib import sha256

_LENGTH = 16
_MESSAGE_ID = re.compile(r"<?dt\.(\d{1,12})\.([0-9a-f-]{1,64})\.([a-z2-7]{16})@[^\s<>]{1,255}>?\Z")
_RECIPIENT = re.compile(r"[^@\s+]{1,64}\+(\d{1,12})\.([a-z2-7]{16})@[^\s<>]{1,255}\Z")


def signature(secret: str, purpose: str, *parts: object) -> str:
    """Give 16 base32 characters (80 bits) that only the desk can make for these parts."""
    text = "\x1f".join((purpose, *map(str, parts)))
    digest = hmac.new(secret.encode(), text.encode(), sha256).digest()
    return b32encode(digest).decode("ascii").lower()[:_LENGTH]


def message_id(ticket: int, unique: str, secret: str, domain: str) -> str:
    """Give a signed Message-ID for a letter about a ticket; `unique` is hexadecimal."""
    return f"<dt.{ticket}.{unique}.{signature(secret, 'message', ticket, unique)}@{domain}>"


def ticket_of_message_id(text: str, secrets: Sequence[str]) -> int | None:
    """Give the ticket of one of our own signed Message-IDs, or None for any other text."""
    match = _MESSAGE_ID.match(text.strip())
    if match is None:
        return None
    ticket, unique, given = match.groups()
    made = (signature(secret, "message", ticket, unique) for secret in secrets)
    return int(ticket) if _matches(given, made) else None


def recipient_address(address: str, ticket: int, secret: str) -> str:
    """Give the desk's address with the ticket's token: `help+12.abc…@example.org`."""
    local, _, domain = address.rpartition("@")
    return f"{local}+{ticket}.{signature(secret, 'ticket', ticket)}@{domain}"


def ticket_of_recipient(address: str, secrets: Sequence[str]) -> int | None:
    """Give the ticket whose valid token the address carries, or None."""
    match = _RECIPIENT.match(address.strip().lower())
    if match is None:
        return None
    ticket, given = match.groups()
    made = (signature(secret, "ticket", ticket) for secret in secrets)
    return int(ticket) if _matches(given, made) else None


def _matches(given: str, made: Iterable[str]) -> bool:
    """Compare with every secret's mark, so that the time taken tells nothing."""
    found = False
    for one in made:
        found |= hmac.compare_digest(one, given)
    return found
