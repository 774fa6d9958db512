"""Commands of the solutions screens."""

from deskterm.screens.action import Action

SOLUTION: tuple[Action, ...] = ()
