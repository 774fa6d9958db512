"""Bytes to text as mail programs really write them: the charset ladder of semantics.md §1.11.

The label is believed where it can be true, widened where everybody writes the smaller name for the
larger set, and replaced by detection where the bytes contradict it. Nothing here raises.

Bytes of GB 18030, Big5, EUC-JP and the Korean and Japanese sets can often be read in each other's
charset without an error; read in the wrong one they give rare signs.
"""

import codecs

from deskterm.domain.patterns import pattern
from deskterm.domain.text import storable

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
_WORD = pattern(r"[A-Za-z0-9][A-Za-z0-9_.:()+-]{0,39}")
_UTF = pattern(r"utf[-_]?(7|8|16|32)(?![0-9]|[-_]?[bl]e)")
_SAMPLE = 4096
_FEW = 8
"""So many bytes beyond ASCII and fewer prove little: a label that says what they are is right."""
_EAST_ASIAN = ("gb18030", "cp950", "cp949", "euc_jp", "cp932")
_COMMON_ENOUGH = 0.25
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
    many = sum(sign > "\x7f" for sign in text)
    return many > _FEW if codec == "cp874" or codec in _TWO_BYTES else True


def _meant(body: bytes, codec: str, text: str) -> tuple[str, str] | None:
    """Give (text, its charset) where a label can be true and still is not.

    In an East Asian set that is not theirs, signs are rare ones; in a Western one, whole words are
    accented letters.
    """
    if codec in _TWO_BYTES:
        found = _east_asian(_sample(body)) if commonness(text) < _COMMON_ENOUGH else ""
    else:
        found = detected(body) if codec == "cp1252" else ""
    read = _strict(body, found) if found != codec else None
    return None if read is None else (storable(read), found)


def _told(label: str, codec: str) -> str:
    name = _shown(label)
    return "" if codec or name in _UNTOLD else f"unknown charset {name!r}"


def _strict(body: bytes, codec: str) -> str | None:
    if not codec:
        return None
    if codec == "utf-16" and not body.startswith((codecs.BOM_UTF16_BE, codecs.BOM_UTF16_LE)):
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
            return storable(text), problem
    found = detected(body)
    text = _strict(body, found) or body.decode("cp1252", "replace")
    return storable(text), f"{problem}; read as {found or 'cp1252'}"


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


_SIMPLIFIED = (
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道"
    "行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意"
    "无力它与长把机十民第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应向头文体政相见被利什二等"
    "产或新己制身果加月话合回特代内信表化老给世位次度门任常先海通教东提及比员解水名真论处各入几口系气题更别打"
    "电数少报才结反受目再做接必件计管期直德命指许统区保至队形社便空马科司基书非则听白却界达光放强即像难且权思"
    "完设式色路记请帮助密码登录网络邮箱无法打印公司您好谢附件系统服务器"
)
_TRADITIONAL = (
    "這個們來為國說時會對過發後裡種經學現當沒動還進樣開從實軍無與長機應將兩間問關點業頭體見產給處題別數報結"
    "計統區書則聽達強難權設記請幫網絡郵箱無法列印公司您好謝附檔系統伺服器電話連線錯誤使用者帳號密碼"
)
_KOREAN = (
    "이다는을의에가고하지도로한사어기은리자시나있를그해인서대들아보만일라않것수정부게전면제거니스과적여상주장구원"
    "안녕무동말방세요습합입됩출력인쇄비밀번호접속오류문제확인부탁드감컴퓨터메로네트워크서버회사름파트용"
)
_JAPANESE = (
    "".join(map(chr, range(0x3041, 0x3097)))
    + "".join(map(chr, range(0x30A1, 0x30FB)))
    + "ー日本人時間会社件名様御願致確認方法電話番号"
)
COMMON = frozenset(_SIMPLIFIED + _TRADITIONAL + _KOREAN + _JAPANESE)
_RARE_ROWS = (range(0xFF61, 0xFFA0), range(0xE000, 0xF900))
"""Half-width katakana and signs for private use: what wrongly read bytes turn into."""


def commonness(text: str) -> float:
    """Give how much a text is made of common signs: their share of all signs beyond ASCII.

    Below 0 where most of it is half-width katakana or for private use.
    """
    signs = [sign for sign in text if sign > "\x7f"]
    if not signs:
        return 0.0
    common = sum(sign in COMMON for sign in signs)
    rare = sum(any(ord(sign) in row for row in _RARE_ROWS) for sign in signs)
    return (common - 2 * rare) / len(signs)
