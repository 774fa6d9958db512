"""Hostile text: one rule for every display edge, one for what is stored.

`clean` is for eyes (screens, tables, TSV and CSV, logs, pager, letters); `storable` is for drivers.
Both are linear in the length of the text.
"""

import re
import unicodedata

from deskterm.domain.errors import UsageError
from deskterm.domain.patterns import pattern

_JOINED = (
    "[\u0600-\u0fff\u1000-\u109f\u1780-\u18af\u2190-\u21ff\u2600-\u27bf\u2b00-\u2bff\ua840-\ua87f"
    "\ufb50-\ufdff\ufe70-\ufefc\U0001f000-\U0001faff]"
)
"""Signs of the scripts that are written with joiners, and emoji."""
_ACTIVE = pattern(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # C0 without TAB and LF, DEL, C1
    "\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f"
    "\u3164\ufeff\uffa0\ufff9-\ufffb\ud800-\udfff"
    "\U000e0000-\U000e0fff\U0001d173-\U0001d17a]"
    f"|(?<!{_JOINED})[\u200c\u200d]|[\u200c\u200d](?!{_JOINED})"
)
_CONTROLS = pattern(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u206f\ud800-\udfff"
    "\U000e0000-\U000e0fff]"
)
_INVISIBLE = pattern("[\u00ad\u200b-\u200d\u2060\ufeff]")
_MARKS = pattern(
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u064b-\u065f\u1ab0-\u1aff"
    "\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{4,}"
)
_VARIATION = pattern("[\ufe00-\ufe0f\U000e0100-\U000e01ef]+")
_PAIR = pattern("[\ud800-\udbff][\udc00-\udfff]")
_UNSTORABLE = pattern("[\x00\ud800-\udfff]")
_FILLERS = "\u115f\u1160\u2800\u3164\uffa0"
"""Letters that look like a space."""
_LINE_ENDS = pattern("\r\n?|\x85|\u2028|\u2029")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def _visible(match: re.Match[str]) -> str:
    code = ord(match.group())
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "\u2421"
    if _INVISIBLE.match(match.group()):
        return "\u00b7"
    return "\ufffd"


def clean(text: str, one_line: bool = False) -> str:
    """Give text that no terminal, table or mail program can be made to act on.

    Control, bidirectional, zero-width and tag characters and surrogates become visible signs,
    runs of combining marks are cut to three, variation selectors go. Joiners stay where letters or
    emoji are written with them. With `one_line`, line ends and tabs become spaces. Plain ASCII
    passes unchanged.
    """
    if not (text.isascii() and text.isprintable()):
        text = _LINE_ENDS.sub("\n", text) if not one_line else text
        text = _ACTIVE.sub(_visible, _VARIATION.sub("", text))
        text = _MARKS.sub(lambda run: run.group()[:3], text)
        if one_line:
            text = " ".join(text.split())
    return text


def visible(text: str) -> str:
    """Give the text with every active character as one visible sign, as long as it was.

    For editors, where each character has its place; `clean` is for everything else.
    """
    return text if text.isascii() and text.isprintable() else _ACTIVE.sub(_visible, text)


def pasted(text: str) -> str:
    """Give foreign text as it may go into a form: nothing in it can act, every letter is kept.

    Control, bidirectional and tag characters become signs; joiners stay, for the scripts and emoji
    that are written with them. Line ends become LF.
    """
    if text.isascii() and text.isprintable():
        return text
    return _CONTROLS.sub(_visible, _LINE_ENDS.sub("\n", text))


def storable(text: str) -> str:
    """Give the text as both drivers can keep it: NUL and lone surrogates become U+FFFD.

    Two surrogates that are one character, as JSON and YAML write an emoji, become that character.
    """
    if text.isascii() and "\x00" not in text:
        return text
    return _UNSTORABLE.sub("\ufffd", _PAIR.sub(_joined, text))


def _joined(pair: re.Match[str]) -> str:
    return pair[0].encode("utf-16", "surrogatepass").decode("utf-16")


def is_blank(text: str) -> bool:
    """Tell whether nothing of a text is visible: spaces of any kind, joiners, marks, fillers.

    Controls and bytes that are no text are visible: as signs, for they were meant to say something.
    """
    return all(
        sign.isspace()
        or sign in _FILLERS
        or unicodedata.category(sign) in ("Cf", "Cn", "Mn", "Me", "Zs", "Zl", "Zp")
        for sign in text
    )


def alike(text: str) -> str:
    """Give a name as names are compared: capitals, width, composition, joiners, blanks aside.

    `Straße` is `STRASSE`, `ｖｐｎ` is `VPN`, an `ü` may be one sign or two; accents count.
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.lower().split())
    seen = "".join(one for one in text if unicodedata.category(one) != "Cf")
    plain = unicodedata.normalize("NFKC", seen).casefold()
    return " ".join(unicodedata.normalize("NFC", plain).replace("\u2019", "'").split())


def first_words(text: str) -> str:
    """Give the first line of a text of which something is visible, cut to a subject's length."""
    first = next((line.strip() for line in text.splitlines() if not is_blank(line)), "")
    return first if len(first) <= 90 else first[:89] + "…"


def check_language(text: str) -> None:
    """Raise UsageError where a language is neither empty nor written like `de`."""
    if text and not (len(text) == 2 and text.isascii() and text.isalpha() and text.islower()):
        raise UsageError(f"{text[:40]!r} is no language: write it like de or fr.")


def header_safe(text: str) -> str:
    """Give the text as one header line: CR, LF and NUL become spaces."""
    return re.sub("[\r\n\x00\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+", " ", text).strip()


def cell_safe(text: str) -> str:
    """Give a spreadsheet cell that is never a formula: such a start is prefixed with '."""
    return "'" + text if text.startswith(_FORMULA) or text.startswith("'") else text


def cell_exact(text: str) -> str:
    """Take back what `cell_safe` added, so that a re-import restores the exact text."""
    return text.removeprefix("'")


def safe_filename(name: str) -> str:
    """Give a base name that can be written in any folder: no path, no control, no leading dot.

    Never empty, at most 120 characters, the real extension kept.
    """
    name = unicodedata.normalize("NFC", _UNSTORABLE.sub("_", name))
    name = re.split(r"[/\\]", name)[-1]
    name = _ACTIVE.sub("_", _VARIATION.sub("", name))
    name = re.sub(r'[<>:"|?*\s]+', "_", name).strip("._~- ")
    if len(name) > 120:
        stem, dot, suffix = name.rpartition(".")
        name = stem[: 119 - len(suffix)] + dot + suffix if dot and len(suffix) <= 16 else name[:120]
    return name or "unnamed"
