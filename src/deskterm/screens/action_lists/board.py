"""Commands of the board alone."""

from deskterm.screens.action import Action

_BOARD = ("board",)

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
    Action(
        "mark",
        "space",
        "Mark",
        "Mark the ticket and move on.",
        "Marks",
        _BOARD,
        needs="ticket",
        footer=5,
    ),
    Action(
        "mark_range",
        "v",
        "Range",
        "Start a range; moving extends it; v again ends it.",
        "Marks",
        _BOARD,
        needs="ticket",
    ),
    Action(
        "extend_down",
        "shift+down",
        "Range down",
        "Mark and extend the range downwards.",
        "Marks",
        _BOARD,
        needs="ticket",
        palette=False,
    ),
    Action(
        "extend_up",
        "shift+up",
        "Range up",
        "Mark and extend the range upwards.",
        "Marks",
        _BOARD,
        needs="ticket",
        palette=False,
    ),
    Action(
        "mark_all",
        "asterisk",
        "Mark all",
        "Mark all tickets in the filter, or none.",
        "Marks",
        _BOARD,
        needs="ticket",
    ),
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
