"""Which parts are text and which are files, in the reading order of RFC 8621 §4.1.4; decoding."""

import binascii
import re
from dataclasses import dataclass, field

from deskterm.domain.patterns import pattern
from deskterm.mail.charset import codec_for, decode
from deskterm.mail.headers import first, header_text, raw_text, read_params
from deskterm.mail.html import html_text
from deskterm.mail.parsed import MailFile
from deskterm.mail.structure import Part

TEXT_CAP = 1_000_000
"""Characters of text that are read from a mail; the raw mail keeps the rest."""
_FLOWED_CAP = 50_000
_UU_LINES = 450_000
"""As many as the largest mail holds when every line is full."""
_MEDIA = ("image/", "audio/", "video/")
_META = pattern(
    rb"<meta[^<>]{0,200}charset\s{0,9}=\s{0,9}[\"']?([A-Za-z0-9_-]{2,40})", re.IGNORECASE
)
_SUBJECT = pattern(rb"(?:\A|\n)subject:[ \t]*([^\r\n]{1,200})", re.IGNORECASE)
_NOT_BASE64 = bytes(
    byte
    for byte in range(256)
    if not (chr(byte).isascii() and chr(byte).isalnum()) and byte not in b"+/"
)
_BASE64 = bytes(sorted(set(range(256)) - set(_NOT_BASE64))) + b"="
_LINE = pattern(rb"[^\r\n]{1,2000}")
_CODED_CAP = 3_000_000
"""Bytes of text that are coded in which words are looked for; more are read by nobody."""
_LONG_WORDS = 16
_PADDED_BREAK = pattern(rb"=[ \t]{1,80}(?=\r?\n)")
"""A soft line break behind which some server left blanks (RFC 2045 §6.7, rule 3)."""
_GLUED = 1_000
_FILLER = pattern("(?:[\u00ad\u034f\u180e\u200b-\u200f\u2060\ufeff][\\s\u00a0]{0,9}){3,}")
"""What mailings fill their preview line with: nothing but signs that have no width."""
_EXTENSIONS = {
    "message/rfc822": ".eml",
    "message/delivery-status": ".txt",
    "text/rfc822-headers": ".txt",
    "text/calendar": ".ics",
    "text/html": ".html",
    "text/plain": ".txt",
    "application/pkcs7-mime": ".p7m",
    "application/pgp-signature": ".asc",
    "application/pdf": ".pdf",
    "image/jpeg": ".jpg",
    "image/svg+xml": ".svg",
}


@dataclass(slots=True)
class Bodies:
    """The parts of a mail sorted into what is read and what is kept."""

    plain: list[Part] = field(default_factory=list)
    html: list[Part] = field(default_factory=list)
    files: list[Part] = field(default_factory=list)


def sort_parts(root: Part) -> Bodies:
    """Give the text parts, the HTML parts and the files of a mail."""
    found = Bodies()
    _sort([root], "mixed", found, in_alternative=False)
    return found


def _sort(parts: list[Part], kind: str, found: Bodies, in_alternative: bool) -> None:
    """Sort the children of one multipart; as deep as the depth limit allows."""
    before = len(found.plain), len(found.html)
    for place, part in enumerate(parts):
        if part.is_multipart:
            inner = part.kind.partition("/")[2]
            _sort(part.children, inner, found, in_alternative or inner == "alternative")
        elif _is_text(part, place, kind):
            _sort_text(part, kind, found, in_alternative)
        else:
            found.files.append(part)
    if kind == "alternative":
        _fill_alternative(found, before)


def _is_text(part: Part, place: int, kind: str) -> bool:
    name = part.kind if not part.kind.startswith("multipart/") else "text/plain"
    if name not in ("text/plain", "text/html", "text/enriched", "text/richtext"):
        return False
    if _disposition(part) == "attachment":
        return False
    return place == 0 or (kind != "related" and not file_name(part, ""))


def _sort_text(part: Part, kind: str, found: Bodies, in_alternative: bool) -> None:
    is_html = part.kind == "text/html"
    if kind == "alternative" or in_alternative:
        (found.html if is_html else found.plain).append(part)
        return
    found.plain.append(part)
    found.html.append(part)


def _fill_alternative(found: Bodies, before: tuple[int, int]) -> None:
    """Where one form only was offered, it stands for the other too."""
    plain, html = found.plain[before[0] :], found.html[before[1] :]
    if html and not plain:
        found.plain.extend(html)
    elif plain and not html:
        found.html.extend(plain)


def _disposition(part: Part) -> str:
    return read_params(first(part.headers, "content-disposition"))[0]


def file_name(part: Part, hint: str) -> str:
    """Give the name that the mail gives a part, empty when it gives none."""
    _, params = read_params(first(part.headers, "content-disposition"), hint)
    named = part.params.get("name")
    if named and hint and not named.isascii():
        named = read_params(first(part.headers, "content-type"), hint)[1].get("name")
    return params.get("filename") or named or params.get("name") or ""


def as_file(raw: bytes, part: Part, hint: str) -> MailFile:
    """Give a part as an attachment, decoded; one without a name is named for what it is."""
    body = payload(raw, part)
    name = file_name(part, hint) or _own_name(part, body)
    content_id = raw_text(first(part.headers, "content-id")).strip("<> ")
    inline = _disposition(part) != "attachment" and (
        bool(content_id) or part.kind.startswith(_MEDIA)
    )
    return MailFile(name, part.kind, body, inline, content_id)


