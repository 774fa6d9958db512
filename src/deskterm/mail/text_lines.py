"""Lines of plain text as they grow out of a document: breaks are remembered until text follows."""

from enum import StrEnum
from typing import NamedTuple

MOST_QUOTES = 10


class Block(StrEnum):
    """A block that is set off from the text around it, without a mark that says it is quoted."""

    NONE = ""
    BARE = "bare"
    """Set off by nothing but its tag, as old mail programs quote."""
    OWN = "own"
    """Set off by the writer, with the buttons of their mail program."""


class Row(NamedTuple):
    """One line, and what stood around it."""

    text: str
    folded: bool = False
    """Inside of what a mail program marked as its quote."""
    cut: bool = False
    """The first line after a mark that says: from here on."""
    block: Block = Block.NONE


class TextLines:
    """Collects words and breaks; a break that nothing follows leaves no trace.

    `soft` ends a paragraph, `hard` a row or list item, `cell` sets the next cell beside the last.
    """

    def __init__(self) -> None:
        self.quote = 0
        self.folding = 0
        self.blocks: list[Block] = []
        self._done: list[str] = []
        self._marks: list[tuple[bool, bool, Block]] = []
        self._mark = (False, False, Block.NONE)
        self._cut = False
        self._quoted = 0
        """How deep the last line is quoted; a blank line between two quoted ones is so too."""
        self._line: list[str] = []
        self._break = ""
        self._gap = False
        self._row_has_text = False
        self._space = False

    def soft(self, gap: bool = False) -> None:
        """End the line before the next text, unless a cell has just begun."""
        if self._break != "cell":
            self._break = self._break or "soft"
            self._gap = self._gap or gap

    def hard(self, gap: bool = False) -> None:
        """End the line before the next text, whatever stands there."""
        self._break = "hard"
        self._gap = self._gap or gap

    def line_break(self) -> None:
        """End the line now; a second one in a row leaves a blank line."""
        if self._break in ("hard", "soft") or not self._line:
            self._gap = True
        self._break = "hard"

    def cut(self) -> None:
        """Mark the next line as the first of those that a reply only quotes."""
        self._cut = True

    def row(self) -> None:
        """Begin a row of a table."""
        self._gap = self._gap and not self._row_has_text
        self.hard()
        self._row_has_text = False

    def cell(self) -> None:
        """Begin a cell: beside the one before it, where that was a line of text."""
        if self._row_has_text and self._break != "hard":
            self._break, self._gap = "cell", False

    def words(self, text: str) -> None:
        """Add text whose runs of white space were already made single spaces."""
        if text.startswith(" "):
            self._space = True
            text = text[1:]
        if not text:
            return
        self._flush()
        if self._space and self._line and not self._line[-1].endswith(" "):
            self._line.append(" ")
        self._space = text.endswith(" ")
        self._line.append(text.rstrip(" "))

    def verbatim(self, text: str) -> None:
        """Add preformatted text, its line ends kept."""
        first, *rest = text.split("\n")
        if first.strip():
            self._flush()
            self._line.append(first)
        for line in rest:
            self.line_break()
            if line.strip():
                self._flush()
                self._line.append(line)

    def mark(self) -> tuple[int, int]:
        """Give the present place, for `since`."""
        return len(self._done), len(self._line)

    def since(self, mark: tuple[int, int]) -> str:
        """Give the text added since a mark."""
        lines, words = mark
        if lines == len(self._done):
            return "".join(self._line[words:])
        return " ".join([*self._done[lines:][:20], "".join(self._line)])

    def text(self) -> str:
        """Give all of it, without blank lines at its ends."""
        self._end_line()
        return "\n".join(self._done).strip("\n")

    def rows(self) -> list[Row]:
        """Give all lines with what stood around them."""
        self._end_line()
        return [Row(text, *marks) for text, marks in zip(self._done, self._marks, strict=True)]

    def _flush(self) -> None:
        self._row_has_text = True
        if self._break == "cell":
            self._line.append(" | ")
        elif self._break:
            self._end_line()
            if self._gap and self._done and self._done[-1]:
                quoted = min(self._quoted, self.quote, MOST_QUOTES)
                self._done.append((">" + " >" * (quoted - 1)) if quoted else "")
                self._marks.append((self.folding > 0, False, Block.NONE))
        self._break, self._gap = "", False
        if not self._line:
            self._space = False
            self._mark = (
                self.folding > 0,
                self._cut,
                self.blocks[-1] if self.blocks else Block.NONE,
            )
            self._cut = False
            self._quoted = self.quote
            if self.quote:
                self._line.append("> " * min(self.quote, MOST_QUOTES))
            elif self.blocks:
                self._line.append("  " * min(len(self.blocks), MOST_QUOTES))

    def _end_line(self) -> None:
        if self._line:
            self._done.append("".join(self._line).rstrip())
            self._marks.append(self._mark)
        self._line = []
