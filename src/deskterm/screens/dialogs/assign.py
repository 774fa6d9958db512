"""Find the technician who gets the tickets."""

from collections.abc import Iterable
from typing import Any

from textual import on
from textual.widget import Widget

from deskterm.screens.dialogs.verb import Targets, VerbDialog
from deskterm.widgets.picker import Pick, Picker

ME = Pick("me", "me", "take it yourself")
NOBODY = Pick("none", "nobody", "back to the common heap")


class AssignDialog(VerbDialog[str]):
    """Type a few letters of a login or name; Enter gives it to the first shown."""

    HINT = "type to find · ↑↓ choose · Enter gives · Esc leaves"

    def __init__(self, targets: Targets, limit: int) -> None:
        super().__init__("Assign", targets, limit)

    def verb_fields(self) -> Iterable[Widget]:
        """Give the finder."""
        yield Picker([ME, NOBODY], placeholder="technician", id="who")

    def on_mount(self) -> None:
        """Ask for the technicians."""
        self.load(lambda desk: desk.admin.technicians(), self._offer, "technicians")

    def _offer(self, technicians: Iterable[Any]) -> None:
        here = sorted(technicians, key=lambda one: one.off_until is not None)
        people = [Pick(one.login, one.login, _words(one)) for one in here]
        self.query_one(Picker).offer([ME, *people, NOBODY])

    @on(Picker.Picked)
    def _give(self) -> None:
        self.action_accept()

    def answer(self) -> str | None:
        """Give the login, `me` or `none`."""
        if not self.query_one(Picker).value:
            self.refuse("Nobody of that name works here.")
            return None
        return self.query_one(Picker).value


def _words(one: Any) -> str:
    """Give the name, and that somebody is off or wants to be left in peace."""
    if one.off_until is not None:
        deputy = f", deputy {one.deputy}" if one.deputy else ""
        return f"{one.name}  off until {one.off_until.astimezone():%d %b}{deputy}".strip()
    if one.focus_until is None:
        return str(one.name)
    reason = f" ({one.focus_reason})" if one.focus_reason else ""
    return f"{one.name}  focus until {one.focus_until.astimezone():%H:%M}{reason}".strip()
