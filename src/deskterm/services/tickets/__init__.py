"""Tickets: every use case, as `desk.tickets.…`."""

from deskterm.services.letters import Letters
from deskterm.services.tickets.callbacks import CallBacks
from deskterm.services.tickets.naming import Naming
from deskterm.services.tickets.short import Short
from deskterm.services.tickets.taking import Taking
from deskterm.services.tickets.undo import Undo, Undoer
from deskterm.storage.store import Store


class Tickets(Undo, Short, Taking, Naming, CallBacks):
    """`do` does what is asked for; the rest opens tickets, undoes and reads."""

    def __init__(self, store: Store, me: str, letters: Letters) -> None:
        super().__init__(store, me, letters)
        self.others: dict[str, Undoer] = {}
