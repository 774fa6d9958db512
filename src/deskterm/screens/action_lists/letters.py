"""Commands of the mail queue."""

from deskterm.screens.action import Action

_HERE = ("letters",)


def _move(name: str, keys: str, label: str, text: str) -> Action:
    return Action(f"letter_{name}", keys, label, text, "Moving", _HERE, palette=False)


def _verb(name: str, keys: str, label: str, text: str, footer: int = 0) -> Action:
    needs = name in ("open", "ticket", "retry", "withdraw")
    return Action(
        f"letter_{name}", keys, label, text, "Letters", _HERE, needs_ticket=needs, footer=footer
    )


LETTERS = (
    _move("down", "j,down", "Down", "One letter down."),
    _move("up", "k,up", "Up", "One letter up."),
    _move("page_down", "pagedown,ctrl+f", "Page down", "One page down."),
    _move("page_up", "pageup,ctrl+b", "Page up", "One page up."),
    _move("first", "g,home", "First", "To the first letter."),
    _move("last", "G,end", "Last", "To the last letter."),
    _verb("open", "enter", "Show", "Show the letter as it left or would leave.", 2),
    _verb("ticket", "t", "Ticket", "Open the ticket that the letter is about.", 3),
    _verb("retry", "r", "Retry", "Try it again; one that waits leaves now.", 4),
    _verb("retry_all", "R", "Retry all", "Try every failed letter again; asks first.", 7),
    _verb("withdraw", "x", "Stop", "Stop the letter before it leaves.", 5),
    _verb("pause", "p", "Pause", "Stop all letters, or go on whatever had stopped them.", 6),
    _verb("filter", "slash", "Filter", "Filter by words.", 8),
    _verb("next_view", "right_square_bracket,tab", "Next view", "Waiting, failed, all."),
    _verb("view_before", "left_square_bracket,shift+tab", "View before", "Waiting, failed, all."),
)
"""1–3 choose a view; they are plain keys of the screen, not commands with a name."""
