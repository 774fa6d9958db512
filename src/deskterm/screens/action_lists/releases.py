"""Commands of the releases and of the developer queue."""

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
