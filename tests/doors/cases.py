"""Every request there is: the ticket it needs, and how each door asks for it.

`ABSENT` is said, never left out: a door that lacks a verb lacks it on purpose.
"""

from collections.abc import Callable
from typing import NamedTuple

from deskterm.bootstrap import Desk
from deskterm.domain import questions
from deskterm.domain import verbs as ask
from deskterm.domain.asking import Request
from deskterm.domain.remedies import Remedy
from tests.builders import open_ticket
from tests.mails import mail_bytes, take

ABSENT = ""
"""This door does not have the verb."""
DAY = "2099-12-24"
WATCHED = ("Bo Lind <bo@example.org>",)


class Case(NamedTuple):
    """One request by every door; `{n}` is the ticket, `{o}` another one."""

    request: Callable[[Desk, int], Request]
    ready: Callable[[Desk], int]
    command: str
    order: str
    """By mail: the first lines of a technician's answer."""


def new(desk: Desk) -> int:
    """A new ticket that somebody else hears of too."""
    return open_ticket(desk, watchers=WATCHED)


def taken(desk: Desk) -> int:
    number = new(desk)
    desk.tickets.do([number], ask.Take())
    return number


def waiting(desk: Desk) -> int:
    number = new(desk)
    desk.tickets.do([number], ask.Wait("customer"))
    return number


def escalated(desk: Desk) -> int:
    number = new(desk)
    desk.tickets.do([number], ask.Escalate("second level"))
    return number


def solved(desk: Desk) -> int:
    number = new(desk)
    desk.tickets.do([number], ask.Solve("New cable."))
    return number


def verified(desk: Desk) -> int:
    number = solved(desk)
    desk.tickets.do([number], ask.Verify("craft", "ok"))
    desk.tickets.do([number], ask.Verify("customer", "ok"))
    return number


def questioned(desk: Desk) -> int:
    """A solved ticket whose mail without proof would reopen it and tell Di of it."""
    number = solved(desk)
    take(desk, mail_bytes(f"[#{number}]", "It is back.", cc="Di <di@example.org>"))
    return number


def closed(desk: Desk) -> int:
    number = verified(desk)
    desk.tickets.do([number], ask.Close())
    return number


def needing(desk: Desk) -> int:
    number = new(desk)
    desk.tickets.do([number], ask.Change(needs="budget", approver="cy@example.org"))
    return number


def promised(desk: Desk) -> int:
    number = new(desk)
    desk.tickets.do([number], ask.CallBack(DAY))
    return number


def offered(desk: Desk) -> int:
    number = new(desk)
    desk.tickets.do([number], ask.Offer((Remedy("Repair"), Remedy("New one"))))
    return number


def unsure(desk: Desk) -> int:
    number = new(desk)
    with desk.store.reading() as database:
        database.run(
            "UPDATE ticket SET requester_unsure = :yes WHERE id = :id", yes=True, id=number
        )
    return number


def linked(desk: Desk) -> int:
    number = new(desk)
    desk.tickets.do([number], ask.Link(other(desk)))
    return number


def noted(desk: Desk) -> int:
    number = new(desk)
    desk.tickets.do([number], ask.Note("another trouble"))
    return number


def other(desk: Desk) -> int:
    """The ticket that others are tied to; the first of the desk."""
    del desk
    return 1


def message(desk: Desk, number: int) -> int:
    """The note on a ticket."""
    with desk.store.reading() as database:
        row = database.one(
            "SELECT max(id) AS id FROM ledger WHERE subject_id = :id AND event = 'noted'",
            id=number,
        )
    assert row is not None
    return int(row["id"])


def accepting(desk: Desk, number: int) -> Request:
    """Take what a rule of the desk's own proposes; it is younger than the ticket."""
    del number
    if not desk.rules.all():
        desk.admin.set_category("printing")
        desk.rules.add("paper", "printer", {"category": "printing"})
    return ask.Accept()


def always(request: Request) -> Callable[[Desk, int], Request]:
    return lambda *_: request


