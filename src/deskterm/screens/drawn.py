"""What stands on the terminal, so that only cells that differ go over the line.

Textual writes every cell of whatever it draws anew: a whole screen for each dialog, a whole pane
for one altered word, all with their colours. Between it and the terminal stands this memory of the
cells that were written. It forgets what it knows where somebody else may have drawn: a new size, a
return from another program, F5.
"""

import gc
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from rich.cells import get_character_cell_size
from rich.color import ColorSystem
from rich.style import Style
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.geometry import Size
from textual.message_pump import MessagePump
from textual.strip import SGR_STYLES, Strip

if TYPE_CHECKING:
    from textual.app import App
    from textual.screen import Screen

    class Base(App[None]):
        """What is asked of an app here."""

        def _display(self, screen: Screen[object], renderable: object) -> None: ...
else:
    # No app at run time: Textual takes the style of a class from its first base with styles.
    Base = MessagePump

T = TypeVar("T")

SOON = 0.4
"""Seconds that the first drawing waits for the tickets; a server far away takes longer."""
GAP = 5
"""Unaltered cells between two altered ones that are written too: going over them costs as much."""
_SURE = re.compile("[ -~\u00a0-\u02ff\u0370-\u052f\u2010-\u2027\u2190-\u21ff\u2500-\u25ff]*")
"""Signs that every terminal draws in one cell. A strip with others is written whole, or not at all:
where the terminal takes another width for one of them, what stands behind it is moved."""
_SEEN_ON_BLANKS = 0b1000111111000
"""Attributes that show where there is no letter: underline, blink, reverse, strike, overline."""


class Look(NamedTuple):
    """Attributes and colours as a terminal is told them, by their codes."""

    attributes: str = ""
    ink: str = "39"
    ground: str = "49"


PLAIN = Look()


class Drawn:
    """The cells of one terminal as they were written last; None where that is not known."""

    def __init__(self, app: "App[None]") -> None:
        self._app = app
        self._size = Size(0, 0)
        self._signs: list[list[str]] = []
        self._looks: list[list[Look | None]] = []

    def anew(self) -> None:
        """Write every cell again: somebody else may have drawn on the terminal."""
        self._forget()
        if self._app.screen_stack:
            self._app.screen.refresh()

    def _forget(self) -> None:
        self._signs, self._looks = [], []

    def only_news(self, drawing: T) -> T | CompositorUpdate:
        """Give the drawing without what stands there already; found when it is written."""
        if isinstance(drawing, LayoutUpdate | ChopsUpdate):
            return _News(self, drawing)
        if drawing is not None:
            self._forget()
        return drawing

    def write(self, drawing: LayoutUpdate | ChopsUpdate) -> str:
        """Give what the terminal must be told, and take it as told."""
        colours = self._app.console._color_system or ColorSystem.TRUECOLOR
        pen = _Pen()
        if isinstance(drawing, LayoutUpdate) and drawing.region.size != self._size:
            self._size = drawing.region.size
            self._forget()
        for x, y, strip in _strips(drawing):
            self._put(x, y, strip, colours, pen)
        return pen.end()

    def _put(self, x: int, y: int, strip: Strip, colours: ColorSystem, pen: "_Pen") -> None:
        width = strip.cell_length
        while len(self._signs) <= y:
            self._signs.append([])
            self._looks.append([])
        old_signs, old_looks = self._signs[y], self._looks[y]
        if (lacking := x + width - len(old_signs)) > 0:
            old_signs.extend([""] * lacking)
            old_looks.extend([None] * lacking)
        signs, looks, sure = _cells(strip, colours)
        here = slice(x, x + width)
        if len(signs) != width:
            pen.write_strip(x, y, strip, colours)
            looks, signs = [None] * width, [""] * width
        elif signs == old_signs[here] and looks == old_looks[here]:
            return
        elif sure:
            for first, last in _altered(signs, looks, old_signs[here], old_looks[here]):
                pen.write(x + first, y, signs[first:last], looks[first:last])
        else:
            pen.write(x, y, signs, looks)
        old_signs[here], old_looks[here] = signs, looks


class _News(CompositorUpdate):
    """A drawing of which only what is new is written, at the moment when it is."""

    def __init__(self, drawn: Drawn, drawing: LayoutUpdate | ChopsUpdate) -> None:
        self._drawn, self._drawing = drawn, drawing

    def render_segments(self, console: object) -> str:
        del console
        return self._drawn.write(self._drawing)


class Sparing(Base):
    """An app that writes only what does not stand there already, and at first waits for it."""

    drawn: Drawn
    _held: ExitStack | None = None
    """What ends the wait before the first drawing."""
    _behind: "list[Callable[[], object]] | None" = None
    """What is done behind the first drawing; None once that is there."""

    def hold(self) -> None:
        """Draw nothing until `draw`, nor longer than a moment."""
        self._held, self._behind = ExitStack(), []
        self._held.enter_context(self.batch_update())
        self.set_timer(SOON, self.draw)

    def draw(self) -> None:
        """Draw what there is now, and from now on whatever comes."""
        if self._held is None:
            return
        self._held.close()
        self._held = None
        gc.freeze()  # what is loaded by now stays: garbage is looked for among what comes later
        gc.enable()
        self.screen.refresh()
        self.screen.call_after_refresh(self._first_drawn)

    def _first_drawn(self) -> None:
        behind, self._behind = self._behind or (), None
        for one in behind:
            one()

    def once_drawn(self, then: "Callable[[], object]") -> None:
        """Do what need not be there for the first drawing: behind it, or now where it is there."""
        if self._behind is None:
            then()
        else:
            self._behind.append(then)

    def _display(self, screen: "Screen[object]", renderable: object) -> None:
        """Textual has no public place where what is drawn goes to the terminal."""
        super()._display(screen, self.drawn.only_news(renderable))


