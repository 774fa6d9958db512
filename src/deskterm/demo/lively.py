"""What is going on in the demo right now: mail in every state, promises, votes, fixes, visits.

All of it is done by the desk's own verbs, in an order and in words that are always the same.
"""

from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING, NamedTuple

from deskterm.domain.asking import How
from deskterm.domain.verbs import CallBack, Change, EndCall, Note, Reply
from deskterm.domain.visits import OfferVisit, SetVisit
from deskterm.domain.vocabulary import Event, Needs
from deskterm.storage import demo
from deskterm.storage.ticket.hold import hold

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from deskterm.bootstrap import Desk
    from deskterm.domain.rows import PersonRow

COLLEAGUE = "amara"
"""A technician of the demo company who has an eye on what is yours."""
_ROLES = {
    "amara": "communicator", "kavita": "expert, data analyst", "nils": "manager, expert",
    "tomasz": "expert, liaison",
}  # fmt: skip
_KNOWN = """amara printing 2|amara sign-in 3|bruno email 2|bruno sign-in 2|dina printing 3
dina hardware/peripherals 2|elif software/office 2|elif sign-in 2|gareth hardware/peripherals 3
gareth printing 1|ines email 3|ines software 1|jonas hardware 3|jonas printing/hardware 2
kavita software 3|kavita email/delivery 2|lukas network 2|maelle performance 2
maelle sign-in/second-factor 1|nils files 3|nils network 3|priya sign-in/permissions 3
priya email/mailbox 2|sorcha sign-in/second-factor 2|tomasz software/erp 3"""
"""Who knows what; some of what is asked for has nobody, or one alone."""
_ANSWERS = (
    "yes yes yes no yes yes yes yes",
    "yes no yes - yes yes yes no",
    "yes yes no no - yes yes yes",
)
_PRAISE = "They were glad that you said what happens next."
_VOTES = (5, 4, 5, 5, 2, 4, 5, 3, 5, 4, 5, 1, 5, 4, 5, 5)
_SAID = {
    1: "Nobody told me what was going on for two days.",
    2: "It took too long, and I had to explain it three times.",
    3: "It works, but I still do not know why it broke.",
    5: "Quick and friendly, thank you!",
}
_RATED = 48
_FULL = "552 5.2.2 The mailbox of this user is full."
_GUIDE = "printing"
_RELEASES = (
    ("Wi-Fi driver 23.40", "Laptops keep their Wi-Fi after sleep.",
     "It comes with the updates of the night; restart once.", "friday"),
    ("Print service 5.2", "Printers stay online after the server was restarted.",
     "Nothing to do: it is on the print server.", ""),
)  # fmt: skip
"""Name, what changed, how to get it, when it is planned; without that it was shipped."""


def enliven(desk: "Desk", now: datetime, letters: "Path") -> None:
    """Let it happen; every letter of this desk stays in a Maildir of its own from now on."""
    desk.desk_settings.set("mail.folder", str(letters))
    alone = desk.board.ids("is:open assignee:none sort:id-desc")
    free = list(dict.fromkeys((*alone, *desk.board.ids("is:open sort:id-desc"))))
    if len(free) < _TICKETS:
        return
    _people(desk)
    _promises(desk, now, free)
    _mails(desk, now)
    _votes(desk)
    _letters(desk, free)
    _fixes(desk)
    _visits(desk, free[7], free[5])
    _offers(desk, now)
    review(desk, now)
    desk.absences.add("3d", login="jonas", deputy=COLLEAGUE, reason="a course on printers")
    desk.announcements.new("The lift in Leeds carries no printers until Friday.", {"until": "3d"})


_TICKETS = 8
"""So many open tickets are needed for all of it."""


def _promises(desk: "Desk", now: datetime, free: "Sequence[int]") -> None:
    """Call-backs kept, due and to come; an approval that is asked; a guide that waits; a draft."""
    called, late, soon, asks, walked, talked = free[:6]
    for ticket, at, note in (
        (called, now - timedelta(hours=3), "whether the screen flickers again"),
        (late, now - timedelta(minutes=25), "where the cable is; they are at their desk from ten"),
        (soon, now + timedelta(hours=20), "whether the night's update went through"),
    ):
        desk.tickets.do([ticket], CallBack(at.isoformat(), note, desk.me))
    desk.tickets.do([called], EndCall(note="It does not."))
    lead = desk.people.all(2)[-1]
    desk.tickets.do([asks], Change(needs=str(Needs.APPROVAL), approver=_address(lead)))
    if any(one.id == _GUIDE for one in desk.guides.list()):
        run = desk.runs.start(_GUIDE, walked)
        desk.runs.pause(run.id, "They look for the printer's name and call again.")
    desk.drafts.put("reply", talked, "Good morning,\n\nI have looked at it, and")
    words = f"@{desk.me} could you look at this one? It is like yours of last week."
    desk.tickets.do([talked], Note(words), How(actor=COLLEAGUE))


