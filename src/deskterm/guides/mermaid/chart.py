"""A flowchart as read from Mermaid: nodes, shapes, edges and areas, as they first appear."""

from dataclasses import dataclass
from typing import NamedTuple

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


class Bracket(NamedTuple):
    """One pair of brackets around a box's text."""

    opens: str
    closes: str
    shape: str


BRACKETS = (
    Bracket("SQUARE", "SQUARE_END", "square"),
    Bracket("ROUND", "ROUND_END", "round"),
    Bracket("BRACE", "BRACE_END", "diamond"),
    Bracket("STADIUM", "STADIUM_END", "stadium"),
    Bracket("SUBROUTINE", "SUBROUTINE_END", "subroutine"),
    Bracket("CYLINDER", "CYLINDER_END", "cylinder"),
    Bracket("DOUBLE_CIRCLE", "DOUBLE_CIRCLE_END", "doublecircle"),
    Bracket("ELLIPSE", "ELLIPSE_END", "ellipse"),
    Bracket("FLAG", "SQUARE_END", "odd"),
    Bracket("SLANT", "SLANT_BACK_END", "trapezoid"),
    Bracket("SLANT", "SLANT_END", "lean_right"),
    Bracket("SLANT_BACK", "SLANT_END", "inv_trapezoid"),
    Bracket("SLANT_BACK", "SLANT_BACK_END", "lean_left"),
)
OPENING = frozenset(bracket.opens for bracket in BRACKETS)
WRITTEN = {
    "square": ("[", "]"),
    "round": ("(", ")"),
    "diamond": ("{", "}"),
    "hexagon": ("{{", "}}"),
    "circle": ("((", "))"),
    "stadium": ("([", "])"),
    "subroutine": ("[[", "]]"),
    "cylinder": ("[(", ")]"),
    "doublecircle": ("(((", ")))"),
    "ellipse": ("(-", "-)"),
    "odd": (">", "]"),
    "trapezoid": ("[/", "\\]"),
    "lean_right": ("[/", "/]"),
    "inv_trapezoid": ("[\\", "/]"),
    "lean_left": ("[\\", "\\]"),
}
"""Shape → the brackets it is written with; any other is written as `@{ shape: … }`."""

_NAMES = """
    rect proc process rectangle rounded event stadium terminal pill fr-rect subprocess subproc
    framed-rectangle subroutine cyl db database cylinder datastore data-store circle circ bang cloud
    diam decision diamond question hex hexagon prepare lean-r lean-right in-out lean-l lean-left
    out-in trap-b priority trapezoid-bottom trapezoid trap-t manual trapezoid-top inv-trapezoid
    dbl-circ double-circle text notch-rect card notched-rectangle lin-rect lined-rectangle
    lined-process lin-proc shaded-process sm-circ start small-circle fr-circ stop framed-circle fork
    join hourglass collate brace comment brace-l brace-r braces bolt com-link lightning-bolt doc
    document delay half-rounded-rectangle h-cyl das horizontal-cylinder lin-cyl disk lined-cylinder
    curv-trap curved-trapezoid display div-rect div-proc divided-rectangle divided-process tri
    extract triangle win-pane internal-storage window-pane f-circ junction filled-circle notch-pent
    loop-limit notched-pentagon flip-tri manual-file flipped-triangle sl-rect manual-input
    sloped-rectangle docs documents st-doc stacked-document st-rect procs processes
    stacked-rectangle bow-rect stored-data bow-tie-rectangle cross-circ summary crossed-circle
    tag-doc tagged-document tag-rect tagged-rectangle tag-proc tagged-process flag paper-tape odd
    lin-doc lined-document state choice note icon anchor
"""
NAMED = frozenset(_NAMES.split())
"""Every name that `shape:` takes in Mermaid 11."""
