"""The mail inside a signed one whose signature holds it (S/MIME, RFC 5652): read without a key.

Whether the signature is right is not looked at: who wrote a mail is never told by it here.
"""

MOST_BYTES = 10_000_000
_BROKEN = (ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError)
"""What the library raises on bytes that are none of this; a mail is never lost to them."""


def signed_content(body: bytes) -> bytes:
    """Give the mail part inside signed data; empty for what is encrypted or none of it."""
    from asn1crypto.cms import ContentInfo  # noqa: PLC0415 - 0.04 s, only where a mail is signed so

    if not body.startswith(b"0") or len(body) > MOST_BYTES:
        return b""
    try:
        info = ContentInfo.load(body)
        if info["content_type"].native != "signed_data":
            return b""
        inside = info["content"]["encap_content_info"]["content"].native
    except _BROKEN:
        return b""
    return inside if isinstance(inside, bytes) else b""
