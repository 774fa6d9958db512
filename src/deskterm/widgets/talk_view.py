"""What was said and done, oldest first, as one long text that keeps its place.

The owner gives entries; every line is drawn by itself, so that thousands cost nothing. Public and
internal differ by word, by sign and by the bar at the left, never by colour alone.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from rich.cells import set_cell_size
from rich.segment import Segment
from textual import events
from textual.binding import BindingType
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from deskterm.widgets.moving import MOVES, Moving, bound
from deskterm.widgets.talk_lines import KINDS, PARTS, Saying, TalkLines
from deskterm.widgets.telling import Telling

if TYPE_CHECKING:
    from rich.style import Style


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
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"talk--{name}" for name in (*KINDS, *PARTS)}

    class Moved(Telling):
        """Another entry is in hand; `below` new ones are out of sight."""

        id: int | None
        below: int

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's word
        super().__init__(id=id)
        self._lines = TalkLines()
        self._styles: dict[str, Style] = {}
        self._hand = 0
        self._unseen = 0
        self._follow = True
        """The end is shown, and what is new shall be."""

    # --- what it shows -------------------------------------------------------------

    def show(self, sayings: Sequence[Saying]) -> None:
        """Show these entries: the first time from the end, later the place is kept.

        Who reads at the end sees what is new at once.
        """
        lines = self._lines
        first = not lines.sayings
        anchor, held = self._anchor(), self.in_hand
        known = max((one.id for one in lines.sayings), default=0)
        lines.sayings = tuple(sayings)
        fresh = sum(one.id > known for one in lines.sayings)
        if first or (self._follow and fresh):
            self._hand = lines.last_word()
        elif held is not None:
            self._hand = lines.place_of(held.id)
        if not self._follow:
            self._unseen += fresh
        if self.size.width:
            self._lay_out()
            self._return_to(anchor)
        self._tell()

    def empty(self) -> None:
        """Show nothing; the place is forgotten: what comes is shown from its end."""
        self._lines = TalkLines()
        self._hand = self._unseen = 0
        self._follow = True
        self.virtual_size = Size(0, 0)
        self.refresh()

    def take(self, number: int) -> None:
        """Take an entry in hand and show it, as soon as the lines are laid out."""
        self._hand = self._lines.place_of(number)
        self._follow = False
        if self._lines.starts:
            self._return_to((number, 0))
        self._tell()

    def follow_end(self) -> None:
        """Show the end when something new is there: one's own answer is read where it stands."""
        self._follow = True

    @property
    def in_hand(self) -> Saying | None:
        """The entry in hand: the one whose head is marked."""
        sayings = self._lines.sayings
        return sayings[self._hand] if 0 <= self._hand < len(sayings) else None

    def unfold(self) -> None:
        """Show the entry in hand whole, or fold it again."""
        one = self.in_hand
        if one is None:
            return
        self._lines.open ^= {one.id}
        self._lay_out()
        self._follow = False
        if self._lines.starts[self._hand] < self.scroll_offset.y:
            self._return_to((one.id, 0))

    # --- moving ----------------------------------------------------------------------

    def move(self, lines: int) -> None:
        """Scroll by lines; the hand follows what is on the screen."""
        self.scroll_to(y=self.scroll_offset.y + lines, animate=False)
        self._hand = self._lines.held(self._hand, round(self.scroll_offset.y), self.size.height)
        self._tell()

    def move_page(self, by: int) -> None:
        """Scroll by pages."""
        self.move(by * max(1, self.size.height - 2))

    def move_to_end(self, last: bool) -> None:
        """Go to the first or the last entry."""
        self._hand = self._lines.last_word() if last else 0
        self.scroll_to(y=self.max_scroll_y if last else 0, animate=False)
        self._tell()

    def step(self, by: int) -> None:
        """Take the next or previous entry that says something in hand, and show its head."""
        lines, at = self._lines, self._hand + by
        while 0 < at < len(lines.sayings) - 1 and lines.sayings[at].kind == "event":
            at += by
        if 0 <= at < len(lines.sayings):
            self._hand = at
            top, end = lines.starts[at], lines.end(at)
            if top < self.scroll_offset.y or end > self.scroll_offset.y + self.size.height:
                self.scroll_to(y=top, animate=False)
            self._tell()

    def _tell(self) -> None:
        if self._follow:
            self._unseen = 0
        one = self.in_hand
        self.refresh()
        self.post_message(self.Moved(one.id if one else None, self._unseen))

    # --- keeping the place ----------------------------------------------------------------

    def _anchor(self) -> tuple[int, int]:
        return self._lines.anchor(round(self.scroll_offset.y))

    def _return_to(self, anchor: tuple[int, int]) -> None:
        """Go to the end where that was shown before, else to the anchor."""
        if self._follow:
            self.scroll_to(y=self.max_scroll_y, animate=False, force=True)
        elif self._lines.sayings:
            self.scroll_to(y=self._lines.line_of(anchor), animate=False, force=True)

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
        if self.size.width != self._lines.width:
            self._lay_out()
        self._follow = follow
        self._return_to(anchor)

    def notify_style_update(self) -> None:
        """Draw anew in other colours."""
        super().notify_style_update()
        if self._styles:
            self._styles = _styles(self)
        if self._lines.sayings and self._lines.width:
            self._lay_out()

    def _lay_out(self) -> None:
        if not self._styles:
            self._styles = _styles(self)
        self._lines.lay_out(self.size.width, self._styles)
        self.virtual_size = Size(self._lines.width, len(self._lines.lines))
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Give one line of the screen."""
        at = round(self.scroll_offset.y) + y
        base = self.rich_style
        width = self.size.width
        if at >= len(self._lines.lines):
            return Strip.blank(width, base)
        place, segments = self._lines.lines[at]
        strip = Strip(segments).adjust_cell_length(width).apply_style(base)
        if place == self._hand and at == self._lines.starts[place] and self.has_focus:
            hand = self._styles["hand"]
            lead = Segment(set_cell_size("▸", 1), self._styles["fold"] + hand)
            marked = strip.crop(1).apply_style(hand)
            strip = Strip([lead, *Segment.apply_style(marked, None, hand)], width)
        return strip

    # --- mouse ----------------------------------------------------------------------------------

    def on_click(self, event: events.Click) -> None:
        """Take the clicked entry in hand; twice unfolds it."""
        at = round(self.scroll_offset.y) + event.y
        if 0 <= at < len(self._lines.lines):
            self._hand = self._lines.lines[at][0]
            self._tell()
            if event.chain == 2:
                self.unfold()


def _styles(view: TalkView) -> "dict[str, Style]":
    """Give the style of each kind of entry and part of a line, in the colours of now."""
    return {
        name: view.get_component_rich_style(f"talk--{name}", partial=True)
        for name in (*KINDS, *PARTS)
    }
