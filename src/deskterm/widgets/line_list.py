"""A list of lines with a cursor that keeps its place by name when it is drawn anew."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from textual.binding import BindingType
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from deskterm.widgets.moving import MOVES, Movable, Moving, bound


@dataclass(frozen=True, slots=True)
class Line:
    """One line. `name` is its lasting name; empty for a heading, which is never in hand."""

    name: str
    content: Content


class LineList(Moving, OptionList, inherit_bindings=False):
    """Lines to choose from; `in_hand` is the name under the cursor. Enter is its owner's."""

    BINDINGS: ClassVar[list[BindingType]] = [*bound(*MOVES)]
    pages: Movable | None = None
    """What the page keys move where it is not the list itself: a text beside it."""

    DEFAULT_CSS = """
    LineList {
        border: none; padding: 0; background: $background; height: 1fr;
        text-wrap: nowrap; text-overflow: ellipsis; scrollbar-size-vertical: 1;
        scrollbar-background: $background;
    }
    LineList:focus { border: none; background-tint: $foreground 0%; }
    LineList > .option-list--option-highlighted {
        background: $primary 20%; color: $foreground; text-style: none;
    }
    LineList:focus > .option-list--option-highlighted {
        background: $primary 40%; color: $foreground; text-style: bold;
    }
    LineList > .option-list--option-disabled { color: $foreground; }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's word
        super().__init__(markup=False, compact=True, id=id)
        self._shown: list[Line] = []
        self._moved = False

    def show(self, lines: Iterable[Line], start: str = "") -> None:
        """Show these lines; the cursor stays on its line, or near where it was.

        Until somebody moves it, it stands on the line `start`, else on the first.
        """
        lines = list(lines)
        if lines == self._shown:
            return
        name, place, top = self.in_hand, self.highlighted or 0, self.scroll_offset.y
        if not self._moved:
            name, place, top = start, 0, 0
        self._shown = lines
        self.clear_options()
        self.add_options([Option(line.content, disabled=not line.name) for line in lines])
        names = [line.name for line in lines]
        if name in names and name:
            self.highlighted = names.index(name)
        else:
            self.highlighted = next(
                (at for at, one in enumerate(names) if one and at >= place),
                next((at for at in reversed(range(len(names))) if names[at]), None),
            )
        self.scroll_to(y=top, animate=False)

    def empty(self) -> None:
        """Show nothing; where the cursor was is forgotten."""
        self._moved = False
        self.show(())

    def begin_anew(self) -> None:
        """Put the cursor where it was before anybody moved it: on the first line."""
        self.move_to_end(last=False)
        self._moved = False
        self.scroll_to(y=0, animate=False)

    @property
    def in_hand(self) -> str:
        """The name of the line under the cursor; empty where there is none."""
        at = self.highlighted
        return self._shown[at].name if at is not None and at < len(self._shown) else ""

    def move(self, lines: int) -> None:
        """Move the cursor by lines."""
        self._moved = True
        at = self.highlighted
        step = 1 if lines > 0 else -1
        goal = at
        left = abs(lines)
        while at is not None and left and 0 <= at + step < len(self._shown):
            at += step
            if self._shown[at].name:
                goal = at
                left -= 1
        self.highlighted = goal

    def move_page(self, by: int) -> None:
        """Move the cursor by pages, or the text beside it."""
        if self.pages is not None:
            self.pages.move_page(by)
        else:
            self.move(by * max(1, self.size.height - 1))

    def move_to_end(self, last: bool) -> None:
        """Go to the first or the last line."""
        self._moved = True
        places = [at for at, one in enumerate(self._shown) if one.name]
        self.highlighted = places[-1 if last else 0] if places else None
