"""Where the program does the same twice: runs of lines alike but for names, texts and numbers.

Only what functions do is compared: rows of tables, fields of rows and enumerations are declared
one like the other on purpose.
"""

import ast
import keyword
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from tests.arch.sources import Source, sources

LEAST = 6
"""So many lines make a run."""
TOO_COMMON = 8
"""A run that stands in more places is the trade's own shape (a row of a table), not a copy."""
_THIN = 4
"""Tokens of a line that only hands on a value or closes a bracket: `owner = owner ,`."""
_SAYING = frozenset(keyword.kwlist) - {"None", "True", "False"}
_WORDS = re.compile(
    r"(?P<comment>#.*)|(?P<text>[rbf]*(\"([^\"\\]|\\.)*\"|'([^'\\]|\\.)*'))"
    r"|(?P<name>[^\W\d]\w*)|(?P<digits>\d[\w.]*)|(?P<sign>->|[:=!<>*/+-]=|\S)"
)

Place = tuple[int, int]
"""Which file, and which of its lines that count."""


class Repeat(NamedTuple):
    """A run that stands in two places."""

    lines: int
    first: str
    second: str


class _Text(NamedTuple):
    name: str
    shapes: Sequence[str]
    numbers: Sequence[int]
    """The line in the file of each shape."""


def _deeds(source: Source) -> set[int]:
    """Give the lines of functions; imports and docstrings in them say nothing of their own."""
    lines: set[int] = set()
    silent: set[int] = set()
    for node in source.nodes:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines.update(_lines(node))
        elif isinstance(node, ast.Import | ast.ImportFrom) or (
            isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        ):
            silent.update(_lines(node))
    return lines - silent


def _lines(node: ast.stmt) -> range:
    return range(node.lineno, (node.end_lineno or node.lineno) + 1)


def _shape(line: str) -> list[str]:
    """Give a line's words with names, texts and numbers made alike; a comment is no word."""
    found = []
    for match in _WORDS.finditer(line):
        kind, text = match.lastgroup, match[0]
        if kind == "comment":
            break
        found.append(text if kind == "sign" or text in keyword.kwlist else str(kind)[0])
    return found


def _read(source: Source) -> _Text:
    """Give the shapes of a file's lines; a value handed on does not count."""
    lines = source.text.splitlines()
    found = {number: _shape(lines[number - 1]) for number in sorted(_deeds(source))}
    kept = {
        number: " ".join(shape)
        for number, shape in found.items()
        if len(shape) > _THIN or any(one in _SAYING for one in shape)
    }
    return _Text(source.name, tuple(kept.values()), tuple(kept))


def _alike(texts: Sequence[_Text]) -> Iterator[tuple[Place, Place]]:
    """Give each two places at which a run of LEAST lines of the same shape begins."""
    windows: Mapping[tuple[str, ...], list[Place]] = defaultdict(list)
    for at, text in enumerate(texts):
        for line in range(len(text.shapes) - LEAST + 1):
            windows[tuple(text.shapes[line : line + LEAST])].append((at, line))
    for places in windows.values():
        if 1 < len(places) <= TOO_COMMON:
            for place, first in enumerate(places):
                yield from ((first, second) for second in places[place + 1 :])


def _runs(texts: Sequence[_Text], pairs: Iterable[tuple[Place, Place]]) -> Iterator[Repeat]:
    """Give the whole runs: windows that follow each other in both places are one."""
    open_ = set(pairs)
    for first, second in sorted(open_):
        before = ((first[0], first[1] - 1), (second[0], second[1] - 1))
        if before in open_:
            continue
        length = LEAST
        while _moved(first, second, length - LEAST + 1) in open_:
            length += 1
        if first[0] != second[0] or second[1] - first[1] >= length:
            yield Repeat(length, _named(texts, first), _named(texts, second))


def _moved(first: Place, second: Place, by: int) -> tuple[Place, Place]:
    return ((first[0], first[1] + by), (second[0], second[1] + by))


def _named(texts: Sequence[_Text], place: Place) -> str:
    text = texts[place[0]]
    return f"{text.name}:{text.numbers[place[1]]}"


def found_in(files: Iterable[Source]) -> Sequence[Repeat]:
    """Give the runs that stand twice in these files, the longest first."""
    texts = [_read(source) for source in files]
    return sorted(_runs(texts, _alike(texts)), key=lambda one: (-one.lines, one.first))


@cache
def repeats() -> Sequence[Repeat]:
    """Give the runs that stand twice in the program; migrations are history, they stay."""
    return found_in(one for one in sources() if "migrations/versions" not in one.name)
