"""Header blocks of real mails: found, unfolded and decoded without ever raising.

All scans are linear in the length of the block; a block or field longer than its cap is cut. The
parameters of Content-Type and Content-Disposition are read by RFC 2231.
"""

import binascii
import re
from collections.abc import Sequence
from urllib.parse import unquote_to_bytes

from deskterm.domain.patterns import pattern
from deskterm.domain.text import header_safe
from deskterm.mail.charset import codec_for, decode

Headers = list[tuple[str, bytes]]
"""Lower-case name and raw unfolded value, in order of appearance."""

BLOCK_CAP = 512 * 1024
FIELD_CAP = 64 * 1024
_BLANK = pattern(rb"\n\r*\n")
_FIELD = pattern(rb"([!-9;-~]{1,200})[ \t]*:")
_KNOWN = pattern(
    rb"(?:from|to|cc|subject|date|message-id|received|reply-to|return-path|mime-version|content-type|"
    rb"content-transfer-encoding|in-reply-to|references|delivered-to|dkim-signature)[ \t]*:",
    re.IGNORECASE,
)
_PARAMETER = pattern(rb"[A-Za-z][A-Za-z*0-9-]{1,30}[ \t]*=[ \t]*\S")
_WRAPPED = 40
"""Lines that one header may be wrapped over without the blank before them."""
_ID = pattern(r"<([^<>]{1,990})>")


def read_headers(raw: bytes, start: int, end: int) -> tuple[Headers, int, list[str]]:
    """Give (headers, where the body starts, problems) of the block that starts at `start`.

    A line that is no header is skipped when headers go on after it; else the body starts there.
    """
    if raw.startswith((b"\n", b"\r\n"), start):
        return [], raw.index(b"\n", start) + 1, []
    blank = _BLANK.search(raw, start, min(end, start + BLOCK_CAP))
    if blank:
        stop, body = blank.start(), blank.end()
    else:
        stop = body = min(end, start + BLOCK_CAP)
    lines = raw[start:stop].split(b"\n")
    return _fields(lines, start, body)


def _fields(lines: list[bytes], start: int, body: int) -> tuple[Headers, int, list[str]]:
    names: list[str] = []
    values: list[list[bytes]] = []
    problems: list[str] = []
    at = start
    for number, line in enumerate(lines):
        found = _FIELD.match(line)
        if found:
            names.append(found.group(1).decode("ascii").lower())
            values.append([line[found.end() :]])
        elif line[:1] in (b" ", b"\t"):
            if values:
                values[-1].append(line)
        elif number == 0 and line.startswith((b"From ", b">From ")):
            pass
        elif _is_wrapped(lines, number, names, values):
            problems.append("a header line has no name")
        elif line.strip():
            problems.append("no blank line after the headers")
            return _joined(names, values), at, problems
        at += len(line) + 1
    return _joined(names, values), body, problems


def _is_wrapped(
    lines: list[bytes], number: int, names: list[str], values: list[list[bytes]]
) -> bool:
    """Whether a line without a name belongs to the headers: then it goes on with the one above."""
    line = lines[number]
    if not (_is_parameter(values, line) or _goes_on(lines, number, names)):
        return False
    if values:
        values[-1].append(b" " + line)
    return True


def _goes_on(lines: list[bytes], number: int, names: list[str]) -> bool:
    """Whether headers follow a line that is none: it was wrapped without the blank, or is junk."""
    following = lines[number + 1] if number + 1 < len(lines) else b""
    if not lines[number].strip() and following:
        return True
    seen = "from" in names and "subject" in names
    if found := _FIELD.match(following):
        prose = seen and b" " in lines[number].strip()
        return not prose or found.group(1).decode("ascii").lower() not in names
    for at in range(number, min(len(lines), number + _WRAPPED)):
        if _KNOWN.match(lines[at]):
            return True
        if seen and b" " in lines[at].strip():
            return False
    return False


def _is_parameter(values: list[list[bytes]], line: bytes) -> bool:
    """Whether a line is a parameter of the header above, wrapped without the blank."""
    return bool(values) and values[-1][-1].rstrip().endswith(b";") and bool(_PARAMETER.match(line))


def _joined(names: list[str], values: list[list[bytes]]) -> Headers:
    return [
        (name, b"".join(line.rstrip(b"\r") for line in lines)[:FIELD_CAP].strip(b" \t\r"))
        for name, lines in zip(names, values, strict=True)
    ]