def _mails(desk: "Desk", now: datetime) -> None:
    """One nobody understands, one that asks without proof, a new one, a machine's, one to come."""
    closed = next(iter(desk.board.ids("is:closed outcome:solved sort:closed-desc")), 0)
    known = desk.people.all(6)
    if not closed or len(known) < 6:
        return
    asks = desk.people.page(ticket=closed).person
    for raw in (
        _mail(now, "1", "", "Offer of the week", "Cheap toner, only today."),
        _mail(now, "2", _address(asks), f"Re: [#{closed}] again", "It is back since this morning."),
        _mail(now, "3", _address(known[3]), "Two screens, one of them black",
              "The left one stays black after lunch. The cable sits well."),
        _mail(now, "4", _address(known[4]), "Out of office",
              "I am back on Monday.", "Auto-Submitted: auto-replied"),
    ):  # fmt: skip
        desk.inbox.receive(raw)
    desk.inbox.process()
    waits = "The door of the server room beeps, and nobody is near."
    desk.inbox.receive(_mail(now, "5", _address(known[5]), "It beeps", waits))


def _votes(desk: "Desk") -> None:
    """What customers thought of the last tickets that were closed."""
    closed = list(desk.board.ids("is:closed outcome:solved sort:closed-desc"))[:_RATED]
    with desk.work("rate") as work:
        for place, (number, held) in enumerate(sorted(hold(work, closed).items())):
            score = _VOTES[place % len(_VOTES)]
            said = _SAID.get(score, "") if place % 3 else ""
            held.set(rating=score, rating_comment=said)
            held.write(Event.RATED, said, data={"score": score}, actor="customer",
                       person_id=held["requester_id"])  # fmt: skip
            del number


def _letters(desk: "Desk", free: "Sequence[int]") -> None:
    """An answer that its mail server does not take."""
    ticket = free[6]
    desk.tickets.do([ticket], Reply("Could you tell me which of the two printers it is?"))
    with desk.work("letter") as work:
        demo.fail_letters(work.spine, ticket, _FULL)


def _fixes(desk: "Desk") -> None:
    """A release that is planned, and one that was shipped to everybody whom its problem hurt."""
    problems = sorted(one.id for one in desk.problems.list())
    for number, (name, words, how, planned) in zip(problems, _RELEASES, strict=False):
        given = {"problems": f"P{number}", "words": words, "how": how, "planned": planned}
        desk.records.add("release", name, given)
        if not planned:
            desk.releases.ship(name)


def _people(desk: "Desk") -> None:
    """What technicians do besides, and what they know."""
    logins = {one.login for one in desk.admin.technicians()}
    given = [one.split() for one in _KNOWN.replace("\n", "|").split("|")]
    rows = [
        (line, {"name": f"{login} {path}", "level": level})
        for line, (login, path, level) in enumerate(given, 1)
        if login in logins
    ]
    desk.records.load("competence", rows, "demo")
    roles = [
        (line, {"name": login, "roles": said})
        for line, (login, said) in enumerate(_ROLES.items(), 1)
        if login in logins
    ]
    desk.records.load("technician", roles, "demo")
    desk.staff.reviews.draw("90d", each=2)
    for place, one in enumerate(desk.staff.reviews.list()):
        if one.login == desk.me or place % 3:
            said = _ANSWERS[place % len(_ANSWERS)]
            reviewer = "sorcha" if one.login == "nils" else "nils"
            desk.staff.reviews.fill(one.id, said, _PRAISE, How(actor=reviewer))
    desk.staff.handovers.new("The supplier of the VPN calls back at six.", How(actor=COLLEAGUE))


_OFFERS = (
    ("Email", "Email and calendar", "Mail, calendars and rooms, on every device you work with."),
    ("Workplace", "Workplace", "Your laptop or desktop, its screens, docks and everyday programs."),
    ("Sign-in", "Sign-in", "Passwords, second factors, and what you may open."),
    ("Printing", "Printing", "Printers on every floor, and paper that comes out of them."),
)
"""Name, service, in the customers' words."""


def _offers(desk: "Desk", now: datetime) -> None:
    """What is promised: an offer a service, a contract of two, and more from next month on."""
    services = {str(one["name"]) for one in desk.records.list("service")}
    clients = sorted(str(one["name"]) for one in desk.records.list("organisation"))
    put = desk.records.set
    put("calendar", "Gothenburg", {"hours": "Mon-Fri 7:30-18:00", "country": "SE"})
    known = [one for one in _OFFERS if one[1] in services]
    for name, service, words in known:
        put("offer", name, {"service": service, "description": words, "channels": "phone\nemail"})
    if not known or not clients:
        return
    name, service, _ = known[0]
    whose = "\n".join(clients[-2:])
    contract = {"service": service, "organisation": whose, "calendar": "Gothenburg"}
    contract["from"] = now.date().isoformat()  # what was closed before was promised otherwise
    put("offer", f"{name} for {clients[-1]}", {**contract, "pickup": "30m", "response": "2h"})
    later = (now.replace(day=1) + timedelta(days=32)).replace(day=1).date().isoformat()
    put("offer", known[-1][0], {"pickup": "1h", "from": later})


