"""Commands of the screen of the workload."""

from deskterm.screens.action import Action

_HERE = ("workload",)

WORKLOAD = (
    Action(
        "load_open",
        "enter",
        "Tickets",
        "Show their open tickets on the board: mark some, a gives them to somebody else.",
        "Workload",
        _HERE,
        footer=2,
    ),
    Action(
        "load_off",
        "o",
        "Off",
        "Record that they are off and who stands in, or that they are back.",
        "Workload",
        _HERE,
        footer=3,
    ),
)
