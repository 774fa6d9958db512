"""One letter in full: headers, text, and its HTML part."""

from collections.abc import Iterable
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widget import Widget
from textual.widgets import Static

from deskterm.domain.mail_rows import LetterShown
from deskterm.screens.dialogs.base import Dialog
from deskterm.screens.letters.lines import letter_content


class LetterDialog(Dialog[bool]):
    """Scrolls with the keys of a list; h changes between text and HTML."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,q", "dismiss_dialog", "Leave"),
        Binding("h", "html", "HTML"),
        Binding("j,down", "scroll(1)", "Down"),
        Binding("k,up", "scroll(-1)", "Up"),
        Binding("space,pagedown,ctrl+f", "page(1)", "Page down"),
        Binding("pageup,ctrl+b", "page(-1)", "Page up"),
    ]
    HINT = "j k scroll · h HTML and text · Esc leaves"

    def __init__(self, letter: LetterShown) -> None:
        super().__init__(f"Letter {letter.row.id}")
        self._letter = letter
        self._html = False

    def fields(self) -> Iterable[Widget]:
        """Give the letter."""
        yield Static(letter_content(self._letter, self._html), id="letter")

    def answer(self) -> bool:
        """Give that it was read."""
        return True

    def action_html(self) -> None:
        """Show the HTML part as it is written, or the text again."""
        if not self._letter.html:
            self.refuse("This letter has no HTML part.")
            return
        self._html = not self._html
        self.query_one("#letter", Static).update(letter_content(self._letter, self._html))

    def action_scroll(self, lines: int) -> None:
        """Scroll by lines."""
        self._box.scroll_relative(y=lines, animate=False)

    def action_page(self, pages: int) -> None:
        """Scroll by pages."""
        self._box.scroll_relative(y=pages * max(1, self._box.size.height - 1), animate=False)

    @property
    def _box(self) -> VerticalScroll:
        return self.query_one("#box", VerticalScroll)
