"""A question that is answered with yes or not at all, and one that is answered with a line."""

from collections.abc import Iterable
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Input

from deskterm.domain.text import clean
from deskterm.screens.dialogs.base import Dialog
from deskterm.widgets.typed import PlainInput


class AskDialog(Dialog[bool]):
    """Asks; Enter does it, Esc leaves everything as it is."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "accept", "Do it")]
    HINT = "Enter does it · Esc leaves everything as it is"

    def answer(self) -> bool:
        """Give yes."""
        return True


class LineDialog(Dialog[str]):
    """Asks for one line; `needed` is said where it is empty."""

    def __init__(self, title: str, question: str = "", value: str = "", needed: str = "") -> None:
        super().__init__(title, question)
        self._value = clean(value, one_line=True)
        self._needed = needed

    def fields(self) -> Iterable[Widget]:
        """Give the line."""
        yield PlainInput(self._value, id="line")

    def answer(self) -> str | None:
        """Give what was typed."""
        text = self.query_one("#line", Input).value.strip()
        if not text and self._needed:
            self.refuse(self._needed)
            return None
        return text
