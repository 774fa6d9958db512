"""Commands of the mail queue."""

from deskterm.screens.action import Action

_HERE = ("letters",)


def _verb(name: str, keys: str, label: str, text: str, footer: int = 0) -> Action:
    needs = "letter" if name in ("open", "ticket", "retry", "withdraw") else ""
    return Action(f"letter_{name}", keys, label, text, "Letters", _HERE, needs=needs, footer=footer)


LETTERS = (
    _verb("open", "enter", "Show", "Show the letter as it left or would leave.", 2),
    _verb("ticket", "t", "Ticket", "Open the ticket that the letter is about.", 3),
    _verb("retry", "r", "Retry", "Try it again; one that waits leaves now.", 4),
    _verb("retry_all", "R", "Retry all", "Try every failed letter again; asks first.", 7),
    _verb("withdraw", "x", "Stop", "Stop the letter before it leaves.", 5),
    _verb("pause", "p", "Pause", "Stop all letters, or go on whatever had stopped them.", 6),
)
