"""Until when somebody is not to be disturbed, or not there, and why."""

from collections.abc import Iterable
from typing import ClassVar

from textual.widget import Widget
from textual.widgets import Input, Static

from deskterm.screens.dialogs.base import Dialog
from deskterm.widgets.typed import PlainInput


class _UntilDialog(Dialog[dict[str, str]]):
    """Lines with their labels, the first of which says until when; Enter accepts."""

    LINES: ClassVar[dict[str, tuple[str, str, str]]]
    """name → (label, what may stand there, what stands there); `until` first."""
    MISSING: ClassVar[str]
    """What is said where no time is given."""

    def fields(self) -> Iterable[Widget]:
        """Give the lines."""
        for name, (label, hint, value) in self.LINES.items():
            yield Static(label, markup=False, classes="label")
            yield PlainInput(value, placeholder=hint, id=name)

    def on_mount(self) -> None:
        """Begin with the time."""
        self.query_one("#until", Input).focus()

    def answer(self) -> dict[str, str] | None:
        """Give what stands in each line, or say that the time is missing."""
        said = {name: self.query_one(f"#{name}", Input).value.strip() for name in self.LINES}
        if not said["until"]:
            self.refuse(self.MISSING)
            return None
        return said


class AbsenceDialog(_UntilDialog):
    """Until when a technician is off, who stands in, and why."""

    LINES: ClassVar[dict[str, tuple[str, str, str]]] = {
        "until": ("Until", "3d, friday, 2026-12-24", ""),
        "deputy": ("Deputy", "a login; empty: nobody", ""),
        "reason": ("Why", "holidays", ""),
    }
    MISSING = "Until when? 3d, friday or 2026-12-24."

    def __init__(self, login: str) -> None:
        super().__init__(f"{login} is off", "Their deputy finds their tickets under Mine.")


class FocusDialog(_UntilDialog):
    """Begin focus time: until when, and why."""

    HINT = "1h, 45m or 15:30 · Enter begins · Esc leaves"
    LINES: ClassVar[dict[str, tuple[str, str, str]]] = {
        "until": ("Until", "1h, 45m, 15:30", "1h"),
        "reason": ("Why (colleagues see it; may be empty)", "", ""),
    }
    MISSING = "Until when? Say 1h, 45m or 15:30."

    def __init__(self) -> None:
        super().__init__("Focus time", "News that is not urgent waits; urgent news does not.")
