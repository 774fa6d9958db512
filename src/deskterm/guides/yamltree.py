"""YAML 1.2 as a plain tree with line numbers; nothing is constructed, nothing is expanded.

Aliases, tags, second documents, deep nesting and big files are refused with their line, so that a
foreign file can neither run code nor grow in memory. Scalars stay the text that was written:
Yes, No, 0755 and 1e3 are words until a reader asks for a number.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scalar:
    """A word, number or text as written; `plain` where it stood without quotes."""

    text: str
    line: int
    plain: bool = True


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    items: "tuple[Tree, ...]"
    line: int


@dataclass(frozen=True, slots=True)
class Table:
    """A mapping in the order written; a key that stands twice appears twice."""

    entries: "tuple[tuple[Scalar, Tree], ...]"
    line: int


Tree = Scalar | Items | Table


class YamlError(Exception):
    """The text is no YAML that a guide may be written in; `line` starts at 1."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line
