"""Ask for one line."""

from collections.abc import Iterable

from textual.widget import Widget
from textual.widgets import Input

from deskterm.screens.dialogs.base import Dialog


class NameDialog(Dialog[str]):
    """One line; Enter accepts."""

    def fields(self) -> Iterable[Widget]:
        """Give the line."""
        yield Input(id="name")

    def on_mount(self) -> None:
        """Begin in the line."""
        self.query_one("#name", Input).focus()

    def answer(self) -> str | None:
        """Give the line."""
        name = self.query_one("#name", Input).value.strip()
        if not name:
            self.refuse("Type it first, or leave with Esc.")
            return None
        return name
