"""Commands of the board alone."""

from deskterm.screens.action import Action

_BOARD = ("board",)


def _move(name: str, keys: str, label: str, text: str) -> Action:
    return Action(name, keys, label, text, "Moving", _BOARD, palette=False)


BOARD = (
    _move("cursor_down", "j,down", "Down", "One ticket down."),
    _move("cursor_up", "k,up", "Up", "One ticket up."),
    _move("cursor_first", "g,home", "First", "To the first ticket."),
    _move("cursor_last", "G,end", "Last", "To the last ticket."),
    _move("page_down", "pagedown,ctrl+f", "Page down", "One page down."),
    _move("page_up", "pageup,ctrl+b", "Page up", "One page up."),
    Action(
        "open",
        "enter",
        "Open",
        "Open the ticket under the cursor.",
        "Tickets",
        _BOARD,
        needs_ticket=True,
        footer=4,
    ),
    Action(
        "mark",
        "space",
        "Mark",
        "Mark the ticket and move on.",
        "Marks",
        _BOARD,
        needs_ticket=True,
        footer=5,
    ),
    Action(
        "mark_range",
        "v",
        "Range",
        "Start a range; moving extends it; v again ends it.",
        "Marks",
        _BOARD,
        needs_ticket=True,
    ),
    Action(
        "extend_down",
        "shift+down",
        "Range down",
        "Mark and extend the range downwards.",
        "Marks",
        _BOARD,
        needs_ticket=True,
        palette=False,
    ),
    Action(
        "extend_up",
        "shift+up",
        "Range up",
        "Mark and extend the range upwards.",
        "Marks",
        _BOARD,
        needs_ticket=True,
        palette=False,
    ),
    Action(
        "mark_all",
        "asterisk",
        "Mark all",
        "Mark all tickets in the filter, or none.",
        "Marks",
        _BOARD,
        needs_ticket=True,
    ),
    Action(
        "mark_alike",
        "comma",
        "Mark alike",
        "Mark the open tickets linked to or reading like this one.",
        "Marks",
        _BOARD,
        needs_ticket=True,
    ),
    Action(
        "incident",
        "E",
        "Incident",
        "Make the marked tickets, or the burst called out, one incident.",
        "Marks",
        _BOARD,
        needs_ticket=True,
    ),
    Action(
        "filter",
        "slash",
        "Filter",
        "Filter with the query language, e.g. is:open vpn.",
        "View",
        _BOARD,
        footer=6,
    ),
    Action("preview", "p", "Preview", "Show or hide the preview.", "View", _BOARD),
    Action("sort", "o", "Sort", "Choose the order.", "View", _BOARD),
    Action("columns", "O", "Columns", "Choose the columns.", "View", _BOARD),
    Action(
        "save_view", "ctrl+s", "Save view", "Keep the filter as a tab of your own.", "View", _BOARD
    ),
    Action(
        "view_previous",
        "left_square_bracket",
        "Previous view",
        "To the view on the left.",
        "View",
        _BOARD,
    ),
    Action(
        "view_next",
        "right_square_bracket",
        "Next view",
        "To the view on the right.",
        "View",
        _BOARD,
    ),
    Action(
        "menu",
        "f10",
        "Menu",
        "Open the menu of the ticket (right click).",
        "Tickets",
        _BOARD,
        needs_ticket=True,
    ),
    Action(
        "pipe",
        "vertical_line",
        "Pipe",
        "Send the rows as JSON lines to a command.",
        "View",
        _BOARD,
        needs_ticket=True,
    ),
)
"""1–9 choose a view; they are plain keys of the screen, not commands with a name."""
