"""Statements that say how a chart looks: checked as Mermaid does, and left out."""

from deskterm.guides.mermaid.building import Building
from deskterm.guides.mermaid.chart import ChartError
from deskterm.guides.mermaid.stream import Stream

_STYLE_PARTS = frozenset(["NUMBER", "WORD", "COLON", "SPACE", "HASH", "STYLE", "COMMA"])
_ALPHANUM = frozenset(
    [
        "NUMBER",
        "LETTER",
        "WORD",
        "DIRECTION",
        "DOWN",
        "MINUS",
        "COMMA",
        "COLON",
        "AND",
        "HASH",
        "STAR",
    ]
)


def skip_drawing(words: Stream, building: Building) -> None:
    """Read one statement that only draws; raises ChartError where Mermaid would refuse it."""
    kind = words.kind
    DRAWING[kind](words, building)
    if kind not in _WITHOUT_END:
        words.separator()


def _space(words: Stream) -> None:
    words.expect("SPACE", "a blank")


def _styles(words: Stream) -> None:
    words.texts(_STYLE_PARTS, "a style such as `fill:#eee`")


def _style(words: Stream, building: Building) -> None:
    """`style a fill:#eee`: names the box `a`, new or not."""
    words.take()
    _space(words)
    building.mention(words.name())
    _space(words)
    _styles(words)


def _class_definition(words: Stream, _building: Building) -> None:
    words.take()
    _space(words)
    words.name()
    _space(words)
    _styles(words)


def _class(words: Stream, _building: Building) -> None:
    words.take()
    _space(words)
    words.name()
    _space(words)
    words.name()
    words.skip("SPACE")


def _link_style(words: Stream, building: Building) -> None:
    words.take()
    _space(words)
    if words.kind == "DEFAULT":
        words.take()
    else:
        _numbers(words, len(building.edges))
    _space(words)
    if words.kind != "INTERPOLATE":
        _styles(words)
        return
    words.take()
    _space(words)
    words.texts(_ALPHANUM, "the name of a curve")
    if words.kind == "SPACE":
        words.take()
        _styles(words)


def _numbers(words: Stream, most: int) -> None:
    while True:
        number = words.expect("NUMBER", "the number of an arrow")
        if int(number.text[:9]) >= most:
            raise ChartError(number.line, f"there is no arrow {number.text[:9]} above")
        if words.kind != "COMMA":
            return
        words.take()


def _click(words: Stream, _building: Building) -> None:
    """`click a href "…" "tip" _blank`, `click a call f()`, `click a "…"`."""
    words.take()
    if words.kind == "CALLBACK":
        words.take()
        words.skip("ARGUMENTS")
    elif words.kind in ("HREF", "STRING"):
        words.skip("HREF")
        words.expect("STRING", "an address in quotes")
    else:
        words.texts(_ALPHANUM, "an address in quotes, or a function")
    for token in ("STRING", "WINDOW"):
        if words.kind == "SPACE" and words.after(1) == token:
            words.take()
            words.take()


def _accessible(words: Stream, _building: Building) -> None:
    words.take()
    words.skip("ACC_VALUE")


def _one(words: Stream, _building: Building) -> None:
    words.take()


DRAWING = {
    "STYLE": _style,
    "LINKSTYLE": _link_style,
    "CLASSDEF": _class_definition,
    "CLASS": _class,
    "CLICK": _click,
    "TURN": _one,
    "ACC": _accessible,
    "ACC_BLOCK": _one,
}
"""The first token of a statement that only draws → what reads it."""
_WITHOUT_END = ("TURN", "ACC", "ACC_BLOCK")
