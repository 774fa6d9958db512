"""Commands of the screens of one ticket: the open ticket, and the call that makes a new one."""

from deskterm.screens.action import Action, Making

_TICKET = ("ticket",)
_move = Making("Moving", _TICKET, palette=False, focused=True)

TICKET = (
    _move("next_entry", "J,shift+down", "Next entry", "To the next message or note."),
    _move("previous_entry", "K,shift+up", "Entry before", "To the message or note before."),
    Action(
        "do",
        "enter",
        "Open",
        "Unfold a message, mark a step done, open a link, edit the facts.",
        "Reading",
        _TICKET,
        needs="ticket",
        focused=True,
    ),
    Action(
        "skip",
        "minus",
        "Skip",
        "Skip the step in hand, with a reason; take a linked ticket away.",
        "Reading",
        _TICKET,
        needs="ticket",
        focused=True,
    ),
    Action(
        "open_thing",
        "o",
        "Open file",
        "Open a file or a link of the ticket; shows what it is and asks first.",
        "Reading",
        _TICKET,
        needs="ticket",
    ),
    Action(
        "save_file",
        "O",
        "Save file",
        "Save a file of the ticket into a folder.",
        "Reading",
        _TICKET,
        needs="ticket",
    ),
    Action(
        "whole_mail",
        "Q",
        "Whole mail",
        "Show the mail behind the message in hand, with what it quotes.",
        "Reading",
        _TICKET,
        needs="ticket",
    ),
    Action(
        "confirm_requester",
        "c",
        "Requester",
        "Confirm the requester read out of a forwarded mail, or set another.",
        "Tickets",
        _TICKET,
        "set",
        "ticket",
    ),
    Action(
        "decline",
        "underscore",
        "Decline",
        "Leave it as it is: no to what a mail asks for without proof (= says yes).",
        "Tickets",
        _TICKET,
        "decline",
        "ticket",
    ),
    Action(
        "split",
        "percent_sign",
        "Split",
        "Part the ticket: the message in hand and what follows become a new one.",
        "Tickets",
        _TICKET,
        "split",
        "ticket",
    ),
    Action(
        "send",
        "ctrl+s",
        "Send",
        "Send what you write.",
        "Writing",
        _TICKET,
        needs="ticket",
    ),
    Action(
        "insert",
        "ctrl+o",
        "Put in",
        "Put a solution or a canned text into what you write; `::name` and a space does too.",
        "Writing",
        _TICKET,
        "reply",
        "ticket",
    ),
    Action(
        "editor",
        "f8",
        "Editor",
        "Write in your own editor ($VISUAL, $EDITOR or the setting).",
        "Writing",
        _TICKET,
        "reply",
        "ticket",
    ),
)
"""1–4 choose a part; they are plain keys of the screen, not commands with a name."""

_CALL = ("call",)
_save = Making("Saving", _CALL)
_form = Making("The call", _CALL)

CALL = (
    _save("save", "ctrl+s", "Save", "Log the call as a new ticket.", 2),
    _save("save_guide", "ctrl+g", "Save+guide", "Log it and walk through a guide.", 3),
    _save("save_take", "ctrl+t", "Save+take", "Log it, take it and open it.", 4),
    _save("solved_now", "ctrl+r", "Solved now", "Log it solved, verified and closed.", 5),
    _form("call_urgent", "f2", "Urgent", "Switch urgent on or off, from every field.", 6),
    _form("call_channel", "f3", "Channel", "Phone, walk-up, chat and so on, from every field."),
    _form("call_category", "f4", "Category", "Take the category that triage proposes."),
    _form("call_same", "ctrl+l", "Same", "Link it to the open ticket that reads the same.", 7),
    _form("call_text", "ctrl+o", "Put in", "Put a canned text into what they say."),
    _form("call_template", "f8", "Template", "Begin from a ticket that is filled in already."),
    _form("call_anew", "ctrl+n", "Anew", "Begin anew; what stands in the form is forgotten."),
)
