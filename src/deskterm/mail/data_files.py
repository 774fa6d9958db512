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
_QUOTED = pattern(
    r"([\"'])\s{0,20}data:(image/[a-z0-9.+-]{1,40})([^,\"'<>\s]{0,200}),([^\"'<>]*)", re.IGNORECASE
)
_ENDINGS = {"jpeg": "jpg", "svg+xml": "svg", "x-icon": "ico", "vnd.microsoft.icon": "ico"}


def without_pictures(html: str, before: int = 0) -> tuple[str, list[MailFile]]:
    """Give (the HTML with a mark in place of each picture, the pictures), numbered from `before`.

    What cannot be decoded stays where it is; reading the page leaves it out.
    """
    found: list[MailFile] = []

    def take(match: re.Match[str]) -> str:
        quote, kind, how, text = match.groups()
        body = _bytes(text, how) if len(found) < MOST else b""
        if not body:
            return match.group()
        subtype = kind.lower().partition("/")[2]
        name = f"picture-{before + len(found) + 1}.{_ENDINGS.get(subtype, subtype)[:12]}"
        found.append(MailFile(name, kind.lower(), body, inline=True))
        return f"{quote}{MARK}{name}"

    return (_QUOTED.sub(take, html), found) if "data:" in html.lower() else (html, found)


def _bytes(text: str, how: str) -> bytes:
    body = unquote_to_bytes(text)
    if ";base64" not in how.lower():
        return body
    try:
        return binascii.a2b_base64(body)
    except binascii.Error:
        return b""
