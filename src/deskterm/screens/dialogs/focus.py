"""Begin focus time: until when, and why."""

from collections.abc import Iterable

from textual.widget import Widget
from textual.widgets import Input, Static

from deskterm.screens.dialogs.base import Dialog
from deskterm.widgets.typed import PlainInput


class FocusDialog(Dialog[tuple[str, str]]):
    """Two lines; Enter accepts."""

    HINT = "1h, 45m or 15:30 · Enter begins · Esc leaves"

    def __init__(self) -> None:
        super().__init__("Focus time", "News that is not urgent waits; urgent news does not.")

    def fields(self) -> Iterable[Widget]:
        """Give the two lines."""
        yield Static("Until", markup=False, classes="label")
        yield PlainInput("1h", id="until")
        yield Static("Why (colleagues see it; may be empty)", markup=False, classes="label")
        yield PlainInput(id="reason")

    def on_mount(self) -> None:
        """Begin in the first line."""
        self.query_one("#until", Input).focus()

    def answer(self) -> tuple[str, str] | None:
        """Give (until, reason)."""
        until = self.query_one("#until", Input).value.strip()
        if not until:
            self.refuse("Until when? Say 1h, 45m or 15:30.")
            return None
        return until, self.query_one("#reason", Input).value.strip()
