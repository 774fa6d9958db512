"""Commands of the releases, of the developer queue and of the announcements."""

from deskterm.screens.action import Making

_RELEASES = ("releases", "release")
_release = Making("Releases", _RELEASES, prefix="release_", needs="")
_listed = Making("Releases", ("releases",), prefix="release_", needs="release")
_page = Making("Releases", ("release",), prefix="release_", needs="heard")

RELEASES = (
    _listed("open", "enter,p", "Show", "Show what it fixes, who is told and what they say.", 2),
    _page("tickets", "enter", "Tickets", "Show the problem, or this person's tickets of it.", 2),
    _release("new", "n", "New", "Make a release of the problems that it fixes.", 3),
    _release("edit", "e", "Edit", "Change what it fixes and says, and when it shall leave.", 4),
    _release("ship", "s", "Ship", "Ship it; shows first who will be told, then asks.", 5),
    _release("withdraw", "x", "Withdraw", "Take it back; those who were told are told why.", 6),
    _release("remove", "D", "Remove", "Take one away that was never shipped."),
)

_queue = Making("Queue", ("queue",), prefix="problem_queue_", needs="problem")

QUEUE = (
    _queue("open", "enter", "Problem", "Show all that is known of the problem.", 2),
    _queue("tickets", "comma", "Tickets", "Show its tickets on the board, closed ones too.", 3),
    _queue(
        "export", "E", "Export", "Write the queue into a file: .md, .json or .csv.", 4, needs=""
    ),
)


_announcement = Making(
    "Announcements", ("announcements",), prefix="announcement_", needs="announcement"
)

ANNOUNCEMENTS = (
    _announcement(
        "edit", "e,enter", "Update", "Say what is new of it; shows first who is told, then asks.", 3
    ),
    _announcement(
        "new",
        "n",
        "New",
        "Announce something: on boards, and by letter to an audience.",
        2,
        needs="",
    ),
    _announcement(
        "end", "x", "End", "End it; whoever was told by letter hears that it is over.", 4
    ),
    _announcement(
        "withdraw", "W", "Withdraw", "Take back what is planned, or was said in error.", 5
    ),
    _announcement("problem", "p", "Problem", "Show the problem it is about.", 6),
)
