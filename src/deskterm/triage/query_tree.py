"""A query as a frozen tree."""

from collections.abc import Iterator
from typing import NamedTuple


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
