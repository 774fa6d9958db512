"""What of a reply is new: cut at our marker, else at what mail programs write above quotes.

Answers between quotes keep the whole mail; where nothing would be left, everything is kept.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from deskterm.mail.marker import marker_lines
from deskterm.mail.reply import shapes
from deskterm.mail.reply.page import page_lines

_ONLY_LINK = re.compile(
    r"[\s()<>\[\]*_|-]{0,20}(?:https?://|mailto:|www\.)\S{1,900}[\s()<>\[\]*_|-]{0,20}\Z"
)
_QUOTE = re.compile(r"\s{0,3}>")
_MOST_LINES = 60_000


@dataclass(slots=True)
class Line:
    """One line of a reply, and whether something around it says that it is quoted."""

    text: str
    quoted: bool = False
    cut: bool = False
    """Whether the mail program marks that its quote begins here."""


class Quote(NamedTuple):
    """Where quoted text begins."""

    begin: int
    after: int
    """The line after what announces it."""
    to_the_end: bool
    """Whether all that follows is quoted, though nothing before its lines says so."""


def reply_of(text: str, kind: str = "text") -> str:
    """Give the new words of a reply written as `text` or as `html`; all of it when in doubt."""
    if kind == "html":
        lines = [Line(*one) for one in page_lines(text)]
    else:
        rows = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        lines = [Line(row, bool(_QUOTE.match(row))) for row in rows]
    whole = _joined(lines)
    if len(lines) > _MOST_LINES:
        return whole
    return _joined(_new(lines)) or whole


def _joined(lines: Sequence[Line]) -> str:
    return "\n".join(line.text.rstrip() for line in lines).strip("\n").strip()


def _new(lines: list[Line]) -> list[Line]:
    mark = marker_lines([line.text for line in lines])
    if mark is not None and not _answers_below(lines, mark):
        above = _above(lines[:mark])
        if any(line.text.strip() and not line.quoted for line in above):
            return above
    return _above(lines)


def _answers_below(lines: list[Line], mark: int) -> bool:
    """Whether somebody wrote between the quoted lines below our marker."""
    return lines[mark].quoted and any(
        not line.quoted and line.text.strip() and not _is_scrap(line) for line in lines[mark:]
    )


def _above(lines: list[Line]) -> list[Line]:
    """Give the lines that are no quote, where the quotes stand together."""
    quote = _first_quote(lines, [shapes.plain(line.text) for line in lines])
    if quote is None:
        return lines
    rest = [] if quote.to_the_end else lines[quote.after :]
    quotes = [number for number, line in enumerate(rest) if line.quoted]
    answers = [number for number, line in enumerate(rest) if _is_new(line)]
    if answers and quotes and answers[0] < quotes[-1]:
        return lines
    below = rest[quotes[-1] + 1 if quotes else 0 :] if answers else []
    return lines[: quote.begin] + below


def _is_new(line: Line) -> bool:
    return not line.quoted and bool(line.text.strip()) and not _is_scrap(line)


def _is_scrap(line: Line) -> bool:
    """Whether a line is what re-wrapping left of a quoted one: a link and brackets."""
    return bool(_ONLY_LINK.match(line.text[:1_000]))


def _first_quote(lines: list[Line], plains: list[str]) -> Quote | None:
    for number, line in enumerate(lines):
        if line.cut:
            return Quote(_with_rule(plains, number), number, True)
        if line.quoted and _is_quote(lines, number):
            return Quote(number, number, False)
        text = plains[number]
        if not text or line.quoted:
            continue
        if shapes.forwarded_line(text):
            return None
        found = _announced(lines, plains, number)
        if found is not None:
            return found
    return None


def _announced(lines: list[Line], plains: list[str], number: int) -> Quote | None:
    """Give the quote that a line announces: a separator, a header block, an attribution."""
    if shapes.original_line(plains[number]) or shapes.header_block(plains, number) > 0:
        return Quote(_with_rule(plains, number), number, True)
    follows = _quote_follows(lines, number)
    if shapes.dashed_wrote(plains[number]):
        return Quote(number, number + 1, not follows)
    inside = shapes.mid_line(lines[number].text)
    if inside > 0:
        lines[number].text = lines[number].text[:inside]
        return Quote(number + 1, number + 1, not follows)
    start = shapes.attribution(plains, number, follows)
    return Quote(start, number + 1, not follows) if start >= 0 else None


def _with_rule(plains: list[str], number: int) -> int:
    """Give where the drawn line above a header block begins."""
    above = number - 1
    while above >= 0 and not plains[above]:
        above -= 1
    return above if above >= 0 and shapes.is_rule(plains[above]) else number


def _is_quote(lines: list[Line], number: int) -> bool:
    """Whether a quoted line is not alone: one line with a sign before it is somebody's own."""
    following = lines[number + 1 : number + 6]
    return any(line.quoted for line in following)


def _quote_follows(lines: list[Line], number: int) -> bool:
    for line in lines[number + 1 : number + 6]:
        if line.text.strip():
            return line.quoted
    return False
