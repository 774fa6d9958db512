"""Commands of the call intake."""

from deskterm.screens.action import Action

CALL: tuple[Action, ...] = ()
