"""A query as a frozen tree, or its refusal: where, what is wrong, what is possible there."""

import unicodedata
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from deskterm.domain.errors import UsageError
from deskterm.domain.text import clean


class Term(NamedTuple):
    """One condition. `field` is a name of `TERMS`, `text`, or `field.NAME`; values are any-of."""

    field: str
    operator: str
    values: tuple[str, ...]
    at: int
    """Where it begins in the text, for errors found later."""


class Every(NamedTuple):
    """Every part holds."""

    parts: tuple["Node", ...]


class Either(NamedTuple):
    """At least one part holds."""

    parts: tuple["Node", ...]


class Not(NamedTuple):
    """The part does not hold."""

    part: "Node"


Node = Term | Every | Either | Not


class Sort(NamedTuple):
    """A sort key of `SORTS` and its direction."""

    key: str
    descending: bool


class Query(NamedTuple):
    """A whole query: the conditions (None: every ticket) and the order (empty: the board's)."""

    where: Node | None
    sort: tuple[Sort, ...]
    text: str


def terms(node: Node | None) -> Iterator[Term]:
    """Give every term of a tree, in order."""
    if isinstance(node, Term):
        yield node
    elif isinstance(node, Not):
        yield from terms(node.part)
    elif node is not None:
        for part in node.parts:
            yield from terms(part)


_BEFORE = 50
_AFTER = 22


class QueryError(UsageError):
    """A query that cannot be read. `str(error)` is a sentence, the query, and a caret below it."""

    def __init__(
        self, sentence: str, text: str, position: int, choices: Sequence[str] = ()
    ) -> None:
        self.sentence = clean(sentence, one_line=True)
        """What is wrong and what to do, one line, safe to show."""
        self.text = text
        self.position = max(0, min(position, len(text)))
        """The character (from 0) that the error is about; the text's length means its end."""
        self.choices = tuple(choices)
        """What is possible at that place, where that is a short list."""
        super().__init__(f"{self.sentence}\n{caret(text, self.position)}" if text else sentence)


def caret(text: str, position: int) -> str:
    """Give two lines: the query near the position, safe to show, and a caret below it."""
    start = max(0, position - _BEFORE)
    shown = [_shown(character) for character in text[start : position + _AFTER]]
    lead = "…" if start else ""
    tail = "…" if position + _AFTER < len(text) else ""
    column = len(lead) + sum(_width(sign) for sign in shown[: position - start])
    return f"  {lead}{''.join(shown)}{tail}\n  {' ' * column}^"


def _shown(character: str) -> str:
    if character.isspace():
        return " "
    return clean(character) or "·"


def _width(sign: str) -> int:
    if unicodedata.combining(sign):
        return 0
    return 2 if unicodedata.east_asian_width(sign) in "WF" else 1
