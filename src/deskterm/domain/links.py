"""Links in foreign text: which can be opened at all, and where each really leads.

Only http, https and mailto; what the text shows is never trusted, the target is what counts.
"""

import re
from contextlib import suppress
from typing import NamedTuple
from urllib.parse import quote, unquote, urlsplit

from deskterm.domain.address import normal_address, shown_address
from deskterm.domain.errors import RefusedError, UsageError
from deskterm.domain.patterns import pattern
from deskterm.domain.text import clean

SCHEMES = ("http", "https", "mailto")
LONGEST = 2_000
_START = pattern(r"(?<![A-Za-z0-9+.-])(?:https?://|mailto:)", re.IGNORECASE)
_END = pattern(r"[\s<>\[\]\"`{}|\\^\x00-\x20\x7f-\x9f]")
_SEARCHED = 100_000
_KEPT = 50


class Link(NamedTuple):
    """A link that may be opened once a person has agreed to its target."""

    target: str
    """What is handed to the system: an http(s) address, or mailto with the address alone."""
    shown: str
    """Where it leads, for eyes: host first, mixed scripts in punycode, no control byte."""


def links_in(text: str) -> tuple[Link, ...]:
    """Give the links of a text that can be opened, each target once, in order."""
    found: dict[str, Link] = {}
    text = text[:_SEARCHED]
    after = 0
    for match in _START.finditer(text):
        if match.start() < after:
            continue
        end = _END.search(text, match.end(), match.start() + LONGEST)
        after = end.start() if end else match.start() + LONGEST
        raw = text[match.start() : after]
        with suppress(RefusedError):
            link = openable(_trimmed(raw))
            found.setdefault(link.target, link)
        if len(found) == _KEPT:
            break
    return tuple(found.values())


def openable(target: str) -> Link:
    """Give the link for a target; raises RefusedError where it is not one that may be opened."""
    if clean(target, one_line=True) != target or len(target) > LONGEST:
        raise RefusedError("this link holds characters that no address has; it is not opened.")
    try:
        parts = urlsplit(target)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise RefusedError(f"{target[:80]!r} is not an address; it is not opened.") from None
    scheme = parts.scheme.lower()
    if scheme == "mailto":
        return _mail(parts.path)
    if scheme not in SCHEMES or not host:
        raise RefusedError("only http, https and mailto links are opened.")
    name = shown_address(f"@{host}")[1:]
    where = f"{name}:{port}" if port else name
    as_user = f" (signs in as {clean(unquote(parts.username))})" if parts.username else ""
    return Link(target, f"{where}{as_user} — {target}")


def _mail(path: str) -> Link:
    """A mail link keeps its address only: no subject, no body, no files, no further people."""
    try:
        address = normal_address(unquote(path))
    except UsageError:
        raise RefusedError("this mail link names no single address; it is not opened.") from None
    return Link(f"mailto:{quote(address, safe='@.+-_')}", f"mail to {shown_address(address)}")


def _trimmed(raw: str) -> str:
    """Take off what ends a sentence or a bracket around the link."""
    while raw:
        last = raw[-1]
        closes = {")": "(", "]": "["}.get(last)
        if last in ".,;:!?'*_" or (closes and raw.count(last) > raw.count(closes)):
            raw = raw[:-1]
        else:
            break
    return raw
