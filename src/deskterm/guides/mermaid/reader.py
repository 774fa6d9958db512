"""Mermaid flowcharts as Mermaid 11 reads them; what it refuses is refused with the line.

The grammar is Mermaid's (`flowchart` and `graph`): boxes with all brackets and `@{ … }`, `&`,
chains, arrows with texts and names, subgraphs, and the statements that only draw (style, classDef,
class, linkStyle, click, direction), which are checked and left out.
"""

from deskterm.guides.mermaid.boxes import Boxes
from deskterm.guides.mermaid.building import Building, area_name
from deskterm.guides.mermaid.chart import Chart, ChartError
from deskterm.guides.mermaid.clean_text import prepared
from deskterm.guides.mermaid.drawing import DRAWING, skip_drawing
from deskterm.guides.mermaid.stream import Stream
from deskterm.guides.mermaid.words import words_of

DEEPEST = 50
"""Subgraphs within subgraphs."""
_BETWEEN = ("NEWLINE", "SEMICOLON", "SPACE")
_DIRECTIONS = {"<": "RL", ">": "LR", "^": "BT", "v": "TB", "TD": "TB"}
_TITLES = """NUMBER WORD LETTER SPACE MINUS AND COLON STAR HASH STYLE LINKSTYLE CLASSDEF CLASS CLICK
    GRAPH DIRECTION SUBGRAPH END DOWN UP LINK_START STRING MARKDOWN"""
_TITLE = frozenset(_TITLES.split())


def read_chart(source: str) -> Chart:
    """Give the flowchart; raises ChartError with the line where it is none."""
    made = prepared(source)
    words = Stream(words_of(made.text))
    building = Building()
    _head(words, building)
    _document(words, building, 0)
    return building.chart(made.title)


def _head(words: Stream, building: Building) -> None:
    words.skip("NEWLINE", "SPACE")
    if words.kind != "GRAPH":
        raise ChartError(words.line, "a chart begins with `flowchart TD` or `graph LR`")
    words.take()
    if words.kind == "NO_DIRECTION":
        words.take()
        return
    named = words.expect("DIRECTION", "a direction (TD, LR …) or the end of the line").text.strip()
    building.direction = _DIRECTIONS.get(named, named)
    if words.kind == "SEMICOLON":
        words.take()
        return
    words.skip("SPACE")
    words.expect("NEWLINE", "the end of the line")


def _document(words: Stream, building: Building, depth: int) -> list[str]:
    """Read statements up to the end of the text or of a subgraph; gives the boxes they name."""
    members: list[str] = []
    while True:
        words.skip(*_BETWEEN)
        if words.kind == "EOF" and not depth:
            return members
        if words.kind == "END" and depth:
            words.take()
            return members
        if words.kind == "EOF":
            raise ChartError(words.line, "a subgraph is not closed: write `end` below it")
        members += _statement(words, building, depth)


def _statement(words: Stream, building: Building, depth: int) -> list[str]:
    if words.kind == "SUBGRAPH":
        return _subgraph(words, building, depth + 1)
    if words.kind in DRAWING:
        skip_drawing(words, building)
        return []
    return Boxes(words, building).statement()


def _subgraph(words: Stream, building: Building, depth: int) -> list[str]:
    if depth > DEEPEST:
        raise ChartError(words.line, f"subgraphs lie deeper than {DEEPEST}")
    words.take()
    words.expect("SPACE", "the name of the subgraph")
    written = title = words.texts(_TITLE, "the name of the subgraph")
    if words.kind == "SQUARE":
        words.take()
        title = words.label()
        words.expect("SQUARE_END", "`]`")
        name: str | None = written.strip()
    else:
        name = area_name(written)
    words.separator()
    return [building.area(name, title, _document(words, building, depth))]
