"""Every request there is: the ticket it needs, and how each door asks for it.

`ABSENT` is said, never left out: a door that lacks a verb lacks it on purpose.
"""

from collections.abc import Callable
from typing import NamedTuple

from deskterm.bootstrap import Desk
from deskterm.domain import checklists, questions, times, visits
from deskterm.domain import verbs as ask
from deskterm.domain.asking import Request
from deskterm.domain.remedies import Remedy
from tests.builders import open_ticket
from tests.mails import mail_bytes, take

ABSENT = ""
NO_KEYS: tuple[str, ...] = ()
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
    keys: tuple[str, ...]
    """On the ticket's screen: keys, `:words` for what has the focus, `field=words`, `~line`."""
    plain: tuple[str, ...] = ()
    """In plain mode: the choice, then what is asked for."""


def new(desk: Desk) -> int:
    """A new ticket that somebody else hears of too."""
    return open_ticket(desk, watchers=WATCHED)


def taken(desk: Desk) -> int:
    number = new(desk)
    desk.tickets.do([number], ask.Take())
    return number


def recorded(desk: Desk) -> int:
    """A ticket that is closed as recorded in P1."""
    number = new(desk)
    desk.tickets.do([number], ask.Close("recorded", problem=1))
    return number


def untold(desk: Desk) -> int:
    """One whose problem ended, and whose requester no letter reached."""
    number = open_ticket(desk, requester="Zoe")
    desk.problems.set(1, {"state": "suspected"})
    desk.tickets.do([number], ask.Close("recorded", problem=1))
    desk.problems.close(1, "wont_fix", because="It is too old.")
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


def long_call(desk: Desk) -> int:
    """A call that took so long that its time is only proposed."""
    return open_ticket(desk, watchers=WATCHED, data={"call_seconds": 7200})


def visit_offered(desk: Desk) -> int:
    number = new(desk)
    desk.tickets.do([number], visits.OfferVisit(slots=(f"{number}d",)))
    return number


def visit_fixed(desk: Desk) -> int:
    """A visit on a day of its own: no technician is at two places at once."""
    number = new(desk)
    desk.tickets.do([number], visits.SetVisit(at=f"{number}d"))
    return number