def first(headers: Headers, name: str) -> bytes:
    """Give the raw value of the first header of that name, empty when there is none."""
    return next((value for key, value in headers if key == name), b"")


def every(headers: Headers, name: str) -> list[bytes]:
    """Give the raw values of all headers of that name."""
    return [value for key, value in headers if key == name]


def raw_text(value: bytes, hint: str = "") -> str:
    """Give a header value as text, encoded words left alone; 8-bit bytes read by the ladder."""
    if value.isascii() and b"\x1b$" not in value:
        return value.decode("ascii")
    return decode(value, "", hint)[0]


def header_text(value: bytes, hint: str = "") -> str:
    """Give a header value for people: decoded, on one line, without CR, LF and NUL."""
    return header_safe(decode_words(raw_text(value, hint)).replace("\t", " "))


def decode_words(text: str) -> str:
    """Decode the encoded words of RFC 2047 wherever they stand, also inside quotes or glued.

    Neighbours of one charset are joined before decoding, since many programs cut characters.
    """
    if "=?" not in text:
        return text
    out: list[str] = []
    held: list[tuple[str, str, str]] = []
    at = 0
    for start, stop, word in _words(text):
        between = text[at:start]
        if held and (between.strip() or word[0] != held[-1][0] or word[1] != held[-1][1]):
            out.append(_flush(held))
            held = []
            out.append(between if between.strip() else "")
        elif not held:
            out.append(between)
        held.append(word)
        at = stop
    out.append(_flush(held))
    out.append(text[at:])
    return "".join(out)


def _words(text: str) -> list[tuple[int, int, tuple[str, str, str]]]:
    """Give (start, stop, (charset, B or Q, text)) of each encoded word, from left to right."""
    found = []
    start = text.find("=?")
    while start >= 0:
        mark = text.find("?", start + 2, start + 80)
        kind = text[mark + 1 : mark + 2].upper()
        if mark < 0 or kind not in ("B", "Q") or text[mark + 2 : mark + 3] != "?":
            start = text.find("=?", start + 2)
            continue
        stop = text.find("?=", mark + 3)
        if stop < 0:
            break
        charset = text[start + 2 : mark].partition("*")[0].lower()
        found.append((start, stop + 2, (charset, kind, text[mark + 3 : stop])))
        start = text.find("=?", stop + 2)
    return found


def _flush(held: Sequence[tuple[str, str, str]]) -> str:
    if not held:
        return ""
    charset, kind, _ = held[0]
    if kind == "B":
        body = _base64_words([word[2] for word in held])
    else:
        body = b"".join(_q(word[2], codec_for(charset)) for word in held)
    return decode(body, charset if codec_for(charset) else "")[0]


def _base64_words(words: list[str]) -> bytes:
    """Decode base64 words; one that ends inside a quantum goes on in the next."""
    out: list[bytes] = []
    pending = ""
    for word in words:
        pending += re.sub(r"[^A-Za-z0-9+/]", "", word)
        if len(pending) % 4 and not word.rstrip().endswith("="):
            continue
        out.append(_b64(pending))
        pending = ""
    out.append(_b64(pending))
    return b"".join(out)


def _b64(text: str) -> bytes:
    text = text[:-1] if len(text) % 4 == 1 else text
    return binascii.a2b_base64(text + "=" * (-len(text) % 4))


def _q(text: str, codec: str) -> bytes:
    try:
        body = text.encode("ascii" if text.isascii() else codec or "utf-8")
    except UnicodeError:
        body = text.encode("utf-8", "replace")
    return binascii.a2b_qp(body.replace(b" ", b"_"), header=True)


def message_ids(value: bytes, most: int = 100) -> tuple[str, ...]:
    """Give the message ids of a header without their angle brackets, the last `most` of them.

    An id of more than 900 bytes is none: it would fit into no index.
    """
    text = header_safe(raw_text(value))
    found = ["".join(one.split()) for one in _ID.findall(text)]
    if not found and "@" in text:
        found = [word.strip("<>") for word in text.split() if "@" in word]
    return tuple(one for one in found[-most:] if one and len(one.encode()) <= 900)


_PIECE = pattern(r'(?:"(?:[^"\\]|\\.)*"?|[^";])+')
_COMMENT = pattern(r"\([^()]*\)")
_PART = pattern(r"([^*]+)(?:\*(\d{1,4}))?(\*)?\Z")


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
