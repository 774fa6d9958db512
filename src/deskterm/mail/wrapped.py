"""Mails within one file: winmail.dat (MS-OXTNEF), and signed mails that hold the words (RFC 5652).

One pass over attributes with lengths that are checked; what is broken ends the reading, and what
was read until then is given. Compressed rich text (MS-OXRTFCP) is unpacked and read as text. No
signature is looked at: who wrote a mail is never told by one here.
"""

import re
import struct
from collections.abc import Iterator
from typing import NamedTuple

from deskterm.domain.patterns import pattern
from deskterm.domain.text import storable
from deskterm.mail.charset import codec_for, decode
from deskterm.mail.html import html_text

_SIGNATURE = 0x223E9F78
_BODY, _PROPERTIES = 0x0002800C, 0x00069003
_NEW_FILE, _FILE_DATA, _FILE_TITLE, _FILE_PROPERTIES = (
    0x00069002,
    0x0006800F,
    0x00018010,
    0x00069005,
)
_TEXT, _HTML, _RICH = 0x1000, 0x1013, 0x1009
_LONG_NAME, _NAME, _TYPE, _DATA = 0x3707, 0x3704, 0x370E, 0x3701
_MOST_ATTRIBUTES, _MOST_PROPERTIES, _MOST_FILES = 5_000, 2_000, 200
_MOST_TEXT = 600_000
_FIXED = {2: 4, 3: 4, 4: 4, 5: 8, 6: 8, 7: 8, 10: 4, 11: 4, 20: 8, 64: 8, 72: 16}
"""Property type → its bytes, with the filling up to four."""
_VARIABLE = (0x000D, 0x001E, 0x001F, 0x0102)
_WIDE = 0x001F
_MANY = 0x1000
_RTF_START = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript "
    rb"\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0"
    b"\r\n"
    rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)
"""What a packed text may refer to before its first sign."""
_RTF = pattern(
    rb"\\([a-z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-z])|([{}])|[\r\n]+|([^\\{}\r\n]+)"
)
_CODE_PAGE = pattern(rb"\\ansicpg(\d{3,5})\b")
_SKIPPED = frozenset(
    (b"fonttbl", b"colortbl", b"stylesheet", b"info", b"pict", b"object", b"header", b"footer")
)


class TnefFile(NamedTuple):
    """An attachment."""

    name: str
    media_type: str
    body: bytes


class Tnef(NamedTuple):
    """What is in a winmail.dat."""

    words: str
    files: tuple[TnefFile, ...]


def read_tnef(raw: bytes) -> Tnef:
    """Give the words and files of a winmail.dat; nothing where it is none."""
    words: dict[int, str] = {}
    files: list[dict[int, bytes]] = []
    for kind, body in _attributes(raw):
        if kind == _BODY:
            words.setdefault(_TEXT, _text(body))
        elif kind == _PROPERTIES:
            words.update(_words(body))
        elif kind == _NEW_FILE and len(files) < _MOST_FILES:
            files.append({})
        elif files and kind in (_FILE_DATA, _FILE_TITLE):
            files[-1].setdefault(_DATA if kind == _FILE_DATA else _NAME, body)
        elif files and kind == _FILE_PROPERTIES:
            files[-1].update({name: value for name, value, _ in _properties(body)})
    said = next((words[one] for one in (_TEXT, _HTML, _RICH) if words.get(one, "").strip()), "")
    return Tnef(said.strip(), tuple(_file(one) for one in files if one.get(_DATA)))


def _attributes(raw: bytes) -> Iterator[tuple[int, bytes]]:
    if len(raw) < 6 or struct.unpack_from("<I", raw)[0] != _SIGNATURE:
        return
    at = 6
    for _ in range(_MOST_ATTRIBUTES):
        if at + 9 > len(raw):
            return
        kind, size = struct.unpack_from("<II", raw, at + 1)
        at += 9
        if size > len(raw) - at:
            return
        yield kind, raw[at : at + size]
        at += size + 2


def _words(body: bytes) -> dict[int, str]:
    found: dict[int, str] = {}
    for name, value, kind in _properties(body):
        if name == _TEXT:
            found[name] = (
                value.decode("utf-16-le", "replace").strip("\0") if kind == _WIDE else _text(value)
            )
        elif name == _HTML:
            found[name] = html_text(decode(value)[0])
        elif name == _RICH:
            found[name] = rtf_text(unpacked(value))
    return found


def _properties(body: bytes) -> Iterator[tuple[int, bytes, int]]:
    """Give (name, bytes, type) of each property; ends where one is broken."""
    if len(body) < 4:
        return
    at, count = 4, struct.unpack_from("<I", body)[0]
    try:
        for _ in range(min(count, _MOST_PROPERTIES)):
            kind, name = struct.unpack_from("<HH", body, at)
            at = _after_name(body, at + 4) if name >= 0x8000 else at + 4
            value, at = _value(body, at, kind)
            yield name, value, kind
    except (struct.error, KeyError):
        return


