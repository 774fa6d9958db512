"""The call that ends solved: what helped, and whether the caller says so."""

from collections.abc import Iterable
from typing import NamedTuple

from textual.containers import Horizontal
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static, TextArea

from deskterm.screens.dialogs.base import Dialog
from deskterm.widgets.choice import Choice
from deskterm.widgets.typed import PlainArea, PlainInput

_YES, _NO = "yes, it works", "cannot say"


class Solved(NamedTuple):
    """What solved it; `waived` is why the caller's word is done without."""

    resolution: str
    waived: str


class SolvedDialog(Dialog[Solved]):
    """Closes the ticket through the gate: you tried it, and the caller confirms it (B3)."""

    HINT = "^s logs it, solved and closed · Esc goes on with the call"

    def __init__(self) -> None:
        super().__init__("Solved on the phone", "You tried it together, and the caller confirms.")

    def fields(self) -> Iterable[Widget]:
        """Give what helped and the caller's word."""
        yield Static(Content("What solved it"), classes="label")
        yield PlainArea(id="resolution", tab_behavior="focus")
        yield Horizontal(
            Static(Content("The caller:"), classes="label"),
            Choice((_YES, _NO), id="word"),
            classes="line",
        )
        yield PlainInput(placeholder="why without their word; only where they cannot say", id="why")

    def answer(self) -> Solved | None:
        """Give the resolution, and the reason where there is no word of the caller."""
        resolution = self.query_one("#resolution", TextArea).text.strip()
        why = self.query_one("#why", Input).value.strip()
        confirmed = self.query_one("#word", Choice).value == _YES
        if not resolution:
            self.query_one("#resolution").focus()
            self.refuse("Say what solved it.")
            return None
        if not confirmed and not why:
            self.query_one("#why").focus()
            self.refuse("Say why the caller cannot confirm it.")
            return None
        return Solved(resolution, "" if confirmed else why)
