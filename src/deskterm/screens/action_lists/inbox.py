"""Commands of the screen of received mail."""

from deskterm.screens.action import Action

_INBOX = ("inbox",)


def _move(name: str, keys: str, label: str, text: str) -> Action:
    return Action(name, keys, label, text, "Moving", _INBOX, palette=False)


def _mail(name: str, keys: str, label: str, text: str, footer: int = 0) -> Action:
    return Action(name, keys, label, text, "Mail", _INBOX, needs_ticket=True, footer=footer)


INBOX = (
    _mail("mail_open", "enter", "Show", "Show the mail, or close it again.", 2),
    _mail("mail_ticket", "t", "Ticket", "Open the ticket the mail is on.", 3),
    _mail("mail_retry", "r", "Again", "Let the mail be processed again.", 4),
    _mail("mail_discard", "d", "Put away", "Put the mail away; asks first.", 5),
    _mail("mail_retry_all", "R", "All again", "Process every mail shown again; asks first."),
    _mail("mail_discard_all", "D", "All away", "Put every mail shown away; asks first."),
    Action(
        "mail_filter",
        "slash",
        "Filter",
        "Show only mails whose sender, subject or reason has some words.",
        "Mail",
        _INBOX,
        footer=6,
    ),
    _move("mail_down", "j,down", "Down", "One down."),
    _move("mail_up", "k,up", "Up", "One up."),
    _move("mail_page_down", "pagedown,space,ctrl+f", "Page down", "One page down."),
    _move("mail_page_up", "pageup,ctrl+b", "Page up", "One page up."),
    _move("mail_first", "g,home", "First", "To the newest, or the beginning of the mail."),
    _move("mail_last", "G,end", "Last", "To the oldest, or the end of the mail."),
    _move("mail_next_shelf", "tab,right_square_bracket", "Next tab", "The tab on the right."),
    _move("mail_shelf_before", "shift+tab,left_square_bracket", "Tab before", "The tab left."),
)
"""1–7 choose a tab; they are plain keys of the screen, not commands with a name."""
