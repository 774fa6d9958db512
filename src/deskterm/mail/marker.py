"""Our own line in a mail that came back: found whatever a mail program did to it."""

import re
from collections.abc import Sequence

CUT_LINE = "-- please answer above this line --"
"""Above it a reply is new, below it is what the desk wrote."""
CUT_LINES = (CUT_LINE, "-- bitte oberhalb dieser Zeile antworten --")
"""The same in every language that letters are written in."""
_LETTERS = re.compile(r"[^\W\d_]+")
_KEYS = tuple("".join(_LETTERS.findall(line)).lower() for line in CUT_LINES)
_LINE_CAP = 200


def marker_lines(lines: Sequence[str]) -> int | None:
    """Give the first line of our marker: quoted, decorated, or broken over two lines; or None."""
    before = ""
    for number, line in enumerate(lines):
        letters = "".join(_LETTERS.findall(line[:_LINE_CAP])).lower()
        if letters in _KEYS:
            return number
        if before and before + letters in _KEYS:
            return number - 1
        before = letters if letters and any(key.startswith(letters) for key in _KEYS) else ""
    return None