def _after_name(body: bytes, at: int) -> int:
    """Give where the value of a property with a name of its own begins."""
    if struct.unpack_from("<I", body, at + 16)[0] == 0:
        return at + 24
    size: int = struct.unpack_from("<I", body, at + 20)[0]
    return at + 24 + size + -size % 4


def _value(body: bytes, at: int, kind: int) -> tuple[bytes, int]:
    """Give the first value of a property and where the next property begins."""
    plain = kind & ~_MANY
    times = 1
    if kind & _MANY or plain in _VARIABLE:
        times = struct.unpack_from("<I", body, at)[0]
        at += 4
    first = b""
    for number in range(min(times, _MOST_PROPERTIES)):
        if plain in _VARIABLE:
            size = struct.unpack_from("<I", body, at)[0]
            at += 4
        else:
            size = _FIXED[plain]
        if size > len(body) - at:
            raise KeyError(size)
        first = first if number else body[at : at + size]
        at += size + -size % 4
    return first, at


def _file(known: dict[int, bytes]) -> TnefFile:
    name = _text(known.get(_LONG_NAME) or known.get(_NAME) or b"").strip("\0 ")
    kind = _text(known.get(_TYPE, b"")).strip("\0 ").lower()
    media_type = kind if re.fullmatch(r"[a-z0-9.+-]{1,60}/[a-z0-9.+-]{1,80}", kind) else ""
    return TnefFile(name or "file", media_type or "application/octet-stream", known[_DATA])


def _text(value: bytes) -> str:
    if value[1::2].count(0) > len(value) // 3:
        return value.decode("utf-16-le", "replace").strip("\0")
    return decode(value.rstrip(b"\0"))[0]


def unpacked(value: bytes) -> bytes:
    """Give the rich text that was packed with a dictionary of 4,096 signs, as far as it goes."""
    if len(value) < 16:
        return b""
    kind = value[8:12]
    if kind == b"MELA":
        return value[16 : 16 + _MOST_TEXT]
    out = bytearray(_RTF_START)
    start = len(out)
    at = 16
    while at < len(value) and len(out) < _MOST_TEXT:
        control = value[at]
        at += 1
        for bit in range(8):
            if at >= len(value):
                break
            if not control >> bit & 1:
                out.append(value[at])
                at += 1
                continue
            pair = int.from_bytes(value[at : at + 2], "big")
            at += 2
            if not _copy(out, pair >> 4, (pair & 15) + 2):
                return bytes(out[start:])
    return bytes(out[start:])


def _copy(out: bytearray, place: int, length: int) -> bool:
    """Repeat what stood at a place of the dictionary; gives False at its end."""
    back = (len(out) - place) % 4096
    if not back:
        return False
    for _ in range(length):
        if back > len(out):
            return False
        out.append(out[-back])
    return True


def rtf_text(rich: bytes) -> str:
    """Give the words of rich text; where HTML was put into it, the words of that."""
    out: list[str] = []
    is_html = b"\\fromhtml" in rich[:2_000]
    codec = _codec_of(rich[:2_000])
    held = bytearray()
    stack: list[bool] = []
    hidden = stands_in = False
    for word, number, code, sign, brace, text in _RTF.findall(rich[:_MOST_TEXT]):
        if brace == b"{":
            stack.append(hidden)
        elif brace:
            hidden = stack.pop() if stack else False
        elif sign == b"*" or word in _SKIPPED:
            hidden = True
        elif word in (b"htmltag", b"htmlrtf"):
            hidden = word == b"htmlrtf" and number != b"0"
        elif code and not hidden and not stands_in:
            held += bytes.fromhex(code.decode())
            continue
        elif not hidden and not code:
            said = _said(word, number, sign, text, codec)
            out += (held.decode(codec, "replace"), said[1:] if stands_in and text else said)
            held.clear()
        stands_in = word == b"u"
    words = storable("".join(out) + held.decode(codec, "replace"))
    return html_text(words) if is_html else words.strip()


def _codec_of(rich: bytes) -> str:
    """Give the codec of the letters that are written as numbers."""
    told = _CODE_PAGE.search(rich)
    return codec_for(f"cp{told.group(1).decode()}") or "cp1252" if told else "cp1252"


def _said(word: bytes, number: bytes, sign: bytes, text: bytes, codec: str) -> str:
    if text:
        return text.decode(codec, "replace")
    if word == b"u" and number:
        return chr(int(number) % 0x10000)
    if word in (b"par", b"line", b"row"):
        return "\n"
    if word in (b"tab", b"cell"):
        return "\t"
    return sign.decode("latin-1") if sign in (b"\\", b"{", b"}") else " " if sign == b"~" else ""


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
