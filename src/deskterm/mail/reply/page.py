"""An HTML reply as lines, with what its mail program marked as quoted."""

from selectolax.lexbor import LexborNode

from deskterm.mail.html import PageReader, html_text, is_too_much, shortened
from deskterm.mail.reply.lines import Line, text_lines
from deskterm.mail.reply.marks import BARE, BEGIN, INDENT, OWN, QUOTE, mark_of
from deskterm.mail.text_lines import Block


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
