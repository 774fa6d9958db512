"""Lines of a reply, with what is known of each before anybody reads its words."""

import re
from dataclasses import dataclass

from deskterm.mail.text_lines import Block

_QUOTED = re.compile(r"\s{0,3}>")


@dataclass(slots=True)
class Line:
    """One line of a reply."""

    text: str
    quoted: bool = False
    """Whether a sign before it or a mark around it says that it is quoted."""
    cut: bool = False
    """Whether a mark says that all from here on is quoted."""
    marked: bool = False
    """Whether it is a mark of the mail program, not a sign, that says it is quoted."""
    block: Block = Block.NONE
    """The block it stands in that nothing says is a quote."""


def text_lines(text: str) -> list[Line]:
    """Give the lines of plain text; those with a sign before them are quoted."""
    rows = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return [Line(row, bool(_QUOTED.match(row))) for row in rows]
