"""Commands of the announcements."""

from deskterm.screens.action import Making

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
