"""The tabs above a table: saved views with their counts; 1–9, `[` `]` and the mouse choose."""

from dataclasses import dataclass, replace

from rich.cells import cell_len
from textual import events
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from deskterm.domain.text import clean


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

    @dataclass
    class Chosen(Message):
        """A tab was clicked."""

        place: int

    def render(self) -> Content:
        """Give the line, from the first tab that leaves room for the active one."""
        parts = []
        for place, view in list(enumerate(self.views))[self._first() :]:
            label = _label(place, view)
            if place == self.active:
                parts.append(Content.styled(f"[{label}]", "bold $accent"))
            else:
                parts.append(Content.styled(f" {label} ", "$text-muted"))
        return Content(" ").join(parts).truncate(max(1, self.size.width), ellipsis=True)

    def _first(self) -> int:
        first = 0
        while first < self.active and self._width(first, self.active) > self.size.width - 2:
            first += 1
        return first

    def _width(self, first: int, last: int) -> int:
        shown = list(enumerate(self.views))[first : last + 1]
        return sum(cell_len(_label(place, view)) + 3 for place, view in shown)

    def on_click(self, event: events.Click) -> None:
        """Choose the tab under the mouse."""
        at = 0
        for place, view in list(enumerate(self.views))[self._first() :]:
            width = cell_len(_label(place, view)) + 2
            if at <= event.x < at + width:
                self.post_message(self.Chosen(place))
                return
            at += width + 1

    def set_count(self, place: int, count: str) -> None:
        """Show the count of one view."""
        if place < len(self.views):
            views = list(self.views)
            views[place] = replace(views[place], count=count)
            self.views = tuple(views)


def _label(place: int, view: View) -> str:
    number = f"{place + 1} " if place < 9 else ""
    count = f" {view.count}" if view.count else ""
    return f"{number}{clean(view.name, one_line=True)[:24]}{count}"
