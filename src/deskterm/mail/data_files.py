"""Pictures in `data:` addresses of an HTML mail: files like any other (semantics §1.11)."""

import binascii
import re
from urllib.parse import unquote_to_bytes

from deskterm.domain.patterns import pattern
from deskterm.mail.parsed import MailFile

MOST = 50
"""Pictures taken out of one part; more are left out of the text as if they were not there."""
MARK = "deskterm-file:"
"""What stands in a tag instead of the picture, with its name behind."""
_ADDRESS = r"data:([a-z]{1,20}/[a-z0-9.+-]{1,40})?([^,\"'<>\s()]{0,200}),"
_QUOTED = pattern(rf"([\"'])\s{{0,20}}{_ADDRESS}([^\"'<>]*)", re.IGNORECASE)
_BARE = pattern(rf"(=\s{{0,9}}){_ADDRESS}([A-Za-z0-9+/=%_-]*)", re.IGNORECASE)
"""The address of an attribute without quotes."""
_MAGIC = {b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg", b"GIF8": "image/gif"}
_ENDINGS = {"jpeg": "jpg", "svg+xml": "svg", "x-icon": "ico", "vnd.microsoft.icon": "ico"}


def without_pictures(html: str, before: int = 0) -> tuple[str, list[MailFile]]:
    """Give (the HTML with a mark in place of each picture, the pictures), numbered from `before`.

    What cannot be decoded stays where it is; reading the page leaves it out.
    """
    found: list[MailFile] = []

    def take(match: re.Match[str]) -> str:
        quote, kind, how, text = match.groups(default="")
        body = _bytes(text, how) if len(found) < MOST else b""
        kind = kind if kind.lower().startswith("image/") else _seen(body)
        if not body or not kind:
            return match.group()
        subtype = kind.lower().partition("/")[2]
        name = f"picture-{before + len(found) + 1}.{_ENDINGS.get(subtype, subtype)[:12]}"
        found.append(MailFile(name, kind.lower(), body, inline=True))
        return f"{quote}{MARK}{name}"

    if "data:" in html.lower():
        html = _BARE.sub(take, _QUOTED.sub(take, html))
    return html, found


def _seen(body: bytes) -> str:
    """Give the kind of picture that bytes are by how they begin, or nothing."""
    return next((kind for begin, kind in _MAGIC.items() if body.startswith(begin)), "")


def _bytes(text: str, how: str) -> bytes:
    body = unquote_to_bytes(text)
    if ";base64" not in how.lower():
        return body
    try:
        return binascii.a2b_base64(body)
    except binascii.Error:
        return b""
