"""Mail addresses as identities: the addr-spec only, never the display name."""

import re
import unicodedata

from deskterm.domain.errors import UsageError
from deskterm.domain.patterns import pattern

_DOMAIN = r"@[^\s@<>()\[\],;:\"\\]{1,253}\Z"
_ADDRESS = pattern(rf"[^\s@<>()\[\],;:\"\\]{{1,64}}{_DOMAIN}")
_QUOTED = pattern(rf"\"[^\"\\<>]{{1,62}}\"{_DOMAIN}")
"""A local part in quotes (RFC 5321 §4.1.2), such as a fax gateway's; without brackets and `\\`."""
_NO_REPLY = pattern(
    r"(?:[^@\s]{0,40}[-_.+])?(?:no[-_.]?(?:reply|response|answer)|do[-_.]?not[-_.]?(?:reply"
    r"|respond)"
    r"|nicht[-_.]?antworten|keine[-_.]?antwort|ne[-_.]?pas[-_.]?repondre|no[-_.]?responder"
    r"|non[-_.]?rispondere|nao[-_.]?responda|nobody|null)(?:[-_.+][^@\s]{0,60})?@",
    re.IGNORECASE,
)


def normal_address(text: str) -> str:
    """Give the lower-case address that a person is known by; raises UsageError when it is none.

    More than one @, spaces, line ends, brackets and quotes are refused, but in a local part that
    stands in quotes as a whole.
    """
    address = text.strip(" \t").lower()
    good = _ADDRESS.match(address) or _QUOTED.match(address)
    if not good or not address.isprintable():
        raise UsageError(f"{text[:80]!r} is not a mail address: write it like name@example.org.")
    return address


def is_no_reply(address: str) -> bool:
    """Tell whether an address says itself that nobody reads what comes to it."""
    return bool(_NO_REPLY.match(address[:320]))


def wire_address(address: str) -> str:
    """Give the address as servers take it: the domain in ASCII, the local part as it is.

    A label is lower-cased, composed (NFKC) and written in punycode, as IDNA 2008 has it: ß and ς
    stay letters of their own, where the older rule writes to somebody else's domain.
    """
    local, _, domain = address.rpartition("@")
    return f"{local}@{'.'.join(map(_ascii_label, domain.split('.')))}"


def _ascii_label(label: str) -> str:
    if label.isascii():
        return label
    return f"xn--{unicodedata.normalize('NFKC', label.lower()).encode('punycode').decode('ascii')}"


def shown_address(address: str) -> str:
    """Give the address for eyes: a domain that mixes scripts appears in punycode."""
    local, _, domain = address.rpartition("@")
    if domain.isascii():
        return address
    scripts = {unicodedata.name(c, "?").split()[0] for c in domain if c.isalpha()}
    if len(scripts) < 2:
        return address
    try:
        return f"{local}@{domain.encode('idna').decode('ascii')}"
    except UnicodeError:
        return f"{local}@{domain.encode('punycode').decode('ascii')}"
