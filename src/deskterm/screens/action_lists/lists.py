"""Commands of the lists beside the tickets: letters, received mail, notices, figures."""

from deskterm.screens.action import Action

_LETTERS = ("letters",)


def _letter(name: str, keys: str, label: str, text: str, footer: int = 0) -> Action:
    needs = "letter" if name in ("open", "ticket", "retry", "withdraw") else ""
    return Action(
        f"letter_{name}", keys, label, text, "Letters", _LETTERS, needs=needs, footer=footer
    )


LETTERS = (
    _letter("open", "enter", "Show", "Show the letter as it left or would leave.", 2),
    _letter("ticket", "t", "Ticket", "Open the ticket that the letter is about.", 3),
    _letter("retry", "r", "Retry", "Try it again; one that waits leaves now.", 4),
    _letter("retry_all", "R", "Retry all", "Try every failed letter again; asks first.", 7),
    _letter("withdraw", "x", "Stop", "Stop the letter before it leaves.", 5),
    _letter("pause", "p", "Pause", "Stop all letters, or go on whatever had stopped them.", 6),
)

_INBOX = ("inbox",)


def _inbox(name: str, keys: str, label: str, text: str, footer: int = 0) -> Action:
    return Action(name, keys, label, text, "Mail", _INBOX, needs="mail", footer=footer)


INBOX = (
    _inbox("inbox_open", "enter", "Show", "Show the mail, or close it again.", 2),
    _inbox("inbox_ticket", "t", "Ticket", "Open the ticket the mail is on.", 3),
    _inbox("inbox_retry", "r", "Again", "Let the mail be processed again.", 4),
    _inbox("inbox_discard", "d", "Put away", "Put the mail away; asks first.", 5),
    _inbox("inbox_retry_all", "R", "All again", "Process every mail shown again; asks first."),
    _inbox("inbox_discard_all", "D", "All away", "Put every mail shown away; asks first."),
)

_WORDING = ("wording",)


def _wording(name: str, keys: str, label: str, text: str, footer: int = 0) -> Action:
    return Action(f"wording_{name}", keys, label, text, "Letters", _WORDING, footer=footer)


WORDING = (
    _wording("edit", "e,enter", "Edit", "Write it in your own words; tried before it is kept.", 2),
    _wording("editor", "E", "Editor", "The same in your own editor.", 3),
    _wording("language", "l", "Language", "To the next language.", 4),
    _wording("show", "v", "View", "As it would look, the template, or the HTML.", 5),
    _wording("ticket", "t", "Ticket", "Fill it with a ticket of yours, by number.", 6),
    _wording("reset", "x", "Reset", "Back to the first words; asks first.", 7),
)

_RECORDS = ("records",)


def _record(name: str, keys: str, label: str, text: str, footer: int = 0) -> Action:
    needs = "" if name == "new" else "record"
    return Action(
        f"record_{name}", keys, label, text, "Records", _RECORDS, needs=needs, footer=footer
    )


RECORDS = (
    _record("edit", "enter,e", "Edit", "Change it in a form; only what is altered is kept.", 2),
    _record("new", "n", "New", "Make one in a form.", 3),
    _record("rename", "r", "Rename", "Give it another name; whatever names it follows.", 4),
    _record("merge", "m", "Merge", "Let whatever names it name another, and take it away.", 5),
    _record("remove", "D", "Remove", "Take it away; says first what names it.", 6),
    _record("tickets", "t", "Tickets", "Show the tickets that name it on the board.", 7),
)

_NOTICES = ("notices",)


def _notice(name: str, keys: str, label: str, text: str, footer: int = 0) -> Action:
    needs = "notice" if name in ("open", "seen") else ""
    return Action(
        f"notice_{name}", keys, label, text, "Notices", _NOTICES, needs=needs, footer=footer
    )


NOTICES = (
    _notice("open", "enter", "Open", "Open the ticket at what happened.", 2),
    _notice("seen", "space", "Seen", "Mark it as seen and move on.", 3),
    _notice("seen_all", "a", "All seen", "Mark all of them as seen.", 4),
    _notice("wishes", "o", "Told of", "Choose what you are told of, and whether by mail.", 9),
)

_INSIGHT = ("insight",)


def _insight(name: str, keys: str, label: str, text: str, footer: int = 0) -> Action:
    return Action(f"insight_{name}", keys, label, text, "Insight", _INSIGHT, footer=footer)


INSIGHT = (
    _insight("open", "enter", "Tickets", "Show the tickets behind the line on the board.", 2),
    _insight("shorter", "left,h", "Shorter", "A shorter period: a year, 90 days, 30 days.", 3),
    _insight("longer", "right,l", "Longer", "A longer period: 30 days, 90 days, a year.", 4),
    _insight("copy", "C", "Copy CSV", "Copy what is shown as CSV to the clipboard.", 6),
)

_WORKLOAD = ("workload",)

WORKLOAD = (
    Action(
        "workload_open",
        "enter",
        "Tickets",
        "Show their open tickets on the board: mark some, a gives them to somebody else.",
        "Workload",
        _WORKLOAD,
        footer=2,
    ),
    Action(
        "workload_off",
        "o",
        "Off",
        "Record that they are off and who stands in, or that they are back.",
        "Workload",
        _WORKLOAD,
        footer=3,
    ),
)
