"""Commands of the ticket screen alone."""

from deskterm.screens.action import Action

TICKET: tuple[Action, ...] = ()
