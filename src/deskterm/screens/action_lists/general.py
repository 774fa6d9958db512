"""Commands that every screen has, and moving: the same keys everywhere, remapped once."""

from deskterm.screens.action import ANYTHING, EVERYWHERE, Action, Making
from deskterm.widgets.moving import MOVES, TABS

_door = Making("General", EVERYWHERE)

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
        "refresh",
        "f5",
        "Refresh",
        "Read and draw everything on the screen anew.",
        "General",
        EVERYWHERE,
    ),
    Action(
        "undo",
        "u",
        "Undo",
        "Take back your newest operation that can be, also a bulk one.",
        "General",
        EVERYWHERE,
    ),
    Action(
        "redo",
        "U",
        "Redo",
        "Take the last undo back.",
        "General",
        EVERYWHERE,
    ),
    Action(
        "messages",
        "H",
        "Messages",
        "Show again what was said: what was done, what was refused and why.",
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
        needs=ANYTHING,
    ),
    Action(
        "copy_text",
        "Y",
        "Copy text",
        "Copy the ticket's text to the clipboard.",
        "General",
        EVERYWHERE,
        needs=ANYTHING,
    ),
    _door("letters", "M", "Mail queue", "Show the letters: what waits, what failed and why."),
    _door("wording", "f7", "Letters", "Show and edit the words of the desk's letters."),
    _door("inbox", "I", "Inbox", "Show received mail and what became of it."),
    _door(
        "all_guides",
        "f6",
        "Guides",
        "All guides with what use tells of them: fixed, given up, escalated.",
    ),
    _door(
        "problems",
        "f4",
        "Problems",
        "Show known errors and incidents: whom they touch, who is to be told.",
    ),
    _door("queue", "Q", "Queue", "Show which problem to end first, and why, every term of it."),
    _door("releases", "R", "Releases", "Show what fixes problems: planned, shipped, answered."),
    _door(
        "announcements",
        "K",
        "Announcements",
        "Show what is announced, planned and over: say something to many, update it, end it.",
    ),
    _door("promises", "at", "Promises", "Show everything that is promised, with its dates."),
    _door("visits", "f2", "Visits", "Show who comes where and when: today, to come, over."),
    _door("notices", "N", "Notices", "Show what you are told of."),
    _door(
        "records",
        "f3",
        "Records",
        "People, devices, groups, fields, rules, settings …: list, add, edit, merge, remove.",
    ),
    _door("workload", "B", "Workload", "Who has what in hand, since when, and who is off."),
    _door(
        "insight",
        "f12",
        "Insight",
        "How the work goes: the nine steps, what goes wrong, customers' reports.",
    ),
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

_FILTERED = (
    "board",
    "letters",
    "notices",
    "promises",
    "inbox",
    "guides",
    "solutions",
    "records",
    "releases",
    "announcements",
    "release",
    "queue",
    "visits",
)
_UNFILTERED = ("ticket", "problems", "workload", "insight", "person")
"""Where words typed after a slash would be commands."""
_TABBED = (
    "board",
    "ticket",
    "letters",
    "notices",
    "promises",
    "inbox",
    "insight",
    "records",
    "releases",
    "announcements",
    "release",
    "visits",
)
_PAGED = ("ticket", "inbox", "solutions", "wording")
"""Screens on which Space has nothing else to do."""

MOVING = (
    *(Action(*one, "Moving", EVERYWHERE, palette=False, focused=True) for one in MOVES),
    *(Action(*one, "Moving", _TABBED, palette=False, focused=True) for one in TABS),
    Action("page_on", "space", "Page down", "One page down.", "Moving", _PAGED, palette=False),
    Action(
        "filter",
        "slash",
        "Filter",
        "Find by words; on the board with the query language, e.g. is:open vpn.",
        "View",
        _FILTERED,
        footer=8,
    ),
    Action(
        "filter_board",
        "slash",
        "Find",
        "Back to the board, and into its filter.",
        "View",
        _UNFILTERED,
    ),
)
"""Digits choose a tab; they are plain keys of the part with tabs, not commands with a name."""
