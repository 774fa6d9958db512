"""Tickets: every use case, as `desk.tickets.…`."""

from deskterm.services.letters import Letters
from deskterm.services.tickets.callbacks import CallBacks
from deskterm.services.tickets.care import Care
from deskterm.services.tickets.naming import Naming
from deskterm.services.tickets.operation import Guard
from deskterm.services.tickets.parties import Parties
from deskterm.services.tickets.talk import Talk
from deskterm.services.tickets.undo import Undo, Undoer
from deskterm.storage.store import Store

__all__ = ["Guard", "Tickets"]


class Tickets(Undo, Care, Talk, Parties, Naming, CallBacks):
    """Opening, caring, talking, tying, undoing and reading, in one service."""

    def __init__(self, store: Store, me: str, letters: Letters) -> None:
        super().__init__(store, me, letters)
        self.others: dict[str, Undoer] = {}