def _visits(desk: "Desk", fixed: int, offered: int) -> None:
    """One that is fixed, one whose times were offered."""
    desk.tickets.do([fixed], SetVisit(at="tomorrow 10:00", technician=desk.me, what="a new dock"))
    desk.tickets.do([offered], OfferVisit(technician=desk.me, what="both screens, cables too"))


def _mail(
    now: datetime, number: str, sender: str, subject: str, body: str, more: str = ""
) -> bytes:
    lines = [
        *([f"From: {sender}"] if sender else []),
        "To: help@localhost",
        f"Subject: {subject}",
        f"Date: {format_datetime(now)}",
        f"Message-ID: <demo-{number}@customers.example>",
        *([more] if more else []),
    ]
    return ("\r\n".join(lines) + "\r\n\r\n" + body + "\r\n").encode()


def _address(person: "PersonRow") -> str:
    return f"{person.name} <{person.addresses[0]}>" if person.addresses else person.name


_LEAD, _SECOND = "amara", "jonas"
"""Technicians of the demo company."""


class _Action(NamedTuple):
    name: str
    owner: str
    begun: int
    """So many days ago."""
    days: int
    given: dict[str, str]


_ACTIONS = (
    _Action(
        "An alarm watches the storage of the ERP database",
        _SECOND,
        105,
        28,
        {
            "figure": "logged",
            "filter": "category:software/erp",
            "target": "at most 10",
            "words": "The outage of the ERP came from a full disk that nobody saw. Now it is "
            "watched, and somebody is called at 80 %.",
        },
    ),
    _Action(
        "Toner is on every floor",
        _LEAD,
        90,
        60,
        {
            "figure": "escalated",
            "filter": "category:printing",
            "target": "10 %",
            "words": "Whoever runs out of toner finds it beside the printer, with three pictures.",
        },
    ),
    _Action(
        "The morning shift listens in on experts' calls",
        _LEAD,
        10,
        28,
        {
            "figure": "first-contact",
            "target": "35 %",
            "words": "One call an hour together; what was new becomes a solution the same day.",
        },
    ),
)
_TONER = _ACTIONS[1].name
_DECISIONS = (
    (
        "A second person on the phone from 7 to 9",
        3,
        "Most calls come before nine, and one person takes them. Two hours a day, from the people "
        "that the desk has; visits then begin at nine.",
        "",
    ),
    (
        "Replace the two oldest printers in Leeds",
        9,
        "They are eight years old and stand behind most of the tickets on printing there. "
        "About 1,600 in all.",
        "",
    ),
    (
        "Toner within reach instead of by ticket",
        95,
        "Every ticket on toner costs more than the toner.",
        "Yes, for a quarter; then we look at the figures again.",
    ),
)
_FEEDBACK = (
    (
        "People want to hear when it takes longer",
        "focus group",
        6,
        "It is fine that it takes two days. It is not fine that I hear nothing for two days and "
        "have to call again.",
        True,
    ),
    (
        "The desk is friendly and explains",
        "focus group",
        6,
        "They never make me feel stupid, and the last time I could fix it myself.",
        False,
    ),
    (
        "The shop floor has no time for forms",
        "conversation",
        20,
        "We stand at the machine. Let us call, and do not ask us which version it is.",
        True,
    ),
)


def review(desk: "Desk", now: datetime) -> None:
    """Put it there by the desk's own verbs, each as if it had been written down on its day."""
    known = frozenset(one.login for one in desk.admin.technicians())
    _act(desk, now, known)
    _decide(desk, now)
    _listen(desk, now)
    for name, role in (("Head of operations", "chair"), ("Works council", "customers' voice")):
        desk.records.add("member", name, {"role": role})
    if _LEAD in known:
        desk.records.add("member", "Amara", {"role": "the desk", "technician": _LEAD})


def _day(now: datetime, back: int) -> str:
    return (now - timedelta(days=back)).date().isoformat()


def _act(desk: "Desk", now: datetime, known: frozenset[str]) -> None:
    for one in _ACTIONS:
        owner = {"owner": one.owner} if one.owner in known else {}
        days = {"from": _day(now, one.begun), "until": _day(now, one.begun - one.days + 1)}
        desk.records.add("improvement", one.name, owner | days | one.given)


def _decide(desk: "Desk", now: datetime) -> None:
    for name, asked, words, answer in _DECISIONS:
        given = {"asked": _day(now, asked), "words": words}
        if answer:
            taken = _day(now, asked - 4)
            given |= {"answer": answer, "taken_by": "the review board", "taken": taken}
            given |= {"follows": _TONER}
        desk.records.add("decision", name, given)


def _listen(desk: "Desk", now: datetime) -> None:
    people = desk.people.all(12)
    for place, (name, source, said, words, consent) in enumerate(_FEEDBACK):
        given = {"source": source, "date": _day(now, said), "words": words}
        given["consent"] = "yes" if consent else "no"
        if len(people) > place * 3:
            given["person"] = f"#{people[place * 3].id}"
        desk.records.add("feedback", name, given)
