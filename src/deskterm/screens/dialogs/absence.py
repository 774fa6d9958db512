"""Say until when a technician is off and who stands in."""

from collections.abc import Iterable

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from deskterm.screens.dialogs.base import Dialog


class AbsenceDialog(Dialog[dict[str, str]]):
    """Until, deputy, reason; Enter accepts."""

    def __init__(self, login: str) -> None:
        super().__init__(f"{login} is off", "Their deputy finds their tickets under Mine.")

    def fields(self) -> Iterable[Widget]:
        """Give the three lines."""
        yield Static(Content("Until"), classes="label")
        yield Input(placeholder="3d, friday, 2026-12-24", id="until")
        yield Static(Content("Deputy"), classes="label")
        yield Input(placeholder="a login; empty: nobody", id="deputy")
        yield Static(Content("Why"), classes="label")
        yield Input(placeholder="holidays", id="reason")

    def on_mount(self) -> None:
        """Begin with the time."""
        self.query_one("#until", Input).focus()

    def answer(self) -> dict[str, str] | None:
        """Give the three values, or say that the time is missing."""
        names = ("until", "deputy", "reason")
        values = {name: self.query_one(f"#{name}", Input).value.strip() for name in names}
        if not values["until"]:
            self.refuse("Until when? 3d, friday or 2026-12-24.")
            return None
        return values
