"""Our own line in a mail that came back: found whatever a mail program did to it."""

import re
from collections.abc import Sequence

CUT_LINE = "-- please answer above this line --"
"""Above it a reply is new, below it is what the desk wrote."""
_LETTERS = re.compile(r"[^\W\d_]+")
_KEY = "".join(_LETTERS.findall(CUT_LINE))
_LINE_CAP = 200


def marker_lines(lines: Sequence[str]) -> int | None:
    """Give the first line of our marker: quoted, decorated, or broken over two lines; or None."""
    before = ""
    for number, line in enumerate(lines):
        letters = "".join(_LETTERS.findall(line[:_LINE_CAP])).lower()
        if letters == _KEY:
            return number
        if before and before != _KEY and before + letters == _KEY:
            return number - 1
        before = letters if letters and _KEY.startswith(letters) else ""
    return None
