"""Bytes to text as mail programs really write them: the charset ladder of semantics.md §1.11.

The label is believed where it can be true, widened where everybody writes the smaller name for the
larger set, and replaced by detection where the bytes contradict it. Nothing here raises.

Bytes of GB 18030, Big5, EUC-JP and the Korean and Japanese sets can often be read in each other's
charset without an error; read in the wrong one they give rare signs.
"""

import codecs
import re

from deskterm.domain.patterns import pattern
from deskterm.domain.text import storable
from deskterm.mail.alphabets import commonness, cyrillic, other_latin

_WIDER = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "hz": "hz",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "big5": "cp950",
    "iso2022_jp": "iso2022_jp_ext",
}
_ALIASES = {
    "ks_c_5601-1987": "cp949",
    "ksc5601": "cp949",
    "x-sjis": "cp932",
    "x-gbk": "gb18030",
    "gb2312-80": "gb18030",
    "x-euc-jp": "euc_jp",
    "iso-8859-8-i": "iso8859-8",
    "iso-8859-8-e": "iso8859-8",
    "iso-8859-6-i": "iso8859-6",
    "macintosh": "mac_roman",
    "x-mac-roman": "mac_roman",
    "x-mac-cyrillic": "mac_cyrillic",
    "windows-874": "cp874",
    "dos-874": "cp874",
    "tis620": "cp874",
    "cn-big5": "cp950",
    "x-x-big5": "cp950",
    "unicode": "utf-16",
    "ansi": "cp1252",
}
_UNTOLD = {
    "",
    "ascii",
    "us-ascii",
    "unknown-8bit",
    "x-unknown",
    "unknown",
    "8bit",
    "binary",
    "7bit",
}
_NOT_CHARSETS = {"idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape", "mbcs"}
_NO_ACCENT = pattern(r"[^\x00-\x7f\u00c0-\u024f]")
_ACCENT = pattern(r"(?<=[A-Za-z])[\u00c0-\u024f]|[\u00c0-\u024f](?=[A-Za-z])")
"""An accented letter in a word of Latin letters."""
_WORD = pattern(r"[A-Za-z0-9][A-Za-z0-9_.:()+-]{0,39}")
_UTF = pattern(r"utf[-_]?(7|8|16|32)(?![0-9]|[-_]?[bl]e)")
_SAMPLE = 4096
_LINES_CAP = 500_000
"""A longer text is read as a whole: it takes a second to read line by line."""
_FEW = 8
"""So many bytes beyond ASCII and fewer prove little: a label that says what they are is right."""
_EAST_ASIAN = ("gb18030", "cp950", "cp949", "euc_jp", "cp932")
_COMMON_ENOUGH = 0.25
_MARKED = (codecs.BOM_UTF16_BE, codecs.BOM_UTF16_LE)
_WESTERN = {"cp1252", "iso8859-15"}
_CYRILLIC = {"cp1251", "koi8-r", "koi8-u", "iso8859-5"}
_ONE_BYTE = pattern(rb"(?<=[\x00-\x7f])[\xc0-\xff](?=[\x00-\x7f]|\Z)")
_TWO_OF_UTF8 = pattern(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}")
_UNICODE = {"utf-8", "utf-16", "utf-32"}
_TWO_BYTES = {"gb18030", "cp950", "cp949", "cp932", "euc_jp"}
"""Charsets of two bytes a sign: a few of them are valid UTF-8 by accident, a sentence is not."""
_LIKELY = [
    "gb18030", "big5", "cp932", "euc_jp", "cp949", "cp1251", "koi8_r", "koi8_u", "cp866",
    "iso8859_5", "cp1253", "iso8859_7", "cp1255", "iso8859_8", "cp1256", "iso8859_6", "cp874",
]  # fmt: skip
"""What undeclared text with mostly non-ASCII letters is written in."""


def codec_for(label: str) -> str:
    """Give the name of the codec to try first for a charset label, empty when it says nothing."""
    word = _WORD.match(label.strip(" \t\r\n'\"=<>"))
    name = word.group().lower() if word else ""
    if name in _UNTOLD:
        return ""
    inside = _UTF.search(name)
    name = f"utf-{inside.group(1)}" if inside else _ALIASES.get(name, name)
    for candidate in (name, name.replace("cp-", "cp"), name.replace("_", "-"), name.split(":")[0]):
        try:
            found = codecs.lookup(candidate)
        except (LookupError, ValueError):
            continue
        if not getattr(found, "_is_text_encoding", True) or found.name in _NOT_CHARSETS:
            return ""
        return "" if found.name == "ascii" else _WIDER.get(found.name, found.name)
    return ""


def decode(body: bytes, label: str = "", hint: str = "") -> tuple[str, str]:
    """Give (text, what was wrong with the charset); the second is empty when nothing was.

    `hint` is a charset used elsewhere in the same mail, tried where the label says nothing.
    """
    codec = codec_for(label)
    if codec not in _UNICODE and body.startswith(_MARKED) and len(body) % 2 == 0:
        codec = "utf-16"
    if body.isascii() and codec in ("", "utf-8", "cp1252"):
        name = "iso2022_jp_ext" if b"\x1b$" in body else "ascii"
        return storable(body.decode(name, "replace")), ""
    if codec and codec not in _UNICODE and _is_utf8(body, codec):
        return storable(_strict(body, "utf-8") or ""), f"not {_shown(label)} as declared: UTF-8"
    for name in (codec, "" if codec else "utf-8", "" if codec else codec_for(hint)):
        text = _strict(body, name)
        if text is not None:
            other = _meant(body, codec, text)
            if other:
                return other[0], f"not {_shown(label)} as declared; read as {other[1]}"
            if codec == "cp1252" and not body.isascii():
                text = _by_lines(body)
            return storable(text), _told(label, codec)
    return _guess(body, label, codec)


