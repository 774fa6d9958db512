"""A flowchart as read from Mermaid: nodes, edges and areas, in the order they first appear."""

from dataclasses import dataclass

from deskterm.domain.errors import UsageError

QUESTIONS = frozenset({"diamond", "hexagon", "diam", "decision", "question", "hex", "prepare"})
"""Shapes that ask by themselves."""


@dataclass(frozen=True, slots=True)
class ChartNode:
    """A box."""

    id: str
    text: str
    shape: str = ""
    """The grammar's name of the bracket (`square`, `diamond` …), or the `shape:` of `@{…}`."""


@dataclass(frozen=True, slots=True)
class ChartEdge:
    """An arrow; several may lead from one box to the same other."""

    source: str
    target: str
    label: str = ""
    link: str = "-->"
    """How it is drawn, in its shortest form."""


@dataclass(frozen=True, slots=True)
class Area:
    """A subgraph: some boxes with a frame around them."""

    id: str
    title: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A whole flowchart."""

    nodes: dict[str, ChartNode]
    edges: tuple[ChartEdge, ...]
    areas: tuple[Area, ...] = ()
    direction: str = "TB"
    title: str = ""

    def ways(self, node: str) -> tuple[ChartEdge, ...]:
        """Give the arrows that leave a box, in order."""
        return tuple(edge for edge in self.edges if edge.source == node)

    def asks(self, node: str) -> bool:
        """Tell whether a box is a question: by its shape, or because several ways leave it."""
        return self.nodes[node].shape in QUESTIONS or len(self.ways(node)) > 1


class ChartError(UsageError):
    """The text is no flowchart that Mermaid would read; `line` starts at 1."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(f"line {line}: {message}")
        self.line = line
        self.message = message
