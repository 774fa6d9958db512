"""What the functions of the ticket screen may ask of it."""

from typing import TYPE_CHECKING, Protocol

from deskterm.screens.flows.owner import TicketOwner

if TYPE_CHECKING:
    from deskterm.screens.ticket.pages import Page
    from deskterm.screens.ticket.parts import Parts
    from deskterm.screens.ticket.writer import Writer


class TicketReader(TicketOwner, Protocol):
    """A screen that shows one ticket, with its parts."""

    number: int
    page: "Page | None"
    """The ticket, as soon as it is read."""
    parts: "Parts"
    writer: "Writer"

    def action_back(self) -> None:
        """Leave the screen."""
