"""Content-Type and Content-Disposition values: the main word and its parameters (RFC 2231)."""

import re
from urllib.parse import unquote_to_bytes

from deskterm.domain.text import header_safe
from deskterm.mail.charset import decode
from deskterm.mail.headers import decode_words, raw_text

_PIECE = re.compile(r'(?:"(?:[^"\\]|\\.)*"?|[^";])+')
_COMMENT = re.compile(r"\([^()]*\)")
_PART = re.compile(r"([^*]+)(?:\*(\d{1,4}))?(\*)?\Z")


def read_params(value: bytes, hint: str = "") -> tuple[str, dict[str, str]]:
    """Give (main word in lower case, parameters by lower-case name); the first of a name wins.

    Continued, percent-encoded, RFC 2047 encoded and raw 8-bit values are all decoded.
    """
    pieces = _PIECE.findall(raw_text(value[:16_384], hint).replace("\x00", ""))
    main = _COMMENT.sub("", pieces[0]).strip().lower() if pieces else ""
    plain: dict[str, str] = {}
    split: dict[str, dict[int, tuple[str, bool]]] = {}
    for piece in pieces[1:200]:
        name, equals, text = piece.partition("=")
        found = _PART.match(name.strip().lower())
        if not equals or not found:
            continue
        key, number, encoded = found.groups()
        text = _unquoted(text)
        if number is None and encoded is None:
            plain.setdefault(key, header_safe(decode_words(text)))
        else:
            split.setdefault(key, {}).setdefault(int(number or 0), (text, bool(encoded)))
    return main, {**plain, **{key: header_safe(_merged(parts)) for key, parts in split.items()}}


def _unquoted(text: str) -> str:
    text = text.strip()
    if text.startswith('"'):
        text = text[1:].removesuffix('"')
        return text.replace('\\"', '"').replace("\\\\", "\\")
    return text.rstrip('"')


def _merged(parts: dict[int, tuple[str, bool]]) -> str:
    """Join the numbered segments; the charset stands before the first one's text."""
    charset, body = "", b""
    for place, number in enumerate(sorted(parts)):
        text, encoded = parts[number]
        if place == 0 and encoded and text.count("'") >= 2:
            charset, _, text = text.split("'", 2)
        piece = text.encode("utf-8", "surrogateescape")
        body += unquote_to_bytes(piece) if encoded else piece
    return decode_words(decode(body, charset)[0])
