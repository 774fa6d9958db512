"""Whose letters a text has: evidence for the charset it was written in (semantics.md §1.11).

Bytes of one charset read in another give other letters: accents that no language has together,
signs inside words, East Asian signs that nobody uses. Pure, and linear in a short sample.
"""

from collections.abc import Iterable
from itertools import pairwise

from deskterm.domain.patterns import pattern

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


_LATIN_TEXT = """
äöüß àâäçéèêëîïôöùûüÿœæ áéíóúüñ àèéìíòóùú ãõáàâéêíóôúçü ëïéèêöüóáí åäöæøéü áéíóúýþæöð åäöšž
àèéíïòóúüç
"""
_OTHER_TEXT = """
ąćęłńóśźż áčďéěíňóřšťúůýž áäčďéíĺľňóôŕšťúýž áéíóöőúüű ăâîșțşţ čćđšž çğıöşüâîûİ ąčęėįšųūž
āčēģīķļņšūž äõöüšž
"""
_WESTERN, _OTHERS = (
    tuple(frozenset(one + one.upper()) for one in text.split())
    for text in (_LATIN_TEXT, _OTHER_TEXT)
)
"""The letters beyond ASCII of a language each: those of Windows' Western set, and of the others."""
_LATIN = ("cp1250", "iso8859-2", "cp1254", "cp1257")
"""Where the others are written, the commonest first."""
_MARKS = frozenset("«»„“”‚‘’…–—·•°§€£©®™ªº¿¡\u00a0\u00ad")
"""Signs that stand in any language."""
_IN_WORDS = pattern(r"[^\W\d_]{2,200}")
_ENOUGH, _KINDS = 4, 2
"""Letters of a language, and how many different ones, that tell it."""
_FITS, _STRANGE = 0.97, 0.8


def other_latin(body: bytes) -> str:
    """Give the charset of a language that Western letters do not write, or nothing.

    Read as Western, the bytes are letters that no language has together, or signs inside words;
    read in that charset all are letters of one language. What is short or doubtful stays Western.
    """
    if _share(body.decode("cp1252", "replace"), _WESTERN) >= _STRANGE:
        return ""
    found = {name: _share(body.decode(name, "replace"), _OTHERS) for name in _LATIN}
    best = max(found, key=lambda name: found[name])
    return best if found[best] >= _FITS else ""


def _share(text: str, languages: Iterable[frozenset[str]]) -> float:
    """Give which share of the signs beyond ASCII are one language's, in words; 0 for too few."""
    signs = sum(sign > "\x7f" and sign not in _MARKS for sign in text)
    inside = [sign for word in _IN_WORDS.findall(text) for sign in word if sign > "\x7f"]
    own = max(([sign for sign in inside if sign in one] for one in languages), key=len)
    return len(own) / signs if len(own) >= _ENOUGH and len(set(own)) >= _KINDS else 0.0


_CYRILLIC = ("cp1251", "koi8-r", "cp866", "iso8859-5")
_FREQUENT = dict(zip("оеаинтсрвлкмдпуыяьгзбчйхжшюцщэфіїє", (
    109, 85, 80, 74, 67, 63, 55, 47, 45, 44, 35, 32, 30, 28, 26, 19, 20, 17, 17, 16, 16, 14, 12,
    10, 9, 7, 6, 5, 4, 3, 3, 40, 6, 4), strict=True))  # fmt: skip
"""Letters in a thousand of Russian and Ukrainian text."""
_FEW_CYRILLIC, _CLEARLY, _LIKE_TEXT = 16, 1.25, 42


def cyrillic(body: bytes, told: str) -> str:
    """Give the Cyrillic charset in which the letters come as often as in a language.

    `told` is the one that is named, which another must beat clearly; nothing where it stands, and
    where no reading is like a text.
    """
    told = "koi8-r" if told == "koi8-u" else told
    found = {name: _likeness(body.decode(name, "replace")) for name in _CYRILLIC}
    best = max(found, key=lambda name: found[name])
    if best == told or found[best] < _LIKE_TEXT or found[best] < _CLEARLY * found.get(told, 0):
        return ""
    return best


def _likeness(text: str) -> float:
    """Give how frequent the letters of a text are on average; capitals inside words count less."""
    signs = [sign for sign in text if sign > "\x7f" and sign not in _MARKS]
    if len(signs) < _FEW_CYRILLIC:
        return 0.0
    inside = sum(a.islower() and b.isupper() for a, b in pairwise(text))
    return (sum(_FREQUENT.get(sign.lower(), 0) for sign in signs) - 40 * inside) / len(signs)
