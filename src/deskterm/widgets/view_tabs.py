"""The tabs above a table: saved views with their counts; 1–9, `[` `]` and the mouse choose."""

from dataclasses import dataclass

from rich.cells import cell_len
from textual import events
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from deskterm.domain.text import clean
from deskterm.widgets.telling import Telling

_MORE = 4
"""Cells in which it is said how many tabs follow: ` +12`."""


@dataclass(frozen=True, slots=True)
class View:
    """A named query; `count` is shown as it is, empty while it is not known."""

    name: str
    query: str
    count: str = ""
    own: bool = False
    """True for one saved by the technician."""


class ViewTabs(Widget):
    """One line of numbered views; scrolls so that the active one is always seen."""

    DEFAULT_CSS = """
    ViewTabs { height: 1; background: $background; color: $foreground; }
    """

    views: reactive[tuple[View, ...]] = reactive(())
    active: reactive[int] = reactive(0)
    """The place of the active view; -1 where the filter is none of them."""

    class Chosen(Telling):
        """A tab was clicked."""

        place: int

    def render(self) -> Content:
        """Give the whole tabs that fit, the active one among them, and how many follow."""
        first, end = self._shown()
        parts = []
        for place in range(first, end):
            label = _label(place, self.views[place])
            if place == self.active:
                parts.append(Content.styled(f"[{label}]", "bold $accent"))
            else:
                parts.append(Content.styled(f" {label} ", "$text-muted"))
        if end < len(self.views):
            parts.append(Content.styled(f"+{len(self.views) - end}", "$text-muted"))
        return Content(" ").join(parts).truncate(max(1, self.size.width), ellipsis=True)

    def _shown(self) -> tuple[int, int]:
        """Give the places of the first tab that is shown and of the one behind the last."""
        room, many = self.size.width, len(self.views)
        first, end = 0, many
        while first < self.active and self._width(first, self.active) > room - _MORE:
            first += 1
        while end > first + 1 and self._width(first, end - 1) > room - (_MORE if end < many else 0):
            end -= 1
        return first, end

    def _width(self, first: int, last: int) -> int:
        shown = list(enumerate(self.views))[first : last + 1]
        return sum(cell_len(_label(place, view)) + 3 for place, view in shown) - 1

    def on_click(self, event: events.Click) -> None:
        """Choose the tab under the mouse; how many follow leads to the first of those."""
        at = 0
        first, end = self._shown()
        for place in range(first, min(end + 1, len(self.views))):
            width = cell_len(_label(place, self.views[place])) + 2
            if at <= event.x < at + width:
                self.post_message(self.Chosen(place))
                return
            at += width + 1


def _label(place: int, view: View) -> str:
    number = f"{place + 1} " if place < 9 else ""
    count = f" {view.count}" if view.count else ""
    return f"{number}{clean(view.name, one_line=True)[:24]}{count}"
