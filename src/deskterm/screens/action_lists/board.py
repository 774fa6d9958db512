"""Commands of the board alone."""

from deskterm.screens.action import Action
from deskterm.widgets.marking import MARKS
from deskterm.widgets.moving import Move

_BOARD = ("board",)


def _mark(one: Move) -> Action:
    return Action(
        *one,
        "Marks",
        _BOARD,
        needs="ticket",
        footer=5 if one.id == "mark" else 0,
        palette=not one.id.startswith("extend"),
        focused=True,
    )


BOARD = (
    Action(
        "open",
        "enter",
        "Open",
        "Open the ticket under the cursor.",
        "Tickets",
        _BOARD,
        needs="ticket",
        footer=4,
    ),
    *(_mark(one) for one in MARKS),
    Action(
        "mark_alike",
        "comma",
        "Mark alike",
        "Mark the open tickets linked to or reading like this one.",
        "Marks",
        _BOARD,
        needs="ticket",
    ),
    Action(
        "incident",
        "E",
        "Incident",
        "Make the marked tickets, or the burst called out, one incident.",
        "Marks",
        _BOARD,
        needs="ticket",
    ),
    Action("preview", "p", "Preview", "Show or hide the preview.", "View", _BOARD),
    Action("sort", "o", "Sort", "Choose the order.", "View", _BOARD),
    Action("columns", "O", "Columns", "Choose the columns.", "View", _BOARD),
    Action(
        "save_view", "ctrl+s", "Save view", "Keep the filter as a tab of your own.", "View", _BOARD
    ),
    Action(
        "menu",
        "f10",
        "Menu",
        "Open the menu of the ticket (right click).",
        "Tickets",
        _BOARD,
        needs="ticket",
    ),
    Action(
        "pipe",
        "vertical_line",
        "Pipe",
        "Send the rows as JSON lines to a command.",
        "View",
        _BOARD,
        needs="ticket",
    ),
)
"""1–9 choose a view; they are plain keys of the screen, not commands with a name."""