CASES: dict[str, Case] = {
    "take": Case(always(ask.Take()), new, "take {n}", "!take"),
    "assign": Case(always(ask.Assign("me")), new, "assign {n} --to me", "!assign me"),
    "assign to nobody": Case(always(ask.Assign("none")), taken, "assign {n} --to none", ABSENT),
    "note": Case(always(ask.Note("Ping fails.")), new, "note {n} --body 'Ping fails.'", ABSENT),
    "reply": Case(
        always(ask.Reply("On it.")), new, "reply {n} --body 'On it.'", "!reply\n\nOn it."
    ),
    "wait": Case(
        always(ask.Wait("customer", DAY)),
        taken,
        f"wait {{n}} --for customer --until {DAY}",
        f"!wait {DAY}",
    ),
    "resume": Case(always(ask.Resume("Came.")), waiting, "resume {n} --reason Came.", ABSENT),
    "escalate": Case(
        always(ask.Escalate("second level", "Ping fails.", ("look",))),
        new,
        "escalate {n} --group 'second level' --summary 'Ping fails.' --action look",
        ABSENT,
    ),
    "hand-back": Case(
        always(ask.HandBack("Was off.")), escalated, "hand-back {n} --body 'Was off.'", ABSENT
    ),
    "solve": Case(
        always(ask.Solve("New cable.")),
        taken,
        "solve {n} --resolution 'New cable.'",
        "!solve New cable.",
    ),
    "verify": Case(
        always(ask.Verify("craft", "ok")), solved, "verify {n} --by craft --result ok", "!verify ok"
    ),
    "verify, failed": Case(
        always(ask.Verify("craft", "failed")),
        solved,
        "verify {n} --by craft --result failed",
        "!verify failed",
    ),
    "close": Case(always(ask.Close()), verified, "close {n} --as solved", "!close"),
    "close as spam": Case(always(ask.Close("spam")), new, "close {n} --as spam", "!close spam"),
    "finish": Case(
        always(ask.Finish("New cable.", "told")),
        new,
        "finish {n} --resolution 'New cable.' --reason told",
        ABSENT,
    ),
    "reopen": Case(always(ask.Reopen("Back.")), closed, "reopen {n} --reason Back.", ABSENT),
    "cancel": Case(always(ask.Cancel("Off.")), new, "cancel {n} --reason Off.", ABSENT),
    "change": Case(
        always(ask.Change(subject="VPN", urgent=True, problem="No route.")),
        new,
        "set {n} --subject VPN --urgent --problem 'No route.'",
        ABSENT,
    ),
    "confirm": Case(always(ask.Confirm()), unsure, "confirm {n}", ABSENT),
    "allow": Case(always(questions.Allow()), questioned, "allow {n}", ABSENT),
    "decline": Case(always(questions.Decline()), questioned, "decline {n}", ABSENT),
    "watch": Case(
        always(ask.Watch(("di@example.org",), ("bo@example.org",))),
        new,
        "watch {n} --add di@example.org --drop bo@example.org",
        ABSENT,
    ),
    "mark": Case(
        always(ask.Mark("reproduce", "skipped", "no time")),
        new,
        "step {n} reproduce --skip --reason 'no time'",
        ABSENT,
    ),
    "decide": Case(
        always(ask.Decide(True, "By phone.")), needing, "approve {n} --reason 'By phone.'", ABSENT
    ),
    "link": Case(always(ask.Link(1, "child")), new, "link {n} --to 1 --kind child", ABSENT),
    "unlink": Case(always(ask.Unlink(1)), linked, "link {n} --to 1 --off", ABSENT),
    "join": Case(always(ask.Join(1)), new, "link {n} --to P1", ABSENT),
    "merge": Case(always(ask.Merge(1)), new, "merge {n} --into 1", ABSENT),
    "split": Case(
        lambda desk, number: ask.Split(message(desk, number)),
        noted,
        "split {n} --from {m}",
        ABSENT,
    ),
    "call-back": Case(
        always(ask.CallBack(DAY, "Does it hold?")),
        new,
        f"callback {{n}} --at {DAY} --note 'Does it hold?'",
        ABSENT,
    ),
    "move-call": Case(always(ask.MoveCall(DAY)), promised, f"callback {{n}} --move {DAY}", ABSENT),
    "end-call": Case(always(ask.EndCall()), promised, "callback {n} --done", ABSENT),
    "offer": Case(
        always(ask.Offer((Remedy("Repair", "30 min"),))),
        new,
        "offer {n} --remedy 'Repair|30 min'",
        ABSENT,
    ),
    "choose": Case(
        always(ask.Choose(2, means="by phone")),
        offered,
        "choose {n} --remedy 2 --how 'by phone'",
        ABSENT,
    ),
    "use": Case(always(ask.Use(1)), new, "solution use S1 --ticket {n}", ABSENT),
    "send-solution": Case(
        always(ask.SendSolution(1)), new, "solution send S1 --ticket {n}", ABSENT
    ),
    "rate": Case(always(ask.Rate(1, True)), new, "solution worked S1 --ticket {n}", ABSENT),
    "accept": Case(accepting, new, "triage accept {n}", ABSENT),
}
