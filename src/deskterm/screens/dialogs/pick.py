"""Choose one of a list."""

from collections.abc import Iterable, Sequence

from textual import on
from textual.widget import Widget

from deskterm.screens.dialogs.base import Dialog
from deskterm.widgets.picker import Pick, Picker


class PickDialog(Dialog[str]):
    """Type to find, Enter takes."""

    HINT = "type to find · ↑↓ choose · Enter takes · Esc leaves"

    def __init__(self, title: str, picks: Sequence[Pick], question: str = "") -> None:
        super().__init__(title, question)
        self._picks = picks

    def fields(self) -> Iterable[Widget]:
        """Give the finder."""
        yield Picker(self._picks)

    @on(Picker.Picked)
    def _take(self) -> None:
        self.action_accept()

    def answer(self) -> str | None:
        """Give the value of what was taken."""
        if not self.query_one(Picker).value:
            self.refuse("Nothing in the list is like that.")
            return None
        return self.query_one(Picker).value
