"""The board's own dialogs: what can be done to the ticket, where the mouse is; its columns."""

from collections.abc import Collection, Iterable, Sequence
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Size
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from deskterm.screens.dialogs.base import Dialog
from deskterm.screens.room import fits
from deskterm.screens.themes import DIALOGS
from deskterm.widgets.picker import Pick
from deskterm.widgets.ticket_columns import Column

WIDTH = 30


class MenuDialog(ModalScreen[str | None]):
    """A list at a place of the screen; Enter or a click takes, Esc or a click beside leaves."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "Leave")]
    CSS_PATH = DIALOGS

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


class ColumnsDialog(Dialog[tuple[str, ...]]):
    """Space shows or hides, J and K move; narrow windows leave the last ones out."""

    HINT = "Space shows or hides · J K move it · Enter accepts · Esc leaves"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "show_or_hide", "Show"),
        Binding("J", "move(1)", "Down"),
        Binding("K", "move(-1)", "Up"),
        Binding("enter", "accept", "Accept", priority=True),
    ]

    def __init__(
        self, columns: Sequence[Column], shown: Sequence[str], drawn: Collection[str]
    ) -> None:
        """`drawn` are those of the shown ones that the window has room for."""
        super().__init__("Columns")
        self._left_out = set(shown) - set(drawn)
        rest = [column.key for column in columns if column.key not in shown]
        self._titles = {column.key: column.title for column in columns}
        self._order = [*shown, *rest]
        self._shown = set(shown)

    def fields(self) -> Iterable[Widget]:
        """Give the list."""
        yield OptionList(*self._options(), markup=False)

    def _options(self) -> list[Option]:
        return [
            Option(Content(f"{'✓' if key in self._shown else ' '} {self._words_of(key)}"))
            for key in self._order
        ]

    def _words_of(self, key: str) -> str:
        room = key in self._shown and key in self._left_out
        return self._titles[key] + ("  (no room in this window)" if room else "")

    def _at(self) -> int:
        return self.query_one(OptionList).highlighted or 0

    def _redraw(self, at: int) -> None:
        options = self.query_one(OptionList)
        options.clear_options()
        options.add_options(self._options())
        options.highlighted = at

    def action_show_or_hide(self) -> None:
        """Show or hide the column."""
        at = self._at()
        self._shown ^= {self._order[at]}
        self._redraw(at)

    def action_move(self, by: int) -> None:
        """Move the column."""
        at = self._at()
        to = max(0, min(len(self._order) - 1, at + by))
        self._order.insert(to, self._order.pop(at))
        self._redraw(to)

    def answer(self) -> tuple[str, ...]:
        """Give the shown columns in order; the ticket and its subject always."""
        needed = self._shown | {"id", "subject"}
        return tuple(key for key in self._order if key in needed)
