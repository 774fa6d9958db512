"""What was said and done, oldest first, as one long text that keeps its place.

The owner gives entries; every line is drawn by itself, so that thousands cost nothing. Public and
internal differ by word, by sign and by the bar at the left, never by colour alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from textual import events
from textual.binding import BindingType
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from deskterm.widgets.moving import MOVES, Moving, bound
from deskterm.widgets.wrapping import folded, wrapped

if TYPE_CHECKING:
    from rich.style import Style

FOLD_AT = 24
"""Lines of one entry shown before it is unfolded."""


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


_KINDS = ("customer", "desk", "internal", "event", "undone")
_PARTS = ("when", "side", "body", "detail", "file", "hand", "fold")


class TalkView(Moving, ScrollView, can_focus=True, inherit_bindings=False):
    """The timeline. Its owner binds the keys of `step` and `unfold`."""

    BINDINGS: ClassVar[list[BindingType]] = [*bound(*MOVES)]

    DEFAULT_CSS = """
    TalkView {
        background: $background; overflow-x: hidden; scrollbar-size-vertical: 1;
        scrollbar-background: $background;
        & > .talk--customer { color: $primary; text-style: bold; }
        & > .talk--desk { color: $success; text-style: bold; }
        & > .talk--internal { color: $warning; text-style: bold; }
        & > .talk--event { color: $text-muted; }
        & > .talk--undone { color: $text-disabled; text-style: strike; }
        & > .talk--when { color: $text-muted; }
        & > .talk--side { color: $text-muted; }
        & > .talk--body { color: $foreground; }
        & > .talk--detail { color: $text-muted; }
        & > .talk--file { color: $secondary; }
        & > .talk--fold { color: $accent; }
        & > .talk--hand { background: $panel; }
    }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"talk--{name}" for name in (*_KINDS, *_PARTS)}

    @dataclass
    class Moved(Message):
        """Another entry is in hand; `below` new ones are out of sight."""

        id: int | None
        below: int

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's word
        super().__init__(id=id)
        self._sayings: tuple[Saying, ...] = ()
        self._open: set[int] = set()
        """Entries that were unfolded."""
        self._lines: list[tuple[int, list[Segment]]] = []
        """(place of the entry, its segments) of every line."""
        self._starts: list[int] = []
        """First line of each entry."""
        self._known: dict[int, tuple[Saying, bool, list[list[Segment]]]] = {}
        """Entries as they were drawn last, with whether they were unfolded."""
        self._styles: dict[str, Style] = {}
        self._width = 0
        self._hand = 0
        self._unseen = 0
        self._follow = True
        """The end is shown, and what is new shall be."""

    # --- what it shows -------------------------------------------------------------

    def show(self, sayings: Sequence[Saying]) -> None:
        """Show these entries: the first time from the end, later the place is kept.

        Who reads at the end sees what is new at once.
        """
        first = not self._sayings
        anchor, held = self._anchor(), self.in_hand
        known = max((one.id for one in self._sayings), default=0)
        self._sayings = tuple(sayings)
        fresh = sum(one.id > known for one in self._sayings)
        if first or (self._follow and fresh):
            self._hand = self._last_word()
        elif held is not None:
            self._hand = self._place_of(held.id)
        if not self._follow:
            self._unseen += fresh
        if self.size.width:
            self._lay_out()
            self._return_to(anchor)
        self._tell()

    def take(self, number: int) -> None:
        """Take an entry in hand and show it, as soon as the lines are laid out."""
        self._hand = self._place_of(number)
        self._follow = False
        if self._starts:
            self._return_to((number, 0))
        self._tell()

    @property
    def in_hand(self) -> Saying | None:
        """The entry in hand: the one whose head is marked."""
        return self._sayings[self._hand] if 0 <= self._hand < len(self._sayings) else None

    def unfold(self) -> None:
        """Show the entry in hand whole, or fold it again."""
        one = self.in_hand
        if one is None:
            return
        self._open ^= {one.id}
        self._lay_out()
        self._follow = False
        if self._starts[self._hand] < self.scroll_offset.y:
            self._return_to((one.id, 0))

    # --- moving ----------------------------------------------------------------------

    def move(self, lines: int) -> None:
        """Scroll by lines; the hand follows what is on the screen."""
        self.scroll_to(y=self.scroll_offset.y + lines, animate=False)
        self._hold_visible()

    def move_page(self, by: int) -> None:
        """Scroll by pages."""
        self.move(by * max(1, self.size.height - 2))

    def move_to_end(self, last: bool) -> None:
        """Go to the first or the last entry."""
        self._hand = self._last_word() if last else 0
        self.scroll_to(y=self.max_scroll_y if last else 0, animate=False)
        self._tell()

    def _last_word(self) -> int:
        """The last entry that says something; without one the last of all."""
        places = [at for at, one in enumerate(self._sayings) if one.kind != "event"]
        return places[-1] if places else len(self._sayings) - 1

    def step(self, by: int) -> None:
        """Take the next or previous entry that says something in hand, and show its head."""
        at = self._hand + by
        while 0 < at < len(self._sayings) - 1 and self._sayings[at].kind == "event":
            at += by
        if 0 <= at < len(self._sayings):
            self._hand = at
            top, end = self._starts[at], self._end(at)
            if top < self.scroll_offset.y or end > self.scroll_offset.y + self.size.height:
                self.scroll_to(y=top, animate=False)
            self._tell()

    def _hold_visible(self) -> None:
        top = round(self.scroll_offset.y)
        bottom = min(top + self.size.height, len(self._lines)) - 1
        if self._lines and not self._shown_in(self._hand, top, bottom):
            below = self._starts[self._hand] > bottom
            self._hand = self._lines[bottom if below else max(0, top)][0]
        self._tell()

    def _shown_in(self, place: int, top: int, bottom: int) -> bool:
        return self._starts[place] <= bottom and self._end(place) > top

    def _end(self, place: int) -> int:
        return self._starts[place + 1] if place + 1 < len(self._starts) else len(self._lines)

    def _tell(self) -> None:
        if self._follow:
            self._unseen = 0
        one = self.in_hand
        self.refresh()
        self.post_message(self.Moved(one.id if one else None, self._unseen))

    # --- keeping the place ----------------------------------------------------------------

    def _anchor(self) -> tuple[int, int]:
        """The entry at the top of the screen, and how far into it."""
        top = round(self.scroll_offset.y)
        if not 0 <= top < len(self._lines):
            return (0, 0)
        place = self._lines[top][0]
        return (self._sayings[place].id, top - self._starts[place])

    def _return_to(self, anchor: tuple[int, int]) -> None:
        """Go to the end where that was shown before, else to the anchor."""
        if self._follow:
            self.scroll_to(y=self.max_scroll_y, animate=False, force=True)
        elif self._sayings:
            y = self._starts[self._place_of(anchor[0])] + anchor[1]
            self.scroll_to(y=y, animate=False, force=True)

    def _place_of(self, number: int) -> int:
        """The place of an entry; where it is gone, the last place."""
        places = (place for place, one in enumerate(self._sayings) if one.id == number)
        return next(places, len(self._sayings) - 1)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Remember whether the end is shown, also after the wheel."""
        super().watch_scroll_y(old_value, new_value)
        self._follow = new_value >= self.max_scroll_y
        if self._follow and self._unseen:
            self._tell()

    # --- drawing ------------------------------------------------------------------------------

    def on_resize(self, event: events.Resize) -> None:
        """Break the lines anew."""
        del event
        anchor, follow = self._anchor(), self._follow
        if self.size.width != self._width:
            self._lay_out()
        self._follow = follow
        self._return_to(anchor)

    def notify_style_update(self) -> None:
        """Draw anew in other colours."""
        super().notify_style_update()
        self._styles = {}
        if self._sayings and self._width:
            self._lay_out()

    def _lay_out(self) -> None:
        if not self._styles or self._width != self.size.width:
            self._known = {}
            names = (*_KINDS, *_PARTS)
            self._styles = {
                name: self.get_component_rich_style(f"talk--{name}", partial=True) for name in names
            }
        self._width = self.size.width
        self._lines, self._starts = [], []
        for place, one in enumerate(self._sayings):
            self._starts.append(len(self._lines))
            self._lines += [(place, line) for line in self._lines_of(one)]
        self.virtual_size = Size(self._width, len(self._lines))
        self.refresh()

    def _lines_of(self, one: Saying) -> list[list[Segment]]:
        """The lines of an entry; drawn anew only where it is another one than before."""
        unfolded = one.id in self._open
        before = self._known.get(one.id)
        if before is None or before[:2] != (one, unfolded):
            before = self._known[one.id] = (one, unfolded, self._drawn(one))
        return before[2]

    def _drawn(self, one: Saying) -> list[list[Segment]]:
        style = self._styles
        kind = style["undone" if one.undone else one.kind]
        room = max(10, self._width - 1)
        mark = f" {one.side}" if one.side else ""
        mark += " (undone)" if one.undone else ""
        head = wrapped(one.head, max(8, room - cell_len(one.when) - 3 - cell_len(mark)))
        lines = [
            [
                Segment(f" {one.when}  ", style["when"]),
                Segment(head[0] if head else "", kind),
                Segment(" " * max(0, room - self._used(one, head, mark)), style["when"]),
                Segment(mark, style["side"]),
            ]
        ]
        indent = " " * (cell_len(one.when) + 3)
        lines += [[Segment(indent + rest, kind)] for rest in head[1:]]
        return lines + self._below(one, room)

    def _used(self, one: Saying, head: list[str], mark: str) -> int:
        return cell_len(one.when) + 3 + cell_len(head[0] if head else "") + cell_len(mark)

    def _below(self, one: Saying, room: int) -> list[list[Segment]]:
        style = self._styles
        bar = Segment(f" {one.bar} ", style["undone" if one.undone else one.kind])
        body = style["undone"] if one.undone else style["body"]
        lines: list[list[Segment]] = []
        if one.body:
            shown = wrapped(one.body, room - 3)
            left = 0
            if one.id not in self._open:
                shown, left = folded(shown, FOLD_AT)
            lines += [[bar, Segment(line, body)] for line in shown]
            if left:
                lines.append([bar, Segment(f"… {left} more lines · Enter unfolds", style["fold"])])
        for text, name in [(line, "detail") for line in one.details] + [
            (line, "file") for line in one.files
        ]:
            lines += [[bar, Segment(line, style[name])] for line in wrapped(text, room - 3)]
        if one.kind != "event":
            lines.append([])
        return lines

    def render_line(self, y: int) -> Strip:
        """Give one line of the screen."""
        at = round(self.scroll_offset.y) + y
        base = self.rich_style
        width = self.size.width
        if at >= len(self._lines):
            return Strip.blank(width, base)
        place, segments = self._lines[at]
        strip = Strip(segments).adjust_cell_length(width).apply_style(base)
        if place == self._hand and at == self._starts[place] and self.has_focus:
            lead = Segment(set_cell_size("▸", 1), self._styles["fold"] + self._styles["hand"])
            marked = strip.crop(1).apply_style(self._styles["hand"])
            strip = Strip([lead, *Segment.apply_style(marked, None, self._styles["hand"])], width)
        return strip

    # --- mouse ----------------------------------------------------------------------------------

    def on_click(self, event: events.Click) -> None:
        """Take the clicked entry in hand; twice unfolds it."""
        at = round(self.scroll_offset.y) + event.y
        if 0 <= at < len(self._lines):
            self._hand = self._lines[at][0]
            self._tell()
            if event.chain == 2:
                self.unfold()
