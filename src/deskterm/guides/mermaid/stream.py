"""The words of a chart, one after the other, with what every part of the reader asks of them."""

from collections.abc import Container

from deskterm.guides.mermaid.chart import ChartError
from deskterm.guides.mermaid.words import Word

_NAME = frozenset(
    [
        "NUMBER",
        "WORD",
        "DOWN",
        "MINUS",
        "DEFAULT",
        "COMMA",
        "COLON",
        "AND",
        "HASH",
        "STAR",
        "LETTER",
    ]
)
"""What an id is made of."""
_SEPARATORS = ("NEWLINE", "SEMICOLON", "EOF")
_TEXT = ("TEXT", "LESS", "FLAG", "LETTER")


class Stream:
    """Words with a place in them; the last word, `EOF`, is never passed."""

    def __init__(self, words: list[Word]) -> None:
        self._words = words
        self._at = 0

    @property
    def kind(self) -> str:
        """The next word's token."""
        return self._words[self._at].token

    @property
    def line(self) -> int:
        """The next word's line; at the end of the text, the last word's."""
        return self._words[self._at - (self.kind == "EOF" and self._at > 0)].line

    def after(self, ahead: int) -> str:
        """Give the token of a word further on."""
        return self._words[min(self._at + ahead, len(self._words) - 1)].token

    def take(self) -> Word:
        """Give the next word and pass it."""
        word = self._words[self._at]
        self._at = min(self._at + 1, len(self._words) - 1)
        return word

    def expect(self, token: str, what: str) -> Word:
        """Give the next word, which must be this; raises ChartError."""
        if self.kind != token:
            self.refuse(what)
        return self.take()

    def refuse(self, what: str) -> None:
        """Raise ChartError: something else is expected here."""
        word = self._words[self._at]
        found = word.text.strip() or {"NEWLINE": "the end of the line"}.get(word.token, "the end")
        raise ChartError(self.line, f"{what} is expected before `{found[:40]}`")

    def skip(self, *tokens: str) -> int:
        """Pass words of these kinds; gives how many."""
        begun = self._at
        while self.kind in tokens:
            self.take()
        return self._at - begun

    def separator(self) -> None:
        """Pass the end of a statement; raises ChartError where it goes on."""
        if self.kind not in _SEPARATORS:
            self.refuse("the end of the line")
        self.take()

    def name(self) -> str:
        """Give an id; raises ChartError."""
        return self.texts(_NAME, "a name")

    def texts(self, kinds: Container[str], what: str) -> str:
        """Give the text of the words of these kinds, at least one; raises ChartError."""
        found = []
        while self.kind in kinds:
            found.append(self.take().text)
        if not found:
            self.refuse(what)
        return "".join(found)

    def label(self) -> str:
        """Give the text in a bracket: words, or one quoted text and words; raises ChartError."""
        first = self.take().text if self.kind in ("STRING", "MARKDOWN") else ""
        if first and self.kind not in _TEXT:
            return first
        return first + self.texts(_TEXT, "a text")
