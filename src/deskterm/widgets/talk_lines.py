"""The entries of a timeline as lines of segments, and where on the page each of them stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style

from deskterm.widgets.wrapping import folded, wrapped

FOLD_AT = 24
"""Lines of one entry shown before it is unfolded."""
KINDS = ("customer", "desk", "internal", "event", "undone")
PARTS = ("when", "side", "body", "detail", "file", "hand", "fold")

Line = list[Segment]


@dataclass(frozen=True, slots=True)
class Saying:
    """One entry as it is drawn. All texts are cleaned."""

    id: int
    kind: str
    """customer, desk, internal or event: how it is coloured."""
    when: str
    head: str
    """Who and what, after the time."""
    side: str
    """`public`, `internal` or empty, at the right."""
    bar: str
    """The sign at the left of each line of the body."""
    body: str = ""
    details: tuple[str, ...] = ()
    """Lines below the body: changes, suggested actions."""
    files: tuple[str, ...] = ()
    undone: bool = False


class TalkLines:
    """The lines of a timeline for one width and one set of colours."""

    def __init__(self) -> None:
        self.sayings: tuple[Saying, ...] = ()
        self.lines: list[tuple[int, Line]] = []
        """(place of the entry, its segments) of every line."""
        self.starts: list[int] = []
        """First line of each entry."""
        self.open: set[int] = set()
        """Entries that were unfolded."""
        self.width = 0
        self.styles: Mapping[str, Style] = {}
        """One for each of KINDS and PARTS."""
        self._known: dict[int, tuple[Saying, bool, list[Line]]] = {}
        """Entries as they were drawn last, with whether they were unfolded."""

    # --- where it stands ------------------------------------------------------------------

    def place_of(self, number: int) -> int:
        """Give the place of an entry; where it is gone, the last place."""
        places = (place for place, one in enumerate(self.sayings) if one.id == number)
        return next(places, len(self.sayings) - 1)

    def last_word(self) -> int:
        """Give the place of the last entry that says something; without one the last of all."""
        places = [at for at, one in enumerate(self.sayings) if one.kind != "event"]
        return places[-1] if places else len(self.sayings) - 1

    def end(self, place: int) -> int:
        """Give the line below an entry."""
        return self.starts[place + 1] if place + 1 < len(self.starts) else len(self.lines)

    def held(self, place: int, top: int, height: int) -> int:
        """Give the place, or where it is not on the screen the nearest that is."""
        bottom = min(top + height, len(self.lines)) - 1
        if not self.lines or (self.starts[place] <= bottom and self.end(place) > top):
            return place
        return self.lines[bottom if self.starts[place] > bottom else max(0, top)][0]

    def anchor(self, top: int) -> tuple[int, int]:
        """Give the entry at the top of the screen, and how far into it."""
        if not 0 <= top < len(self.lines):
            return (0, 0)
        place = self.lines[top][0]
        return (self.sayings[place].id, top - self.starts[place])

    def line_of(self, anchor: tuple[int, int]) -> int:
        """Give the line at which an anchor stands now."""
        return self.starts[self.place_of(anchor[0])] + anchor[1]

    # --- drawing --------------------------------------------------------------------------

    def lay_out(self, width: int, styles: Mapping[str, Style]) -> None:
        """Break every entry into lines; one that is the same as before is not drawn again."""
        if styles is not self.styles or width != self.width:
            self._known = {}
        self.width, self.styles = width, styles
        self.lines, self.starts = [], []
        for place, one in enumerate(self.sayings):
            self.starts.append(len(self.lines))
            self.lines += [(place, line) for line in self._lines_of(one)]

    def _lines_of(self, one: Saying) -> list[Line]:
        unfolded = one.id in self.open
        before = self._known.get(one.id)
        if before is None or before[:2] != (one, unfolded):
            before = self._known[one.id] = (one, unfolded, self._drawn(one))
        return before[2]

    def _drawn(self, one: Saying) -> list[Line]:
        style = self.styles
        kind = style["undone" if one.undone else one.kind]
        room = max(10, self.width - 1)
        mark = f" {one.side}" if one.side else ""
        mark += " (undone)" if one.undone else ""
        indent = cell_len(one.when) + 3
        head = wrapped(one.head, max(8, room - indent - cell_len(mark))) or [""]
        gap = max(0, room - indent - cell_len(head[0]) - cell_len(mark))
        first = [
            Segment(f" {one.when}  ", style["when"]),
            Segment(head[0], kind),
            Segment(" " * gap, style["when"]),
            Segment(mark, style["side"]),
        ]
        more = [[Segment(" " * indent + rest, kind)] for rest in head[1:]]
        return [first, *more, *self._below(one, room)]

    def _below(self, one: Saying, room: int) -> list[Line]:
        style = self.styles
        bar = Segment(f" {one.bar} ", style["undone" if one.undone else one.kind])
        body = style["undone"] if one.undone else style["body"]
        lines: list[Line] = []
        if one.body:
            shown = wrapped(one.body, room - 3)
            left = 0
            if one.id not in self.open:
                shown, left = folded(shown, FOLD_AT)
            lines += [[bar, Segment(line, body)] for line in shown]
            if left:
                lines.append([bar, Segment(f"… {left} more lines · Enter unfolds", style["fold"])])
        for text, name in _small(one.details, one.files):
            lines += [[bar, Segment(line, style[name])] for line in wrapped(text, room - 3)]
        if one.kind != "event":
            lines.append([])
        return lines


def _small(details: Sequence[str], files: Sequence[str]) -> list[tuple[str, str]]:
    """Give the lines below the body, each with the name of its style."""
    return [*((line, "detail") for line in details), *((line, "file") for line in files)]
