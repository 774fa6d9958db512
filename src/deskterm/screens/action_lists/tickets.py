"""What can be done to tickets, and the commands of the board alone."""

from deskterm.screens.action import Action
from deskterm.widgets.marking import MARKS
from deskterm.widgets.moving import Move

_BOTH = ("board", "ticket")


def _verb(name: str, keys: str, label: str, text: str, verb: str, footer: int = 0) -> Action:
    return Action(name, keys, label, text, "Tickets", _BOTH, verb, "ticket", True, footer)


TICKETS = (
    Action(
        "new_call",
        "n",
        "New",
        "Log a call, a walk-up or a mail for somebody.",
        "Tickets",
        _BOTH,
        footer=2,
    ),
    Action(
        "take_next",
        "T",
        "Next",
        "Take the ticket that should be worked on next, and open it.",
        "Tickets",
        _BOTH,
        footer=3,
    ),
    Action(
        "why",
        "W",
        "Why",
        "Why is this on top? Its place, its promises, what their clocks count.",
        "Tickets",
        _BOTH,
        needs="ticket",
    ),
    _verb(
        "call_back",
        "b",
        "Call back",
        "Promise a call-back, also on a closed ticket; say that it was made.",
        "call-back",
    ),
    Action(
        "visit",
        "ampersand",
        "Visit",
        "Offer times for a visit, record the choice, move it, say what was done.",
        "Tickets",
        _BOTH,
        "end-visit",
        "ticket",
    ),
    _verb("clock", "semicolon", "Clock", "Start your clock on it; where it runs, stop it.", "time"),
    _verb(
        "time", "apostrophe", "Time", "Book time worked; confirm or drop what is proposed.", "time"
    ),
    Action(
        "remote",
        "v",
        "Remote",
        "Open a session to the device by a command of the desk's own; shown, asked first.",
        "Tickets",
        ("ticket",),
        "note",
        "ticket",
    ),
    Action(
        "macro",
        "d",
        "Do",
        "Do several verbs at once by a macro of the desk's own; shown first, one undo.",
        "Tickets",
        _BOTH,
        "macro",
        "ticket",
    ),
    Action(
        "checklist",
        "l",
        "Checklist",
        "Tick the items of its checklist, put a checklist on it.",
        "Tickets",
        _BOTH,
        "step",
        "ticket",
    ),
    Action(
        "own_verb",
        "quotation_mark",
        "Own verb",
        "Run a program of the desk's own with the ticket; shown first, its words are asked about.",
        "Tickets",
        _BOTH,
        "note",
        "ticket",
    ),
    Action(
        "remedies",
        "dollar_sign",
        "Remedies",
        "Offer remedies to choose from, each with what it takes; record the customer's choice.",
        "Tickets",
        _BOTH,
        "step",
        "ticket",
    ),
    _verb("take", "t", "Take", "Make it yours.", "take"),
    _verb("assign", "a", "Assign", "Give it to a technician, or to nobody.", "assign"),
    _verb("reply", "r", "Reply", "Answer the customer.", "reply", 9),
    _verb("note", "i", "Note", "Write an internal note; the customer never sees it.", "note"),
    Action(
        "solution",
        "s",
        "Solution",
        "Show the solutions that fit and use one; of a resolved ticket, n drafts a new one.",
        "Tickets",
        _BOTH,
        "note",
        "ticket",
    ),
    Action(
        "publish",
        "P",
        "Publish",
        "Make the resolution a solution: draft it, then review and publish it.",
        "Tickets",
        _BOTH,
        needs="ticket",
    ),
    Action(
        "guide",
        "w",
        "Guide",
        "Walk through a troubleshooting guide.",
        "Tickets",
        _BOTH,
        "guide",
        "ticket",
        footer=10,
    ),
    Action(
        "person",
        "f",
        "Person",
        "Show all the requester ever had: tickets, devices, ratings, what was promised.",
        "Tickets",
        _BOTH,
        needs="ticket",
    ),
    _verb(
        "escalate",
        "greater_than_sign",
        "Escalate",
        "Hand over to a group, with a summary.",
        "escalate",
        11,
    ),
    _verb(
        "hand_back",
        "less_than_sign",
        "Hand back",
        "Give it back to the group it came from.",
        "hand-back",
    ),
    _verb("wait", "z", "Wait", "Let it wait for the customer, an approval or a date.", "wait"),
    _verb("resume", "Z", "Resume", "End the waiting.", "resume"),
    _verb("solve", "S", "Solve", "Say the resolution; the work is then to be verified.", "solve"),
    _verb("verify", "V", "Verify", "Verify the work, or record the customer's word.", "verify"),
    _verb("close", "x", "Close", "Close it: solved, unsolved, duplicate or spam.", "close"),
    _verb("reopen", "X", "Reopen", "Open it again, with a reason.", "reopen"),
    _verb("cancel", "D", "Cancel", "Cancel it: the wish was withdrawn or was none.", "cancel"),
    _verb("merge", "m", "Merge", "Merge it into another ticket.", "merge"),
    _verb("link", "L", "Link", "Link it to the known problem shown, else to a ticket.", "link"),
    _verb(
        "edit",
        "e",
        "Edit",
        "Change any fact: subject, problem, category, device, people, the fields.",
        "set",
    ),
    _verb(
        "approval",
        "A",
        "Approval",
        "Ask somebody to grant it, or write down what they decided.",
        "decide",
    ),
    _verb("watchers", "C", "Watchers", "Let somebody hear of it from now on, or no more.", "set"),
    _verb(
        "accept",
        "equals_sign",
        "Accept",
        "Allow what a mail asks for without proof; else set what triage proposes.",
        "set",
    ),
    _verb("urgent", "exclamation_mark", "Urgent", "Switch urgent on or off.", "set"),
)

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
        "counts",
        "number_sign",
        "Most of these",
        "What the marked tickets, or all in the filter, have in common: site, model, person.",
        "View",
        _BOARD,
    ),
    Action(
        "save_view", "plus", "Save view", "Keep the filter as a tab of your own.", "View", _BOARD
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
