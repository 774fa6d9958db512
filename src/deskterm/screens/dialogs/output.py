"""Show what a command printed."""

from collections.abc import Iterable

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from deskterm.domain.text import clean
from deskterm.screens.dialogs.base import Dialog


class OutputDialog(Dialog[bool]):
    """The text as it came, made harmless."""

    HINT = "Esc leaves"

    def __init__(self, command: str, text: str) -> None:
        super().__init__(command)
        self._text = text

    def fields(self) -> Iterable[Widget]:
        """Give the text."""
        yield Static(Content(clean(self._text)))

    def answer(self) -> bool:
        """Give that it was read."""
        return True