def _is_utf8(body: bytes, codec: str) -> bool:
    """Whether bytes beyond ASCII are UTF-8: by accident a single-byte text hardly ever is.

    Two letters of Thai can be, and two signs of two bytes: in such charsets it takes more of them.
    """
    if body.isascii():
        return False
    try:
        text = body.decode("utf-8")
    except UnicodeError:
        return False
    if codec != "cp874" and codec not in _TWO_BYTES:
        return True
    many = sum(sign > "\x7f" for sign in text)
    return many > _FEW or (codec in _TWO_BYTES and _is_accented(text, many))


def _is_accented(text: str, many: int) -> bool:
    """Whether signs beyond ASCII are accented letters of Latin words, most beside plain ones."""
    return not _NO_ACCENT.search(text) and len(_ACCENT.findall(text)) * 2 >= many


def _meant(body: bytes, codec: str, text: str) -> tuple[str, str] | None:
    """Give (text, its charset) where a label can be true and still is not.

    In an East Asian set that is not theirs, signs are rare ones; in a Western one, whole words are
    accented letters.
    """
    if codec in _TWO_BYTES:
        found = _east_asian(_sample(body)) if commonness(text) < _COMMON_ENOUGH else ""
    elif codec in _CYRILLIC:
        found = cyrillic(_sample(body), codec)
    else:
        found = _western(body) if codec in _WESTERN else ""
    read = _strict(body, found) if found != codec else None
    return None if read is None else (storable(read), found)


def _told(label: str, codec: str) -> str:
    name = _shown(label)
    return "" if codec or name in _UNTOLD else f"unknown charset {name!r}"


def _strict(body: bytes, codec: str) -> str | None:
    if not codec:
        return None
    if codec == "utf-16" and not body.startswith(_MARKED):
        codec = "utf-16-be" if body[:2000:2].count(0) > body[1:2000:2].count(0) else "utf-16-le"
    try:
        text = body.decode(codec)
    except (UnicodeError, ValueError, OverflowError):
        return None
    return text.removeprefix("\ufeff")


def _guess(body: bytes, label: str, codec: str) -> tuple[str, str]:
    """Decode bytes that contradict their label: mostly right wins, then detection, then cp1252."""
    problem = f"not {_shown(label) or 'UTF-8'} as declared"
    if codec:
        text = body.decode(codec, "replace")
        bad = text.count("\ufffd")
        if bad <= sum(sign > "\x7f" for sign in text) - bad:
            other = _meant(body, codec, text)
            if other:
                return other[0], f"{problem}; read as {other[1]}"
            mended = codec == "utf-8" and len(body) <= _LINES_CAP
            return storable(_mended(body) if mended else text), problem
    found = _western(body)
    text = _strict(body, found) or _by_lines(body)
    return storable(text), f"{problem}; read as {found or 'cp1252'}"


def _western(body: bytes) -> str:
    """Give what bytes that may be Western are written in besides; nothing where they are that."""
    return detected(body) or other_latin(_sample(body))


def _mended(body: bytes) -> str:
    """Give UTF-8 in which somebody put letters of one byte, such as a gateway's footer."""

    def mend(found: re.Match[bytes]) -> bytes:
        torn = found.end() == len(body) and not mended
        mended.append(found.start())
        return found.group() if torn else found.group().decode("cp1252").encode()

    mended: list[int] = []
    return _ONE_BYTE.sub(mend, body).decode("utf-8", "replace")


def _by_lines(body: bytes) -> str:
    """Give Western text; lines that somebody added in UTF-8 are read as that."""
    if len(body) > _LINES_CAP or not _TWO_OF_UTF8.search(body):
        return body.decode("cp1252", "replace")
    read = ((line, _strict(line, "utf-8")) for line in body.split(b"\n"))
    return "\n".join(
        line.decode("cp1252", "replace") if text is None else text for line, text in read
    )


def _shown(label: str) -> str:
    return label.strip().lower()[:40]


def detected(body: bytes) -> str:
    """Give the codec that the bytes look like, judged on a sample, or nothing.

    Text that is mostly ASCII is Western: statistics on a few letters guess worse than that.
    """
    if b"\x1b$" in body:
        return "iso2022_jp_ext"
    sample = _sample(body)
    strange = len(sample) - len(sample.translate(None, bytes(range(128, 256))))
    if strange < _FEW or strange * 4 < len(sample):
        return ""
    eastern = _east_asian(sample)
    if eastern or strange < 12:
        return eastern
    from charset_normalizer import from_bytes  # noqa: PLC0415 - 10 ms, and few mails need it

    best = from_bytes(sample, steps=3, chunk_size=512, cp_isolation=_LIKELY).best()
    if best is None:
        return ""
    return _WIDER.get(codecs.lookup(best.encoding).name, best.encoding)


def _sample(body: bytes) -> bytes:
    """Give a piece of a text around its first byte beyond ASCII."""
    first = next((at for at, byte in enumerate(body[:200_000]) if byte > 127), 0)
    return body[max(0, first - _SAMPLE // 8) :][:_SAMPLE]


def _east_asian(sample: bytes) -> str:
    """Give the East Asian charset in which the signs are common ones, or nothing."""
    read = {name: sample.decode(name, "replace") for name in _EAST_ASIAN}
    shares = {
        name: commonness(text)
        for name, text in read.items()
        if text.count("\ufffd") * 20 <= len(text)
    }
    best = max(shares, key=lambda name: shares[name], default="")
    return best if best and shares[best] >= _COMMON_ENOUGH else ""
