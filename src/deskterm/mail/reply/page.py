"""A reply as lines with what is known of each; of HTML, what its mail program marked as quoted.

Mail programs mark their quotes by classes, ids and styles that nothing else uses.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from selectolax.lexbor import LexborNode

from deskterm.domain.patterns import pattern
from deskterm.mail.html import PageReader, html_text, is_too_much, shortened
from deskterm.mail.text_lines import Block

_QUOTED = pattern(r"\s{0,3}>")
_OTHER_SIGN = pattern(r"\s{0,3}(\||[A-Z]{2,3}>)(?:\s|\Z)")
_ANNOUNCES = pattern(
    r"@[\w.-]{2}|\b\d{1,4}[./-]\d{1,2}[./-]\d{2,4}\b|\b\d{1,2}:\d\d\b"
    r"|\b\d{1,2}\.? [^\W\d_]{3,12}\.? \d{4}\b"
)


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
    """Give the lines of plain text; those with a sign before them are quoted.

    A bar or initials (`AS>`) are such a sign where two lines have it and a line with an address
    or a date announces them: else it is a table, or what a program said.
    """
    rows = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    lines = [Line(row, bool(_QUOTED.match(row))) for row in rows]
    above, at = "", 0
    while at < len(rows):
        sign = _sign(rows[at])
        end = at + 1
        while sign and end < len(rows) and _sign(rows[end]) == sign:
            end += 1
        if end - at > 1 and _ANNOUNCES.search(above[:400]):
            for line in lines[at:end]:
                line.quoted = True
        above = rows[end - 1] if rows[end - 1].strip() else above
        at = end
    return lines


def _sign(row: str) -> str:
    """Give the bar or the initials before a line, unless a bar ends it too, as in a table."""
    found = _OTHER_SIGN.match(row)
    return found.group(1) if found and not row.rstrip()[1:].endswith("|") else ""


def page_lines(html: str) -> list[Line]:
    """Give the lines that a person would see, each with what marks say about it."""
    page, _ = shortened(html)
    if not page.strip():
        return []
    if is_too_much(page):
        return text_lines(html_text(html))
    reader = _QuoteReader()
    reader.read(page)
    return reader.lines()


class _QuoteReader(PageReader):
    """Reads a page and remembers which lines stood inside of quotes."""

    def __init__(self) -> None:
        super().__init__()
        self._marked: list[tuple[int, str, str]] = []
        """(element, tag, mark) of the marked elements around the place."""

    def lines(self) -> list[Line]:
        """Give the lines read so far."""
        return [
            Line(one.text, one.folded, one.cut, marked=one.folded, block=one.block)
            for one in self.out.rows()
        ]

    def opened(self, node: LexborNode, tag: str) -> None:
        """Begin the quote that an element marks."""
        mark = mark_of(tag, node.attributes) if node.attributes or tag == "blockquote" else ""
        if not mark:
            return
        self.out.hard()
        if mark == BEGIN:
            self.out.cut()
            return
        if mark == OWN and self._in_container():
            mark = QUOTE
        self._marked.append((node.mem_id, tag, mark))
        if mark == QUOTE:
            self.out.folding += 1
            self.out.quote += tag == "blockquote"
        else:
            self.out.blocks.append(Block.OWN if mark in (OWN, INDENT) else Block.BARE)

    def closed(self, node: LexborNode, tag: str) -> None:
        """End the quote that an element marked; words after a blockquote in it are new."""
        if not self._marked or self._marked[-1][0] != node.mem_id:
            return
        _, _, mark = self._marked.pop()
        if mark in (OWN, INDENT, BARE):
            self.out.blocks.pop()
        elif mark == QUOTE:
            self.out.folding -= 1
            self.out.quote -= tag == "blockquote"
            if tag == "blockquote":
                self._end_around()

    def _in_container(self) -> bool:
        """Whether an element around the place, other than a blockquote, holds a quote."""
        return any(tag != "blockquote" for _, tag, _ in self._marked)

    def _end_around(self) -> None:
        """End the quotes around a quoted block up to the next block: what follows is new."""
        for place in range(len(self._marked) - 1, -1, -1):
            element, tag, mark = self._marked[place]
            if tag == "blockquote":
                return
            self.out.folding -= mark == QUOTE
            self._marked[place] = (element, tag, "")


QUOTE = "quote"
"""All inside is quoted, up to the end of a blockquote in it."""
BEGIN = "begin"
"""All that follows is quoted."""
BARE = "bare"
"""A blockquote and nothing that says more."""
INDENT = "indent"
"""A blockquote with the measures of a button that indents."""
OWN = "own"
"""A quote that the writer made, unless it stands in a container of quotes."""

_CLASSES_TEXT = """
gmail_quote gmail_quote_container gmail_attr yahoo_quoted protonmail_quote tutanota_quote
zmail_extra moz-cite-prefix ms-outlook-mobile-reference-message outlookmessageheader mail_quote
freshdesk_quote missive_quote sh-quoted-content front-blockquote quoted_text elided-text
"""
_CLASSES = frozenset(_CLASSES_TEXT.split())
_IDS_TEXT = """
mail-editor-reference-message-container isreplycontent replybody1 reply-intro
"""
_IDS = frozenset(_IDS_TEXT.split())
_BEGINS_TEXT = """
appendonsend divrplyfwdmsg stopspelling zwchr orimsghtmlseperator orimsghtmlseparator
ms-outlook-mobile-body-separator-line
"""
_BEGINS = frozenset(_BEGINS_TEXT.split())
_NAMES = frozenset(("messagereplysection", "quote"))
_MARKERS = {"__quoted_text__": QUOTE, "__divider__": BEGIN}
_OUTLOOK = pattern(r"border-top:solid#(?:e1e1e1|b5c4df)1\.0pt", re.IGNORECASE)
_BORDER_LEFT = pattern(
    r"border-left(?:-width|-style|-color)?:(?!none|0(?![.\d])|medium)|border-width:0[^;]*1px",
    re.IGNORECASE,
)
_INDENTED = pattern(r"border:(?:none|0)|margin(?:-left)?:(?:0(?:px)?0(?:px)?0(?:px)?)?[34]0px")
_QUOTING = pattern(r"quote|cite|gmail|yahoo|reply", re.IGNORECASE)


def mark_of(tag: str, attributes: Mapping[str, str | None]) -> str:
    """Give what the attributes of an element say about quoting, or nothing."""
    classes = [word.removeprefix("x_") for word in _value(attributes, "class").split()[:20]]
    name = _value(attributes, "id").removeprefix("x_")
    if name in _BEGINS:
        return BEGIN
    if tag == "blockquote":
        return _blockquote(attributes, classes)
    if not _CLASSES.isdisjoint(classes) or name in _IDS or name.startswith("yahoo_quoted"):
        return QUOTE
    if _value(attributes, "name") in _NAMES and tag in ("div", "section"):
        return QUOTE
    style = "".join(_value(attributes, "style").split())
    if style and _OUTLOOK.search(style):
        return BEGIN
    return _MARKERS.get(_value(attributes, "data-marker"), "")


def _blockquote(attributes: Mapping[str, str | None], classes: list[str]) -> str:
    style = "".join(_value(attributes, "style").split())
    told = _value(attributes, "type") == "cite" or "cite" in attributes
    if told or _QUOTING.search(" ".join(classes)) or _BORDER_LEFT.search(style):
        return OWN if "gmail_quote" in classes else QUOTE
    return INDENT if _INDENTED.search(style) else BARE


def _value(attributes: Mapping[str, str | None], name: str) -> str:
    return (attributes.get(name) or "")[:1_000].strip().lower()
