"""A text of any length that is moved through."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from deskterm.widgets.moving import MOVES, Moving, bound


class TextPane(Moving, VerticalScroll, can_focus=True, inherit_bindings=False):
    """A scrolling text; drawing it anew keeps the place."""

    BINDINGS: ClassVar[list[BindingType]] = [*bound(*MOVES)]

    DEFAULT_CSS = """
    TextPane { background: $background; padding: 0 1; scrollbar-size-vertical: 1;
        scrollbar-background: $background; }
    TextPane Static { height: auto; width: 1fr; }
    """

    _shown = Content("")

    def compose(self) -> ComposeResult:
        """Give the text."""
        yield Static()

    def show(self, content: Content) -> None:
        """Show a text, where it is another; it must be clean."""
        if not content.is_same(self._shown):
            self._shown = content
            self.query_one(Static).update(content)

    def empty(self) -> None:
        """Show nothing, from its beginning."""
        self.show(Content(""))
        self.scroll_to(y=0, animate=False)

    def move(self, lines: int) -> None:
        """Scroll by lines."""
        self.scroll_to(y=self.scroll_offset.y + lines, animate=False)

    def move_page(self, by: int) -> None:
        """Scroll by pages."""
        self.move(by * max(1, self.size.height - 2))

    def move_to_end(self, last: bool) -> None:
        """Go to the beginning or the end."""
        self.scroll_to(y=self.max_scroll_y if last else 0, animate=False)
