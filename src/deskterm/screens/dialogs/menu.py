"""The context menu: what can be done to the ticket, where the mouse is."""

from collections.abc import Sequence
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Size
from textual.screen import ModalScreen
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from deskterm.screens.room import fits
from deskterm.widgets.picker import Pick

WIDTH = 30


class MenuDialog(ModalScreen[str | None]):
    """A list at a place of the screen; Enter or a click takes, Esc or a click beside leaves."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "Leave")]

    def __init__(self, items: Sequence[Pick], x: int, y: int) -> None:
        super().__init__()
        self._items = tuple(items)
        self._place = (x, y)

    def _refresh_layout(self, size: Size | None = None, scroll: bool = False) -> None:
        if fits(self, size):
            super()._refresh_layout(size, scroll)

    def compose(self) -> ComposeResult:
        """Give the list."""
        yield OptionList(*(Option(Content(item.line)) for item in self._items), markup=False)

    def on_mount(self) -> None:
        """Put the list where it was asked for, inside the window."""
        menu = self.query_one(OptionList)
        height = min(len(self._items) + 2, self.size.height - 2)
        x = max(0, min(self._place[0], self.size.width - WIDTH))
        y = max(0, min(self._place[1], self.size.height - height))
        menu.styles.height = height
        menu.styles.width = WIDTH
        menu.styles.offset = (x, y)

    @on(OptionList.OptionSelected)
    def _take(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._items[event.option_index].value)

    def on_click(self, event: events.Click) -> None:
        """Leave by a click beside the list."""
        if event.widget is self:
            self.dismiss(None)

    def action_leave(self) -> None:
        """Leave."""
        self.dismiss(None)
