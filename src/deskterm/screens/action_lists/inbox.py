"""Commands of the screen of received mail."""

from deskterm.screens.action import Action

_INBOX = ("inbox",)


def _mail(name: str, keys: str, label: str, text: str, footer: int = 0) -> Action:
    return Action(name, keys, label, text, "Mail", _INBOX, needs="mail", footer=footer)


INBOX = (
    _mail("mail_open", "enter", "Show", "Show the mail, or close it again.", 2),
    _mail("mail_ticket", "t", "Ticket", "Open the ticket the mail is on.", 3),
    _mail("mail_retry", "r", "Again", "Let the mail be processed again.", 4),
    _mail("mail_discard", "d", "Put away", "Put the mail away; asks first.", 5),
    _mail("mail_retry_all", "R", "All again", "Process every mail shown again; asks first."),
    _mail("mail_discard_all", "D", "All away", "Put every mail shown away; asks first."),
)
