"""Boxes and the arrows between them: one statement of a flowchart."""

from typing import NamedTuple

from deskterm.guides.mermaid.building import Building
from deskterm.guides.mermaid.chart import BRACKETS, OPENING
from deskterm.guides.mermaid.stream import Stream

_SHAPE = {"SHAPE", "SHAPE_QUOTE", "SHAPE_TEXT", "SHAPE_PART"}


class _Link(NamedTuple):
    """An arrow before it is known what it joins."""

    drawn: str
    label: str
    name: str


class Boxes:
    """Reads one statement of boxes and arrows."""

    def __init__(self, words: Stream, building: Building) -> None:
        self._words = words
        self._building = building

    def statement(self) -> list[str]:
        """Read `a --> b & c --> d`; gives the boxes named. Raises ChartError."""
        words = self._words
        last = self._group()
        named = list(last)
        shaped = self._shape(last)
        if not shaped:
            words.skip("SPACE")
        while words.kind in ("LINK", "LINK_START", "EDGE_ID"):
            line = words.line
            link = self._link()
            targets = self._group()
            shaped = self._shape(targets)
            self._building.link(last, targets, link.drawn, link.label, link.name, line)
            if not shaped:
                words.skip("SPACE")
            named = [*targets, *named]
            last = targets
        words.separator()
        return named

    def _group(self) -> list[str]:
        """Read `a & b & c`."""
        names = [self._box()]
        while self._joined():
            self._shape(names)
            self._words.skip("SPACE")
            self._words.take()
            if not self._words.skip("SPACE"):
                self._words.refuse("a blank after `&`")
            names.append(self._box())
        return names

    def _joined(self) -> bool:
        """Tell whether `&` follows, past blanks and the `@{ … }` of this box."""
        ahead = 0
        while self._words.after(ahead) in _SHAPE:
            ahead += 1
        blanks = 0
        while self._words.after(ahead) == "SPACE":
            ahead += 1
            blanks += 1
        return blanks > 0 and self._words.after(ahead) == "AND"

    def _shape(self, names: list[str]) -> bool:
        """Read `@{ … }` behind the last box named; gives whether there is one."""
        words = self._words
        line = words.line
        parts = []
        while words.kind in _SHAPE:
            word = words.take()
            text = "" if word.token == "SHAPE" else word.text
            parts.append(_breaks(text) if word.token == "SHAPE_TEXT" else text)
        if parts:
            self._building.shape(names[-1], "".join(parts), line)
        return bool(parts)

    def _box(self) -> str:
        """Read a name, its bracket and its class; gives the name."""
        words = self._words
        name = words.name()
        if words.kind in OPENING:
            self._bracket(name)
        elif words.kind == "PROPERTIES":
            self._properties(name)
        else:
            self._building.mention(name)
        if words.kind == "CLASS_MARK":
            words.take()
            words.name()
        return name

    def _bracket(self, name: str) -> None:
        words = self._words
        opens = words.take().token
        doubled = opens in ("ROUND", "BRACE") and words.kind == opens
        if doubled:
            words.take()
        text = words.label()
        closing = {one.closes: one.shape for one in BRACKETS if one.opens == opens}
        if words.kind not in closing:
            words.refuse("the closing bracket (put texts with brackets in quotes)")
        closes = words.take().token
        shape = closing[closes]
        if doubled:
            words.expect(closes, "the second closing bracket")
            shape = "circle" if opens == "ROUND" else "hexagon"
        self._building.describe(name, text, shape)

    def _properties(self, name: str) -> None:
        """Read `[|key:value|text]`."""
        words = self._words
        words.take()
        words.expect("WORD", "a property")
        words.expect("COLON", "`:`")
        words.expect("WORD", "a value")
        words.expect("PIPE", "`|`")
        text = words.label()
        words.expect("SQUARE_END", "`]`")
        self._building.describe(name, text, "rect")

    def _link(self) -> _Link:
        words = self._words
        name = words.take().text[:-1] if words.kind == "EDGE_ID" else ""
        if words.kind == "LINK_START":
            begun = words.take().text.strip()
            label = self._edge_text()
            ended = words.expect("LINK", "the rest of the arrow").text.strip()
            drawn = begun[0] + ended if begun[0] in "<xo" else ended
            return _Link(drawn, label, name)
        drawn = words.expect("LINK", "an arrow").text.strip()
        if words.kind != "PIPE":
            return _Link(drawn, "", name)
        words.take()
        label = words.label()
        words.expect("PIPE", "`|`")
        if words.kind == "SPACE":
            words.take()
        return _Link(drawn, label, name)

    def _edge_text(self) -> str:
        words = self._words
        if words.kind in ("STRING", "MARKDOWN"):
            first = words.take().text
            return first + (words.texts(("EDGE_TEXT",), "") if words.kind == "EDGE_TEXT" else "")
        return words.texts(("EDGE_TEXT",), "the text of the arrow")


def _breaks(text: str) -> str:
    """Give a quoted text of `@{ … }` with its line ends as `<br/>`."""
    lines = text.split("\n")
    return "<br/>".join([lines[0], *(line.lstrip() for line in lines[1:])])
