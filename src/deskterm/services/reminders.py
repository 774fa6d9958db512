"""Asking again: whoever owes an answer is asked twice, then the desk closes by rule (B3, A7).

Every step follows from the ledger, under an operation id made of those facts: doing it twice does
nothing, and any answer ends it at once. After closing one question goes out by mail: once a ticket,
seldom for a person (H3).
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import uuid5

from deskterm.calendars.calendar import Calendar
from deskterm.domain.errors import UsageError
from deskterm.domain.verbs import Close, Verify
from deskterm.domain.vocabulary import Approval, Event, Outcome, Proof, State, WaitingFor
from deskterm.services.letters import Letters
from deskterm.services.rhythm import OPERATIONS
from deskterm.services.tickets.act import Act
from deskterm.storage.desk_settings import values
from deskterm.storage.driver import Database
from deskterm.storage.reads.asking import Said, Unanswered, said, to_poll, unanswered
from deskterm.storage.store import Store
from deskterm.storage.targets import desk_calendar
from deskterm.storage.ticket.hold import Hold, hold
from deskterm.storage.work import RepeatedError, Work

TWICE = 2
"""How often somebody is asked again."""
_WAITING, _SOLVED, _APPROVAL = "waiting", "solved", "approval"
_TEMPLATES = {_WAITING: "still-waiting", _SOLVED: "still-solved", _APPROVAL: "approval"}
_ASKING = {
    _WAITING: (Event.WAITING, Event.REPLIED),
    _SOLVED: (Event.SOLVED, Event.REPLIED),
    _APPROVAL: (Event.APPROVAL,),
}
"""What asks anew: reminders count from the last of these."""
_CHUNK = 200
_ELSEWHERE = ("customer", "import")
"""Whose words put no question of this desk: nobody is reminded of what another desk asked."""


class Rule(NamedTuple):
    """After how many business days what happens; 0 closing days: never."""

    first: int
    second: int
    close_waiting: int
    close_solved: int

    def closing(self, about: str) -> int:
        """Give the days of silence after the second reminder that end it."""
        return self.close_waiting if about == _WAITING else self.close_solved


class Open(NamedTuple):
    """A question that is not answered yet, as the ledger tells it."""

    ticket: int
    about: str
    asked: int
    """The ledger entry that a letter about it refers to."""
    since: datetime
    """When the question, or its last reminder, was put."""
    times: int
    """How often somebody was reminded."""


def coming(question: Open, rule: Rule, calendar: Calendar) -> tuple[str, datetime | None]:
    """Give what comes next, `remind` or `end`, and when; nothing where nothing does.

    Raises UsageError of a calendar that is never open.
    """
    if question.times < TWICE:
        days = rule.first if question.times == 0 else max(1, rule.second - rule.first)
        return "remind", calendar.add_business_days(question.since, days)
    days = rule.closing(question.about)
    if question.times > TWICE or not days:
        return "", None
    return "end", calendar.add_business_days(question.since, days)


def due(question: Open, rule: Rule, calendar: Calendar, now: datetime) -> str:
    """Give what is due: `remind`, `end`, or nothing yet; raises UsageError of a calendar."""
    step, at = coming(question, rule, calendar)
    return step if at is not None and at <= now else ""


def asked_again(database: Database) -> list[tuple[Open, str, datetime]]:
    """Give every question that is asked again, or ends by the rule: it, the step, when."""
    settings = values(database)
    if not settings["remind.on"]:
        return []
    rule, calendar = read_rule(settings), desk_calendar(database)
    try:
        steps = [(one, *coming(one, rule, calendar)) for one in _open(database)]
    except UsageError:
        return []  # a calendar that is never open: nothing ever comes
    return [(one, step, at) for one, step, at in steps if at is not None]


def read_rule(settings: Mapping[str, Any]) -> Rule:
    """Give the desk's rule from its settings."""
    return Rule(
        first=int(settings["remind.first"]),
        second=int(settings["remind.second"]),
        close_waiting=int(settings["remind.close_waiting"]),
        close_solved=int(settings["remind.close_solved"]),
    )