def _own_name(part: Part, body: bytes) -> str:
    """Give a name for a part without one: an enclosed mail's subject, else its kind."""
    ending = _EXTENSIONS.get(part.kind) or f".{part.kind.rpartition('/')[2][:12]}"
    if part.kind in ("message/rfc822", "message/global"):
        found = _SUBJECT.search(body[:20_000])
        subject = header_text(found.group(1)) if found else ""
        return f"{subject or 'mail'}.eml"
    described = header_text(first(part.headers, "content-description"))[:80]
    return f"{described or part.kind.partition('/')[0]}{ending}"


def payload(raw: bytes, part: Part) -> bytes:
    """Give the bytes of a part with its transfer encoding undone, as far as it holds."""
    body = raw[part.start : part.end]
    encoding = raw_text(first(part.headers, "content-transfer-encoding")).strip(" \"'").lower()
    encoding = encoding.partition(";")[0].split(" ")[0]
    if encoding == "base64":
        return _base64_text(body) if part.kind.startswith("text/") else _base64(body)
    if encoding in ("quoted-printable", "quotedprintable", "quoted"):
        return binascii.a2b_qp(_PADDED_BREAK.sub(b"=", body))
    if encoding in ("x-uuencode", "uuencode", "x-uue", "uue"):
        return _uuencoded(body)
    return body


def _base64_text(body: bytes) -> bytes:
    """Decode base64 up to where words begin: a footer that a list put below, or all of the text."""
    lines = _LINE.finditer(body[:_CODED_CAP])
    begin = next((one.start() for one in lines if _is_prose(one.group())), None)
    if begin is None:
        return _base64(body)
    coded = body[:begin]
    return _base64(coded) + b"\n" + body[begin:] if coded.strip() else body


def _is_prose(line: bytes) -> bool:
    """Whether a line is words: it has signs or short pieces that base64 never has."""
    words = line.strip().split()
    if not words or not line.strip().translate(None, _BASE64):
        return False
    return len(words) > 2 and 2 <= sum(map(len, words)) / len(words) < _LONG_WORDS


def _base64(body: bytes) -> bytes:
    """Decode base64 as far as it is; files glued together, each with its padding, all count."""
    inside = 0 <= body.find(b"=") < len(body.rstrip()) - 2
    if inside and body.count(b"=") < _GLUED:
        return b"".join(_base64_piece(piece) for piece in body.split(b"=") if piece)
    return _base64_piece(body.replace(b"=", b""))


def _base64_piece(body: bytes) -> bytes:
    letters = body.translate(None, _NOT_BASE64)
    letters = letters[: len(letters) - (len(letters) % 4 == 1)]
    return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4))


def _uuencoded(body: bytes) -> bytes:
    out = []
    for line in body.split(b"\n", _UU_LINES)[:_UU_LINES]:
        line = line.rstrip(b"\r")
        if line.startswith(b"begin ") or not line.strip():
            continue
        if line.strip() == b"end":
            break
        try:
            out.append(binascii.a2b_uu(line))
        except binascii.Error:
            length = (((line[0] - 32) & 63) * 4 + 5) // 3
            out.append(_short_line(line[:length]))
    return b"".join(out)


def _short_line(line: bytes) -> bytes:
    try:
        return binascii.a2b_uu(line)
    except binascii.Error:
        return b""


def text_of(raw: bytes, part: Part, most: int) -> tuple[str, str]:
    """Give (at most so many characters of a text part, HTML as HTML; what its charset did)."""
    body = _at_most(payload(raw, part), most * 4)
    label = part.params.get("charset", "")
    if part.kind == "text/html" and not codec_for(label):
        meta = _META.search(body[:4000])
        label = meta.group(1).decode("ascii") if meta else label
    text, problem = decode(body, label)
    return text[:most].replace("\r\n", "\n").replace("\r", "\n"), problem


def _at_most(body: bytes, size: int) -> bytes:
    """Cut bytes where no character of UTF-8 is torn."""
    if len(body) <= size:
        return body
    torn = next((n for n in range(1, 5) if body[size - n] & 0xC0 != 0x80), 0)
    return body[: size - torn]


def readable(text: str, part: Part) -> str:
    """Give the text of a part for people: HTML rendered, flowed lines joined, filler dropped."""
    text = _rendered(text, part)
    return text if text.isascii() else _FILLER.sub(_gap, text).strip("\n")


def _gap(filler: re.Match[str]) -> str:
    return "\n" if "\n" in filler.group() else " " if filler.group()[-1].isspace() else ""


def _rendered(text: str, part: Part) -> str:
    if part.kind in ("text/html", "text/enriched", "text/richtext"):
        return html_text(text.replace("<<", "&lt;") if part.kind != "text/html" else text)
    flowed = part.params.get("format", "").lower() == "flowed"
    if flowed and text.count("\n") < _FLOWED_CAP:
        return _unflowed(text, part.params.get("delsp", "").lower() == "yes")
    return text.strip("\n")


def _unflowed(text: str, delete_space: bool) -> str:
    """Join the soft-broken lines of RFC 3676 where the quote depth stays the same."""
    out: list[str] = []
    open_depth = -1
    for line in text.strip("\n").split("\n"):
        depth = len(line) - len(line.lstrip(">"))
        words = line[depth:].removeprefix(" ")
        soft = words.endswith(" ") and words != "-- "
        if depth == open_depth:
            out[-1] += words
        else:
            out.append(">" * depth + (" " if depth else "") + words)
        if soft and delete_space:
            out[-1] = out[-1][:-1]
        open_depth = depth if soft else -1
    return "\n".join(line.rstrip() if line != "-- " else line for line in out)
