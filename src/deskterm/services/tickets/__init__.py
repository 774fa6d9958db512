"""Tickets: every use case, as `desk.tickets.…`."""

from deskterm.services.tickets.callbacks import CallBacks
from deskterm.services.tickets.naming import Naming
from deskterm.services.tickets.short import Short
from deskterm.services.tickets.taking import Taking
from deskterm.services.tickets.undo import Undo


class Tickets(Undo, Short, Taking, Naming, CallBacks):
    """`do` does what is asked for; the rest opens tickets, undoes and reads."""