class Reminders:
    """Asks again and ends what nobody answers."""

    def __init__(self, store: Store, letters: Letters) -> None:
        self._store = store
        self._letters = letters

    def run(self, now: datetime) -> int:
        """Do every step that is due; gives how many. Doing it again does nothing."""
        with self._store.reading() as database:
            settings = values(database)
            if not settings["remind.on"]:
                return 0
            rule, calendar = read_rule(settings), desk_calendar(database)
            found = list(_open(database))
        try:
            steps = [(one, due(one, rule, calendar, now)) for one in found]
        except UsageError:
            return 0  # a calendar that is never open: nothing is ever due
        return sum(self._step(one, step, rule) for one, step in steps if step)

    def _step(self, question: Open, step: str, rule: Rule) -> bool:
        name = f"{step} {question.about} {question.ticket} {question.asked} {question.times}"
        try:
            with self._store.work("desk", str(uuid5(OPERATIONS, name))) as work:
                work.claim("remind")
                held = hold(work, [question.ticket])[question.ticket]
                _check_open(work, question)
                if step == "remind":
                    self._remind(held, question, rule)
                else:
                    self._end(held, question, rule)
        except RepeatedError:
            return False
        return True

    def _remind(self, held: Hold, question: Open, rule: Rule) -> None:
        approval = question.about == _APPROVAL
        data = {
            "about": question.about,
            "asked": question.asked,
            "times": question.times + 1,
            "days": 0 if approval else rule.closing(question.about),
            "who": "the approver" if approval else "the requester",
        }
        entry = held.write(Event.REMINDED, public=True, data=data)
        template = _TEMPLATES[question.about]
        if approval:
            self._letters.write_to(held, held["approver_id"], template, entry)
        else:
            self._letters.tell_requester(held, template, entry)

    def _end(self, held: Hold, question: Open, rule: Rule) -> None:
        """Close by the rule, with its name as the reason (B3)."""
        days = rule.closing(question.about)
        reason = f"asked twice, no answer in {days} business days"
        if question.about == _APPROVAL:
            data = {"about": _APPROVAL, "times": TWICE + 1, "who": "nobody"}
            text = f"{held['approver']} was {reason}: ask them in person."
            held.write(Event.REMINDED, text, data=data)
        elif question.about == _WAITING:
            self._close(held, Outcome.UNSOLVED, reason, days)
        elif held["craft_proof"] in (Proof.OK, Proof.WAIVED):
            self._close(held, Outcome.SOLVED, reason, days)
        else:
            Act(self._letters).do(held, Verify("customer", Proof.WAIVED, reason))

    def _close(self, held: Hold, outcome: Outcome, reason: str, days: int) -> None:
        Act(self._letters, data={"days": days}).do(held, Close(outcome, reason))


def _check_open(work: Work, question: Open) -> None:
    """Raise RepeatedError, which writes nothing, where it went on since the question was seen."""
    tickets = unanswered(work.spine, question.ticket - 1, 1)
    if question not in _of_tickets(work.spine, tickets):
        raise RepeatedError(work.id)


def _open(database: Database) -> Iterator[Open]:
    last = 0
    while tickets := unanswered(database, last, _CHUNK):
        last = tickets[-1].id
        yield from _of_tickets(database, tickets)


def _of_tickets(database: Database, tickets: Sequence[Unanswered]) -> Iterator[Open]:
    entries = said(database, [one.id for one in tickets])
    for ticket in tickets:
        told = entries[ticket.id]
        if not any(one.event == Event.OPENED and "machine" in one.data for one in told):
            question = _question(ticket.id, _about(ticket), told)
            if question is not None:
                yield question


def _about(row: Unanswered) -> str:
    if row.state == State.WAITING and row.waiting_for == WaitingFor.CUSTOMER:
        return _WAITING
    if row.state == State.SOLVED:
        return _SOLVED
    return _APPROVAL


def _question(ticket: int, about: str, told: Sequence[Said]) -> Open | None:
    """Give the open question of a ticket; None where it was answered, or never put by letter."""
    asked = since = None
    times = 0
    for one in told:
        if _asks(about, one):
            asked = one.id if asked is None or one.event != Event.REPLIED else asked
            since, times = one.at, 0
        elif one.event == Event.REMINDED and one.data.get("about") == about and since:
            since, times = one.at, int(one.data.get("times", 1))
        elif one.actor == "customer" and one.event != Event.OPENED:
            since = None
    return Open(ticket, about, asked, since, times) if asked and since else None


def _asks(about: str, one: Said) -> bool:
    if one.event not in _ASKING[about] or not one.public or one.actor in _ELSEWHERE:
        return False
    return about != _APPROVAL or one.data.get("approval") == Approval.ASKED


_WINDOW = timedelta(days=7)
"""Whoever could not be asked within a week of closing is not asked any more."""
_MOST = 200


class Surveys:
    """Asks the requesters of closed tickets."""

    def __init__(self, store: Store, letters: Letters) -> None:
        self._store = store
        self._letters = letters

    def run(self, now: datetime) -> int:
        """Write the letters that are due; gives how many. Doing it again asks nobody twice."""
        with self._store.reading() as database:
            settings = values(database)
            if not settings["poll.on"]:
                return 0
            found = self._due(database, settings, now)
        asked: set[int] = set()
        for ticket, requester in found:
            if requester not in asked and self._ask(ticket):
                asked.add(requester)
        return len(asked)

    def _due(
        self, database: Database, settings: Mapping[str, Any], now: datetime
    ) -> list[tuple[int, int]]:
        due = now - timedelta(hours=int(settings["poll.after_hours"]))
        lately = now - timedelta(days=int(settings["poll.days"]))
        percent = int(settings["poll.percent"])
        return to_poll(database, (due - _WINDOW, due), lately, percent, _MOST)

    def _ask(self, number: int) -> bool:
        operation = str(uuid5(OPERATIONS, f"poll {number}"))
        try:
            with self._store.work("desk", operation) as work:
                work.claim("poll")
                held = hold(work, [number])[number]
                if held["state"] != State.CLOSED:
                    return False
                entry = held.write(Event.POLLED, public=True)
                return self._letters.tell_requester(held, "poll", entry) > 0
        except RepeatedError:
            return False
