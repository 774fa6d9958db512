"""What the board's functions may ask of the board."""

from typing import TYPE_CHECKING, Protocol

from deskterm.screens.flows.owner import AnyScreen, TicketOwner

if TYPE_CHECKING:
    from deskterm.screens.board.callout import Callout
    from deskterm.screens.board.preview import TicketPreview
    from deskterm.screens.board.tickets import TicketList


class BoardOwner(AnyScreen, TicketOwner, Protocol):
    """The board with its parts."""

    tickets: "TicketList"
    preview: "TicketPreview"
    callout: "Callout"
