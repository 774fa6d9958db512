"""Commands of the lists beside the tickets: letters, received mail, notices, figures, releases."""

from deskterm.screens.action import ANYTHING, Making

_letter = Making("Letters", ("letters",), prefix="letter_", needs="letter")

LETTERS = (
    _letter("open", "enter", "Show", "Show the letter as it left or would leave.", 2),
    _letter("ticket", "t", "Ticket", "Open the ticket that the letter is about.", 3),
    _letter("retry", "r", "Retry", "Try it again; one that waits leaves now.", 4),
    _letter(
        "retry_all", "R", "Retry all", "Try every failed letter again; asks first.", 7, needs=""
    ),
    _letter("withdraw", "x", "Stop", "Stop the letter before it leaves.", 5),
    _letter(
        "pause", "p", "Pause", "Stop all letters, or go on whatever had stopped them.", 6, needs=""
    ),
)

_inbox = Making("Mail", ("inbox",), prefix="inbox_", needs="mail")

INBOX = (
    _inbox("open", "enter", "Show", "Show the mail, or close it again.", 2),
    _inbox("ticket", "t", "Ticket", "Open the ticket the mail is on.", 3),
    _inbox("retry", "r", "Again", "Let the mail be processed again.", 4),
    _inbox("discard", "d", "Put away", "Put the mail away; asks first.", 5),
    _inbox("retry_all", "R", "All again", "Process every mail shown again; asks first."),
    _inbox("discard_all", "D", "All away", "Put every mail shown away; asks first."),
)

_wording = Making("Letters", ("wording",), prefix="wording_")

WORDING = (
    _wording("edit", "e,enter", "Edit", "Write it in your own words; tried before it is kept.", 2),
    _wording("editor", "E", "Editor", "The same in your own editor.", 3),
    _wording("language", "l", "Language", "To the next language.", 4),
    _wording("client", "c", "Client", "Letters to a client's people: what is edited is its own."),
    _wording("show", "v", "View", "As it would look, the template, or the HTML.", 5),
    _wording("ticket", "t", "Ticket", "Fill it with a ticket of yours, by number.", 6),
    _wording("reset", "x", "Reset", "Back to the first words; asks first.", 7),
)

_record = Making("Records", ("records",), prefix="record_", needs="record")

RECORDS = (
    _record("edit", "enter,e", "Edit", "Change it in a form; only what is altered is kept.", 2),
    _record("new", "n", "New", "Make one in a form.", 3, needs=""),
    _record("rename", "r", "Rename", "Give it another name; whatever names it follows.", 4),
    _record("merge", "m", "Merge", "Let whatever names it name another, and take it away.", 5),
    _record("remove", "D", "Remove", "Take it away; says first what names it.", 6),
    _record("tickets", "t", "Tickets", "Show the tickets that name it on the board.", 7),
    _record("person", "f", "Person", "Show a person's page: all they ever had of the desk.", 8),
)

_person = Making("Person", ("person",), prefix="person_")

PERSON = (
    _person("open", "enter", "Open", "Open the ticket in hand.", 2),
    _person("edit", "e", "Edit", "Change what is known of them in a form.", 3),
    _person("board", "t", "Tickets", "Show their tickets on the board.", 4),
)

_notice = Making("Notices", ("notices",), prefix="notice_", needs="notice")

NOTICES = (
    _notice("open", "enter", "Open", "Open the ticket at what happened.", 2),
    _notice("seen", "space", "Seen", "Mark it as seen and move on.", 3),
    _notice("seen_all", "a", "All seen", "Mark all of them as seen.", 4, needs=""),
    _notice(
        "wishes", "o", "Told of", "Choose what you are told of, and whether by mail.", 9, needs=""
    ),
)

_promise = Making("Promises", ("promises",), prefix="promise_", needs="promise")

PROMISES = (
    _promise("open", "enter", "Open", "Open the ticket that it was promised on.", 2),
    _promise("keep", "x", "Kept", "It is kept: the call was made, they were told, it goes on.", 3),
    _promise("move", "m", "Move", "Promise it for another time; a named day is told anew.", 4),
    _promise("drop", "D", "Drop", "It is not wanted any more; asks why.", 5),
)

_insight = Making("Insight", ("insight",), prefix="insight_")

INSIGHT = (
    _insight("open", "enter", "Tickets", "Show the tickets behind the line on the board.", 2),
    _insight("shorter", "left,h", "Shorter", "A shorter period: a year, 90, 30, 7 days.", 3),
    _insight("longer", "right,l", "Longer", "A longer period: 7, 30, 90 days, a year.", 4),
    _insight("earlier", "comma", "Earlier", "The period before this one."),
    _insight("later", "full_stop", "Later", "The period after this one, until now."),
    _insight(
        "by", "b", "In parts", "The figure in hand in parts: by category, group, site and more.", 5
    ),
    _insight("improve", "a", "Action", "Put the figure in hand into the register, to be improved."),
    _insight("accept", "y", "Accept", "Accept what is proposed of a service: it is a decision."),
    _insight("decline", "n", "Decline", "Decline it: the service stays as it is, as a decision."),
    _insight("copy", "C", "Copy CSV", "Copy what is shown as CSV to the clipboard.", 6),
)

_register = Making("Register", ("register",), prefix="register_", needs="improvement")

REGISTER = (
    _register("edit", "enter,e", "Edit", "Change it in a form.", 2, needs=ANYTHING),
    _register("new", "n", "New", "Make one in a form: what the tab holds.", 3, needs=""),
    _register("take", "t", "Decide", "Record what the review board decided.", 4, needs="decision"),
    _register("tickets", "comma", "Tickets", "Show the tickets that it is measured by.", 5),
    _register("give_up", "x", "Give up", "Say why an action does not go on.", 6),
    _register("pack", "E", "Pack", "Write the pack of the review board: .html or .md.", 7, ""),
    _register("remove", "D", "Remove", "Take it away; u brings it back.", needs=ANYTHING),
)

_workload = Making("Workload", ("workload",), prefix="workload_")

WORKLOAD = (
    _workload(
        "open",
        "enter",
        "Tickets",
        "Show their open tickets on the board: mark some, a gives them to somebody else.",
        2,
    ),
    _workload("off", "o", "Off", "Record that they are off and who stands in, or are back.", 3),
)

_competence = Making("Competences", ("competences",), prefix="competence_")

COMPETENCES = (
    _competence("open", "enter", "Tickets", "Show the tickets behind the line on the board.", 2),
    _competence("say", "e", "Say", "Say how well somebody knows a category, 0 to 3.", 3),
    _competence("accept", "a", "Take up", "Write down what closed tickets propose.", 4),
    _competence("roles", "r", "Roles", "Change what the technician in hand does at the desk.", 5),
    _competence("shorter", "left,h", "Shorter", "A shorter period: a year, 90, 30 days.", 6),
    _competence("longer", "right,l", "Longer", "A longer period: 30, 90 days, a year.", 7),
)

_review = Making("Call reviews", ("reviews",), prefix="review_")

REVIEWS = (
    _review("fill", "enter", "Fill in", "Answer the questions; of one's own: say it is read.", 2),
    _review("draw", "d", "Draw", "Draw closed tickets of a period, as many of everybody.", 3),
    _review("ticket", "t", "Ticket", "Open the ticket that is reviewed.", 4),
)

_visit = Making("Visits", ("visits",), prefix="visit_", needs="visit")

VISITS = (
    _visit("open", "enter", "Ticket", "Open the ticket of the visit.", 2),
    _visit("end", "ampersand", "Visit", "Say that it is done, move it, call it off.", 3),
)


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
