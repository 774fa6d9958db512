"""Commands that every screen has."""

from deskterm.screens.action import EVERYWHERE, Action

GENERAL = (
    Action(
        "help",
        "question_mark,f1",
        "Keys",
        "Show the keys of this screen; filters as you type.",
        "General",
        EVERYWHERE,
        footer=1,
    ),
    Action(
        "palette",
        "ctrl+p,colon",
        "Commands",
        "Find a command, ticket, person, solution or guide.",
        "General",
        EVERYWHERE,
        footer=99,
        palette=False,
    ),
    Action(
        "escape",
        "escape",
        "Back",
        "Step back: popup, marks, filter, then the screen.",
        "General",
        EVERYWHERE,
        palette=False,
    ),
    Action("back", "q", "Back", "Go back; on the board, quit.", "General", EVERYWHERE),
    Action(
        "refresh", "f5", "Refresh", "Read everything on the screen anew.", "General", EVERYWHERE
    ),
    Action(
        "undo",
        "u",
        "Undo",
        "Take back your last operation, also a bulk one.",
        "General",
        EVERYWHERE,
    ),
    Action(
        "copy_number",
        "y",
        "Copy number",
        "Copy the ticket's number to the clipboard.",
        "General",
        EVERYWHERE,
        needs_ticket=True,
    ),
    Action(
        "copy_text",
        "Y",
        "Copy text",
        "Copy the ticket's text to the clipboard.",
        "General",
        EVERYWHERE,
        needs_ticket=True,
    ),
    Action(
        "mail_queue",
        "M",
        "Mail queue",
        "Show the letters: what waits, what failed and why.",
        "General",
        EVERYWHERE,
    ),
    Action("notices", "N", "Notices", "Show what you are told of.", "General", EVERYWHERE),
    Action(
        "focus_time",
        "F",
        "Focus",
        "Begin or end focus time: news that is not urgent waits.",
        "General",
        EVERYWHERE,
    ),
    Action(
        "theme",
        "f9",
        "Theme",
        "Go to the next colours: dark, light, the terminal's own 16.",
        "General",
        EVERYWHERE,
    ),
)