def _strips(drawing: LayoutUpdate | ChopsUpdate) -> Iterator[tuple[int, int, Strip]]:
    """Give the strips of a drawing with the place where each begins: column, line."""
    if isinstance(drawing, LayoutUpdate):
        for y, line in enumerate(drawing.strips, drawing.region.y):
            x = drawing.region.x
            for strip in line:
                yield x, y, strip
                x += strip.cell_length
        return
    for y, first, last in drawing.spans:
        for end, (x, part) in zip(drawing.chop_ends[y], drawing.chops[y].items(), strict=False):
            if part is not None and x < last and end > first:
                yield x, y, part


def _cells(strip: Strip, colours: ColorSystem) -> tuple[list[str], list[Look | None], bool]:
    """Give sign and look of each cell, and whether each sign is one that takes one cell."""
    signs: list[str] = []
    looks: list[Look | None] = []
    sure = True
    for text, style, _ in strip:
        look, blank = _looks(style, colours)
        written = text.rstrip(" ")
        if _SURE.fullmatch(written):
            signs.extend(written)
        else:
            sure = False
            _spread(written, signs)
        looks.extend([look] * (len(signs) - len(looks)))
        behind = len(text) - len(written)
        signs.extend(" " * behind)
        looks.extend([blank] * behind)
    return signs, looks, sure


def _spread(text: str, signs: list[str]) -> None:
    """Add the signs of a text: an empty cell behind a wide one, marks with the sign they are on."""
    for sign in text:
        width = get_character_cell_size(sign)
        if width or not signs:
            signs.append(sign)
            signs.extend([""] * (width - 1))
        else:
            signs[-1] += sign


@lru_cache(1024)
def _looks(style: Style | None, colours: ColorSystem) -> tuple[Look, Look]:
    """Give the look of letters in this style, and that of blanks."""
    if style is None:
        return PLAIN, PLAIN
    ink = style.color.downgrade(colours).get_ansi_codes() if style.color else ("39",)
    ground = style.bgcolor.downgrade(colours).get_ansi_codes(False) if style.bgcolor else ("49",)
    bits = style._attributes & style._set_attributes
    look = Look(_attributes(bits), ";".join(ink), ";".join(ground))
    seen = bits & _SEEN_ON_BLANKS
    return look, Look(_attributes(seen), look.ink if seen else "39", look.ground)


def _attributes(bits: int) -> str:
    return ";".join(code for bit, code in enumerate(SGR_STYLES) if bits & (1 << bit))


def _altered(
    signs: Sequence[str],
    looks: Sequence[Look | None],
    old_signs: Sequence[str],
    old_looks: Sequence[Look | None],
) -> Iterable[tuple[int, int]]:
    """Give the stretches that differ, first and behind last; those with small gaps are one."""
    first = last = -1
    for place, now in enumerate(zip(signs, looks, strict=True)):
        if now == (old_signs[place], old_looks[place]):
            continue
        if last >= 0 and place - last > GAP:
            yield first, last
            first = -1
        first = place if first < 0 else first
        last = place + 1
    if first >= 0:
        yield first, last


class _Pen:
    """Writes cells and as little as possible about looks; begins and ends with the plain one."""

    def __init__(self) -> None:
        self._said: list[str] = []
        self._look = PLAIN

    def write(self, x: int, y: int, signs: Sequence[str], looks: Sequence[Look | None]) -> None:
        """Write cells from a place on."""
        said = self._said
        said.append(f"\x1b[{y + 1};{x + 1}H")
        turns = [0, *(at for at, (one, next_) in enumerate(pairwise(looks), 1) if one != next_)]
        for begin, end in pairwise([*turns, len(signs)]):
            self._take(looks[begin] or PLAIN)
            said.append("".join(signs[begin:end]))

    def write_strip(self, x: int, y: int, strip: Strip, colours: ColorSystem) -> None:
        """Write a strip whose cells cannot be told apart, as Textual does."""
        self._take(PLAIN)
        self._said.append(f"\x1b[{y + 1};{x + 1}H")
        for text, style, _ in strip:
            self._take(_looks(style, colours)[0])
            self._said.append(text)

    def end(self) -> str:
        """Give all that was written."""
        self._take(PLAIN)
        return "".join(self._said)

    def _take(self, look: Look) -> None:
        now = self._look
        if look == now:
            return
        self._look = look
        if look == PLAIN:
            self._said.append("\x1b[m")
            return
        codes = []
        if look.attributes != now.attributes:
            if now.attributes:
                codes.append("0")
                now = PLAIN
            if look.attributes:
                codes.append(look.attributes)
        codes += [new for new, old in zip(look[1:], now[1:], strict=True) if new != old]
        self._said.append(f"\x1b[{';'.join(codes)}m")
