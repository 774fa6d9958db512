"""Header lines of a letter, encoded here from final text and by nobody else (RFC 2047, 2231, 5322).

No interface below reads a value once more: the lines are written as they come from here. `=?` in a
text is broken up, so that a reader who decodes twice finds no encoded word in it either.
"""

import re
from collections.abc import Iterable
from email.charset import SHORTEST, Charset
from email.header import Header
from typing import NamedTuple
from urllib.parse import quote

from deskterm.domain.address import normal_address, wire_address
from deskterm.domain.errors import UsageError
from deskterm.domain.patterns import pattern
from deskterm.domain.text import header_safe, pasted, storable

LINE_END = "\r\n"
WORD_BEGINS = "=?"
"""So begins an encoded word; no text of ours has it."""
SUBJECT_CAP, NAME_CAP = 200, 120
_FOLD = f"{LINE_END} "
_WIDTH = 76
_ID_CAP = 900
"""The longest id that a line of a header can hold."""
_ATOMS = pattern(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]*\Z")
_TOKEN = pattern(r"[A-Za-z0-9][A-Za-z0-9.+-]{0,60}\Z")
_PLAIN_FILE = pattern(r"[A-Za-z0-9 ._()+,~#@-]{1,60}\Z")
_PIECE = 50
"""Signs of an encoded parameter on one line."""
_APART = pattern(r"(?<!=) ")
"""Where a line may end: not where `=?` was broken up, since careless readers join lines."""
_UTF8 = Charset("utf-8")
_UTF8.header_encoding = SHORTEST


class Field(NamedTuple):
    """One header as it is written: its name, and its value encoded and folded."""

    name: str
    value: str

    def __str__(self) -> str:
        """Give its lines, without the last line end."""
        return f"{self.name}: {self.value}"


def header_text(text: str, most: int = SUBJECT_CAP) -> str:
    """Give a text as a header may say it: one line, nothing in it acts or reads as encoded."""
    shown = " ".join(pasted(header_safe(storable(text))).split())[:most].strip()
    return shown.replace(WORD_BEGINS, "= ?")


def text_field(name: str, text: str) -> Field:
    """Give a header of free words, such as the subject."""
    said = header_text(text)
    return Field(name, _folded(name, said) if said.isascii() else _encoded(name, said))


def plain_field(name: str, value: str) -> Field:
    """Give a header whose value the program itself made; raises UsageError where it is not plain.

    For dates, ids of tickets and words of the program, never for what somebody wrote.
    """
    if not (value.isascii() and value.isprintable()) or WORD_BEGINS in value:
        raise UsageError(f"{value[:60]!r} is no plain value of the header {name}.")
    return Field(name, value)


def mailbox_field(name: str, shown: str, address: str) -> Field:
    """Give a header with one mailbox; its name can neither end it nor name a second one.

    Raises UsageError where the address is none, or holds an encoded word.
    """
    wire = wire_address(normal_address(address))
    if WORD_BEGINS in wire:
        raise UsageError(f"no letter can go to {address[:80]!r}: programs read '=?' as a code.")
    phrase = header_text(shown, NAME_CAP).replace('"', "'")
    if not phrase:
        return Field(name, wire)
    written = _phrase(name, phrase)
    last = written.rpartition(LINE_END)[2]
    between = " " if len(last) + len(wire) < _WIDTH else _FOLD
    return Field(name, f"{written}{between}<{wire}>")


def ids_field(name: str, ids: Iterable[str]) -> Field:
    """Give a header of Message-IDs, one a line: long ones are never cut or encoded."""
    return Field(name, _FOLD.join(ids))


def plain_id(text: str) -> str:
    """Give an id as a header can hold it; nothing where none can: too long, or not plain ASCII."""
    one = "".join(header_safe(text).split())
    plain = one.isascii() and one.isprintable() and WORD_BEGINS not in one
    return one if plain and len(one) <= _ID_CAP else ""


def media_type(text: str) -> tuple[str, str]:
    """Give (main, sub) of the type of a file that travels; what a reader might run is bytes."""
    main, _, sub = text.lower().partition("/")
    if main in ("application", "image", "audio", "video") and _TOKEN.match(sub):
        return main, sub
    return "application", "octet-stream"


def attachment_field(file_name: str) -> Field:
    """Give the header that names an attached file (RFC 2231 where the name is not plain)."""
    if _PLAIN_FILE.match(file_name):
        return Field("Content-Disposition", f'attachment; filename="{file_name}"')
    coded = f"utf-8''{quote(file_name, safe='')}"
    pieces = _pieces(coded)
    if len(pieces) == 1:
        return Field("Content-Disposition", f"attachment;{_FOLD}filename*={coded}")
    named = (f"filename*{place}*={piece}" for place, piece in enumerate(pieces))
    return Field("Content-Disposition", f";{_FOLD}".join(("attachment", *named)))


def _phrase(name: str, text: str) -> str:
    """Give a display name: bare, in quotes, or encoded."""
    if not text.isascii():
        return _encoded(name, text)
    if _ATOMS.match(text):
        return _folded(name, text)
    return _folded(name, '"' + text.replace("\\", "\\\\") + '"')


def _encoded(name: str, text: str) -> str:
    header = Header(text, charset=_UTF8, maxlinelen=_WIDTH, header_name=name)
    return header.encode(linesep=LINE_END)


def _folded(name: str, text: str) -> str:
    """Give ASCII words on lines that are short where they can be."""
    lines: list[str] = []
    line, room = "", _WIDTH - len(name) - 2
    for word in _APART.split(text):
        if line and len(line) + 1 + len(word) > room:
            lines.append(line)
            line, room = word, _WIDTH - 1
        else:
            line = f"{line} {word}" if line else word
    return _FOLD.join((*lines, line))


def _pieces(coded: str) -> list[str]:
    """Part an encoded value between its signs, never inside one (`%C3`)."""
    signs = re.findall(r"%..|.", coded)
    return ["".join(signs[at : at + _PIECE]) for at in range(0, len(signs), _PIECE)]
