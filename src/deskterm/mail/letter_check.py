"""The last look at a letter before it is frozen or sent: no line in it that the desk did not write.

Whatever made the bytes, this reads them as a stranger's mail program does and trusts none of it.
"""

import unicodedata

from deskterm.domain.address import normal_address, wire_address
from deskterm.domain.errors import RefusedError
from deskterm.domain.patterns import pattern
from deskterm.mail.header_lines import WORD_BEGINS
from deskterm.mail.headers import decode_words
from deskterm.mail.machine import LOOP_HEADER

ORDER = (
    "From",
    "To",
    "Reply-To",
    "Subject",
    "Date",
    "Message-ID",
    "In-Reply-To",
    "References",
    "List-Unsubscribe",
    "Auto-Submitted",
    "X-Auto-Response-Suppress",
    LOOP_HEADER,
)
"""The headers of a letter, each once and in this order."""
_OPTIONAL = (
    *("In-Reply-To", "References", "List-Unsubscribe", "Auto-Submitted"),
    "X-Auto-Response-Suppress",
)
_NEEDED = tuple(name for name in ORDER if name not in _OPTIONAL)
BODY = ("MIME-Version", "Content-Type", "Content-Transfer-Encoding")
"""What follows them and says what the body is."""
_PART = (*BODY, "Content-Disposition")
_BARE = pattern(rb"(?<!\r)\n|\r(?!\n)")
_LINE = pattern(r"([A-Za-z][A-Za-z-]{0,40}): ?(.*)\Z")
_BORDER = pattern(r'multipart/[a-z]+;.*boundary="([^"]{1,70})"\Z')
_TURNS = frozenset(
    "\u061c\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
"""What turns the direction of writing."""
_LONGEST = 998
_DEEPEST = 3

Found = list[tuple[str, str]]
"""(name, value) of header lines, unfolded, as they are written."""


def check_letter(raw: bytes, message_id: str, recipient: str) -> None:
    """Raise RefusedError, naming what is wrong, where a letter holds a line that is not ours."""
    if _BARE.search(raw):
        raise RefusedError("it has a line end that is none (a bare CR or LF)")
    head, _, body = raw.partition(b"\r\n\r\n")
    found = _lines(head)
    names = [name for name, _ in found]
    if [one for one in ORDER if one in names] != [one for one in names if one not in BODY]:
        raise RefusedError(f"its headers are not the desk's own: {', '.join(names)[:300]}")
    for needed in (*_NEEDED, *BODY[:2]):
        if needed not in names:
            raise RefusedError(f"it has no header {needed}")
    values = dict(found)
    if values["Message-ID"].strip() != message_id:
        raise RefusedError("its Message-ID is not the one it was given")
    wire = wire_address(normal_address(recipient))
    if values["To"] != wire and not values["To"].endswith(f" <{wire}>"):
        raise RefusedError(f"it is not addressed to {wire} alone")
    _check_body(values, body, _DEEPEST)


def _lines(head: bytes) -> Found:
    """Give the header lines of a letter or of a part; raises RefusedError for what is none."""
    if not head:
        raise RefusedError("a part of it has no headers")
    found: Found = []
    for number, line in enumerate(_text(head).split("\r\n"), 1):
        match = _LINE.match(line)
        if len(line.encode()) > _LONGEST or _acts(line):
            raise RefusedError(f"its header line {number} holds a control sign or is too long")
        if line.startswith(" ") and line.strip() and found:
            name, value = found[-1]
            found[-1] = (name, value + line)
        elif match:
            found.append((match[1], match[2]))
        else:
            raise RefusedError(f"its header line {number} is none: {line[:60]!r}")
    for name, value in found:
        _check_value(name, value)
    names = [name for name, _ in found]
    twice = next((one for one in names if names.count(one) > 1), "")
    if twice:
        raise RefusedError(f"it has the header {twice} twice")
    return found


def _check_value(name: str, value: str) -> None:
    """Refuse what becomes a control sign, or an encoded word again, when it is decoded."""
    if WORD_BEGINS in value:
        value = decode_words(value)
    if WORD_BEGINS in value or _acts(value):
        raise RefusedError(f"its header {name} holds an encoded word within an encoded word")


def _check_body(values: dict[str, str], body: bytes, depth: int) -> None:
    """Look at the headers of every part, and of the parts in it."""
    border = _BORDER.match(values["Content-Type"])
    if border is None:
        return
    if not depth:
        raise RefusedError("it has parts within parts within parts")
    line = b"--" + border[1].encode()
    before, *parts = (b"\r\n" + body).split(b"\r\n" + line)
    if before.strip() or not parts or parts[-1].strip() != b"--":
        raise RefusedError("its parts do not begin and end where they say")
    for part in parts[:-1]:
        head, _, inner = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        found = _lines(head)
        strange = [name for name, _ in found if name not in _PART]
        if strange or "Content-Type" not in dict(found):
            raise RefusedError(f"a part of it has headers that are not the desk's: {strange}")
        _check_body(dict(found), inner, depth - 1)


def _text(head: bytes) -> str:
    try:
        return head.decode()
    except UnicodeDecodeError:
        raise RefusedError("its headers are not written in UTF-8") from None


def _acts(text: str) -> bool:
    """Tell whether a text holds a control sign or turns the direction of writing."""
    if text.isascii():
        return not text.isprintable()
    return any(unicodedata.category(one) in ("Cc", "Cs") or one in _TURNS for one in text)
