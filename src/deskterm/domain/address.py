"""Mail addresses as identities: the addr-spec only, never the display name."""

import re
import unicodedata

from deskterm.domain.errors import UsageError

_ADDRESS = re.compile(r"[^\s@<>()\[\],;:\"\\]{1,64}@[^\s@<>()\[\],;:\"\\]{1,253}\Z")


def normal_address(text: str) -> str:
    """Give the lower-case address that a person is known by; raises UsageError when it is none.

    More than one @, spaces, line ends, brackets and quotes are refused.
    """
    address = text.strip(" \t").lower()
    if not _ADDRESS.match(address) or not address.isprintable():
        raise UsageError(f"{text[:80]!r} is not a mail address: write it like name@example.org.")
    return address


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
