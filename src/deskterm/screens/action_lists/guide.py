"""Commands of the guide screen."""

from deskterm.screens.action import Action

GUIDE: tuple[Action, ...] = ()