def listed(desk: Desk) -> int:
    number = new(desk)
    desk.tickets.do([number], checklists.PutList(items=("Note it", "Label it")))
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
    "take": Case(always(ask.Take()), new, "take {n}", "!take", ("t",), ("Take it",)),
    "assign": Case(
        always(ask.Assign("me")),
        new,
        "assign {n} --to me",
        "!assign me",
        (
            "a",
            "who=me",
            "ctrl+s",
        ),
    ),
    "assign to nobody": Case(
        always(ask.Assign("none")),
        taken,
        "assign {n} --to none",
        ABSENT,
        (
            "a",
            "who=nobody",
            "ctrl+s",
        ),
    ),
    "note": Case(
        always(ask.Note("Ping fails.")),
        new,
        "note {n} --body 'Ping fails.'",
        ABSENT,
        (
            "i",
            ":Ping fails.",
            "ctrl+s",
        ),
        (
            "Internal note",
            "Ping fails.",
        ),
    ),
    "reply": Case(
        always(ask.Reply("On it.")),
        new,
        "reply {n} --body 'On it.'",
        "!reply\n\nOn it.",
        (
            "r",
            ":On it.",
            "ctrl+s",
        ),
        (
            "Reply",
            "On it.",
        ),
    ),
    "wait": Case(
        always(ask.Wait("customer", DAY)),
        taken,
        f"wait {{n}} --for customer --until {DAY}",
        f"!wait {DAY}",
        (
            "z",
            "for=for the customer",
            f"until={DAY}",
            "ctrl+s",
        ),
        (
            "Wait for the customer",
            f"{DAY}",
        ),
    ),
    "resume": Case(always(ask.Resume()), waiting, "resume {n}", ABSENT, ("Z",)),
    "escalate": Case(
        always(ask.Escalate("second level", "Ping fails.", ("look",))),
        new,
        "escalate {n} --group 'second level' --summary 'Ping fails.' --action look",
        ABSENT,
        (
            "greater_than_sign",
            "group=second level",
            "summary=Ping fails.",
            "actions=look",
            "ctrl+s",
        ),
        (
            "Escalate",
            "second level",
            "Ping fails.",
        ),
    ),
    "hand-back": Case(
        always(ask.HandBack()), escalated, "hand-back {n}", ABSENT, ("less_than_sign",)
    ),
    "solve": Case(
        always(ask.Solve("New cable.")),
        taken,
        "solve {n} --resolution 'New cable.'",
        "!solve New cable.",
        (
            "S",
            "resolution=New cable.",
            "ctrl+s",
        ),
        (
            "Solved",
            "New cable.",
        ),
    ),
    "verify": Case(
        always(ask.Verify("craft", "ok")),
        solved,
        "verify {n} --by craft --result ok",
        "!verify ok",
        (
            "V",
            "by=I tested it",
            "result=it works",
            "ctrl+s",
        ),
        ("The work is verified",),
    ),
    "verify, failed": Case(
        always(ask.Verify("craft", "failed")),
        solved,
        "verify {n} --by craft --result failed",
        "!verify failed",
        NO_KEYS,
    ),
    "close": Case(
        always(ask.Close()),
        verified,
        "close {n} --as solved",
        "!close",
        (
            "x",
            "outcome=solved",
            "ctrl+s",
        ),
        ("Close as solved",),
    ),
    "close as recorded": Case(
        always(ask.Close("recorded", problem=1)),
        new,
        "close {n} --as recorded --problem P1",
        ABSENT,
        NO_KEYS,
    ),
    "close as spam": Case(
        always(ask.Close("spam")),
        new,
        "close {n} --as spam",
        "!close spam",
        (
            "x",
            "outcome=spam",
            "ctrl+s",
            "ctrl+s",
        ),
    ),
    "finish": Case(
        always(ask.Finish("New cable.", "told")),
        new,
        "finish {n} --resolution 'New cable.' --reason told",
        ABSENT,
        (
            "x",
            "resolution=New cable.",
            "word=not needed because",
            "reason=told",
            "ctrl+s",
        ),
    ),
    "reopen": Case(
        always(ask.Reopen("Back.")),
        closed,
        "reopen {n} --reason Back.",
        ABSENT,
        (
            "X",
            "reason=Back.",
            "ctrl+s",
        ),
        (
            "Reopen",
            "Back.",
        ),
    ),
    "cancel": Case(
        always(ask.Cancel("Off.")),
        new,
        "cancel {n} --reason Off.",
        ABSENT,
        (
            "D",
            "reason=Off.",
            "ctrl+s",
        ),
        (
            "Cancel",
            "Off.",
        ),
    ),
    "change": Case(
        always(ask.Change(subject="VPN", problem="No route.")),
        new,
        "set {n} --subject VPN --problem 'No route.'",
        ABSENT,
        (
            "e",
            "subject=VPN",
            "problem=No route.",
            "ctrl+s",
        ),
    ),
    "confirm": Case(
        always(ask.Confirm()),
        unsure,
        "confirm {n}",
        ABSENT,
        (
            "c",
            "ctrl+s",
        ),
    ),
    "allow": Case(always(questions.Allow()), questioned, "allow {n}", ABSENT, NO_KEYS),
    "decline": Case(always(questions.Decline()), questioned, "decline {n}", ABSENT, NO_KEYS),
    "watch": Case(
        always(ask.Watch(("di@example.org",), ("bo@example.org",))),
        new,
        "watch {n} --add di@example.org --drop bo@example.org",
        ABSENT,
        (
            "C",
            "add=di@example.org",
            "drop=bo@example.org",
            "ctrl+s",
        ),
    ),
    "mark": Case(
        always(ask.Mark("reproduce", "skipped", "no time")),
        new,
        "step {n} reproduce --skip --reason 'no time'",
        ABSENT,
        (
            "2",
            "j",
            "j",
            "minus",
            ":no time",
            "enter",
        ),
    ),
    "decide": Case(
        always(ask.Decide(True, "By phone.")),
        needing,
        "approve {n} --reason 'By phone.'",
        ABSENT,
        (
            "A",
            "what=granted",
            "reason=By phone.",
            "ctrl+s",
        ),
    ),
    "link": Case(
        always(ask.Link(1, "child")),
        new,
        "link {n} --to 1 --kind child",
        ABSENT,
        (
            "L",
            "other=1",
            "kind=child",
            "ctrl+s",
            "ctrl+s",
        ),
    ),
    "unlink": Case(
        always(ask.Unlink(1)),
        linked,
        "link {n} --to 1 --off",
        ABSENT,
        ("3", "~linked:1", "minus"),
    ),
    "join": Case(
        always(ask.Join(1)),
        new,
        "link {n} --to P1",
        ABSENT,
        ("L",),
    ),
    "merge": Case(
        always(ask.Merge(1)),
        new,
        "merge {n} --into 1",
        ABSENT,
        (
            "m",
            "other=1",
            "ctrl+s",
            "ctrl+s",
        ),
    ),
    "split": Case(
        lambda desk, number: ask.Split(message(desk, number)),
        noted,
        "split {n} --from {m}",
        ABSENT,
        (
            "percent_sign",
            "ctrl+s",
        ),
    ),
    "call-back": Case(
        always(ask.CallBack(DAY, "Does it hold?")),
        new,
        f"callback {{n}} --at {DAY} --note 'Does it hold?'",
        ABSENT,
        (
            "b",
            f"at={DAY}",
            "note=Does it hold?",
            "ctrl+s",
        ),
    ),
    "move-call": Case(
        always(ask.MoveCall(DAY)),
        promised,
        f"callback {{n}} --move {DAY}",
        ABSENT,
        (
            "b",
            ":move",
            "enter",
            f"at={DAY}",
            "ctrl+s",
        ),
    ),
    "end-call": Case(
        always(ask.EndCall()),
        promised,
        "callback {n} --done",
        ABSENT,
        (
            "b",
            ":done",
            "enter",
        ),
    ),
    "offer-visit": Case(
        lambda _, number: visits.OfferVisit(slots=(f"{number}d",), place="Room 3"),
        new,
        "visit offer {n} --slot {n}d --place 'Room 3'",
        ABSENT,
        ("ampersand", "slots={n}d", "place=Room 3", "ctrl+s"),
    ),
    "choose-visit": Case(
        always(visits.ChooseVisit(1, "by phone")),
        visit_offered,
        "visit choose {n} --slot 1 --how 'by phone'",
        ABSENT,
        ("ampersand", "enter", ":by phone", "enter"),
    ),
    "set-visit": Case(
        lambda _, number: visits.SetVisit(at=f"{number}d"),
        new,
        "visit set {n} --at {n}d",
        ABSENT,
        ("ampersand", "how=fix this time", "slots={n}d", "ctrl+s"),
    ),
    "put-list": Case(
        always(checklists.PutList(items=("Note the serial number",))),
        new,
        "checklist put {n} --item 'Note the serial number'",
        ABSENT,
        ("l", ":+ an item", "enter", ":Note the serial number", "enter"),
    ),
    "tick": Case(
        always(checklists.Tick(1)),
        listed,
        "checklist tick {n} 1",
        ABSENT,
        ("l", "enter"),
    ),
    "end-visit": Case(
        always(visits.EndVisit("cancelled", "It works.")),
        visit_fixed,
        "visit cancel {n} --reason 'It works.'",
        ABSENT,
        ("ampersand", ":call it off", "enter", ":It works.", "enter"),
    ),
    "add-time": Case(
        always(times.AddTime("20m", "Cabling.")),
        new,
        "time {n} --add 20m --note Cabling.",
        ABSENT,
        ("apostrophe", "length=20m", "note=Cabling.", "ctrl+s"),
    ),
    # one clock a technician: what starts and stops it has tests of its own (services/test_times)
    "start-clock": Case(always(times.StartClock()), new, ABSENT, ABSENT, NO_KEYS),
    "stop-clock": Case(always(times.StopClock()), new, ABSENT, ABSENT, NO_KEYS),
    "judge-time": Case(
        lambda desk, number: times.JudgeTime(desk.times.of(number)[0].id),
        long_call,
        "time {n} confirm",
        ABSENT,
        ("apostrophe", "enter"),
    ),
    "move-fix": Case(
        always(ask.MoveFix(1, DAY)),
        recorded,
        f"promise move fix.{{n}}.1 --to {DAY}",
        ABSENT,
        NO_KEYS,
    ),
    "keep-fix": Case(
        always(ask.KeepFix(1)),
        untold,
        "promise keep fix.{n}.1",
        ABSENT,
        NO_KEYS,
    ),
    "offer": Case(
        always(ask.Offer((Remedy("Repair", "30 min"),))),
        new,
        "offer {n} --remedy 'Repair|30 min'",
        ABSENT,
        (
            "dollar_sign",
            "remedies=Repair|30 min",
            "ctrl+s",
        ),
    ),
    "choose": Case(
        always(ask.Choose(2, means="by phone")),
        offered,
        "choose {n} --remedy 2 --how 'by phone'",
        ABSENT,
        (
            "dollar_sign",
            "down",
            "enter",
            ":by phone",
            "enter",
        ),
    ),
    "use": Case(always(ask.Use(1)), new, "solution use S1 --ticket {n}", ABSENT, NO_KEYS),
    "send-solution": Case(
        always(ask.SendSolution(1)), new, "solution send S1 --ticket {n}", ABSENT, NO_KEYS
    ),
    "rate": Case(
        always(ask.Rate(1, True)), new, "solution worked S1 --ticket {n}", ABSENT, NO_KEYS
    ),
    "accept": Case(accepting, new, "triage accept {n}", ABSENT, ("equals_sign",)),
    "verify, for the customer": Case(
        always(ask.Verify("customer", "ok")),
        solved,
        "verify {n} --by customer --result ok",
        ABSENT,
        ("V", "by=the customer says", "result=it works", "ctrl+s"),
        ("The customer confirms it",),
    ),
    "verify, failed for a reason": Case(
        always(ask.Verify("customer", "failed", "Still so.")),
        solved,
        "verify {n} --by customer --result failed --reason 'Still so.'",
        ABSENT,
        ("V", "by=the customer says", "result=it does not work", "reason=Still so.", "ctrl+s"),
    ),
    "change, urgent": Case(
        always(ask.Change(urgent=True)),
        new,
        "set {n} --urgent",
        ABSENT,
        ("exclamation_mark",),
    ),
}
