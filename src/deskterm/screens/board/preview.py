"""The ticket under the cursor: read when the cursor rests, then what fits it."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from deskterm.domain import clock
from deskterm.domain.rows import TicketView
from deskterm.screens.work import Working, quiet
from deskterm.widgets.preview import Preview

if TYPE_CHECKING:
    from textual.timer import Timer

    from deskterm.screens.board.alike import Fits

PAUSE = 0.08
"""Seconds the cursor rests before the ticket is read."""
FITS_PAUSE = 0.3
"""Seconds the cursor rests before it is looked up what fits the ticket."""
NARROWEST = 112
"""Columns of the window below which there is no preview."""


class TicketPreview(Preview, Working):
    """Reads its own ticket; a late answer about another one is not drawn."""

    number: int | None = None
    """The ticket to be shown."""
    proposed: Mapping[int, Mapping[str, str]] = {}
    """What triage proposes for the ticket shown, as it is seen."""
    _shown: int | None = None
    """The version that is shown of it."""
    _rest: "Timer | None" = None

    def follow(self, number: int | None, version: int | None) -> None:
        """Show this ticket as soon as the cursor rests; the version in hand stays as it is."""
        known = self._shown and version is not None and version != self._shown
        if number == self.number and known:
            self.read()
        elif number != self.number:
            self._shown = None
            self.number = number
            if number is None:
                self.show(None, clock.now())
            self._after(PAUSE, self.read)

    def read(self) -> None:
        """Read the ticket, where the preview is seen."""
        number = self.number
        if not self.display or self.app.size.width < NARROWEST:
            return
        if number is None:
            self.show(None, clock.now())
            return
        self.load(lambda desk: desk.tickets.show(number), self._show, "preview", quiet)

    def _show(self, ticket: TicketView) -> None:
        if ticket.id == self.number:
            self._shown = ticket.version
            self.show(ticket, clock.now())
            self._after(FITS_PAUSE, lambda: self._read_fits(ticket))

    def _read_fits(self, ticket: TicketView) -> None:
        from deskterm.screens.board.alike import fits

        def show(found: "Fits") -> None:
            if ticket.id == self.number:
                self.show_fits(found.lines)
                self.proposed = {ticket.id: found.proposed}

        if ticket.id == self.number:
            self.load(lambda desk: fits(desk, ticket), show, "fits", quiet)

    def toggle(self) -> None:
        """Show or hide it."""
        self.toggle_class("-hidden")
        self.call_after_refresh(self.read)

    def _after(self, pause: float, then: Callable[[], None]) -> None:
        if self._rest is not None:
            self._rest.stop()
        self._rest = self.set_timer(pause, then)
