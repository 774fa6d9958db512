"""What a mail may be before anybody reads it: bytes, parts, depth (semantics.md §1.10)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MailLimits:
    """The bounds that are checked before parsing; each is a setting of the desk."""

    size: int = 25_000_000
    """Bytes of the whole mail."""
    parts: int = 200
    """MIME parts, multiparts counted too."""
    depth: int = 20
    """Multiparts inside multiparts."""


def too_big(size: int, limits: MailLimits) -> str:
    """Give the sentence that says why a mail of this size is not parsed, or nothing."""
    if size <= limits.size:
        return ""
    return f"too big: {size:,} bytes, {limits.size:,} are allowed"
