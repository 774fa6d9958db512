"""Ticket templates, checklists, and tickets that are opened again and again by a rule (C8).

A date is done once its row is there: the same operation that opens its ticket writes it, under an
id made from the rule and the date. Two workers at once open one ticket.
"""

from datetime import date, datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple
from uuid import uuid5

from deskterm.calendars.recurrence import dates, moved
from deskterm.domain import clock
from deskterm.domain.errors import DeskError, NotFoundError
from deskterm.domain.means import KEEP, Due, RecurringRow
from deskterm.domain.requests import NewTicket
from deskterm.domain.vocabulary import Channel, Event
from deskterm.services.means.values import person_values, put
from deskterm.services.rhythm import OPERATIONS, Rhythm
from deskterm.services.tickets.intake import open_ticket
from deskterm.storage import checklists, recurring
from deskterm.storage.names import unknown
from deskterm.storage.reads import means
from deskterm.storage.reads.asked import desk_zone
from deskterm.storage.targets import Targets
from deskterm.storage.ticket.hold import survivor
from deskterm.storage.work import RepeatedError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from deskterm.calendars.calendar import Calendar
    from deskterm.domain.checklists import Item
    from deskterm.domain.means import TemplateRow
    from deskterm.services.letters import Letters
    from deskterm.services.tickets.operation import Tickets
    from deskterm.storage.driver import Database
    from deskterm.storage.store import Store


class Templates:
    """Ticket templates in the hands of one technician."""

    def __init__(self, tickets: "Tickets") -> None:
        self._tickets = tickets

    def list(self) -> "list[TemplateRow]":
        """Give the templates that are in use, by name, filled in as far as anything is known."""
        with self._tickets.store.reading() as database:
            return [filled_in(database, one, self._tickets.me) for one in means.templates(database)]

    def named(self, name: str) -> "TemplateRow":
        """Give a template, filled in; raises NotFoundError."""
        found = self.list()
        wanted = name.strip().casefold()
        row = next((one for one in found if one.name.casefold() == wanted), None)
        if row is None:
            known = [one.name for one in found]
            raise NotFoundError(
                unknown("ticket template", name[:60], known, "deskterm ticket-template list")
            )
        return row

    def fill(self, name: str, ticket: "NewTicket") -> "NewTicket":
        """Give a new ticket with what the template says where nothing is said yet."""
        return merged(self.named(name), ticket)


def filled_in(database: "Database", row: "TemplateRow", me: str) -> "TemplateRow":
    """Give a template with the day and whoever writes filled in."""
    values = person_values(database, None, me)
    return row._replace(
        subject=put(row.subject, values)[0],
        body=put(row.body, values)[0],
        problem=put(row.problem, values)[0],
    )


def merged(row: "TemplateRow", ticket: "NewTicket") -> "NewTicket":
    """Give a new ticket with what a template says where nothing is said yet."""
    named = {
        one: getattr(ticket, one) or getattr(row, one)
        for one in ("subject", "body", "problem", "category", "service", "group", "checklist")
    }
    return ticket._replace(
        **named, urgent=ticket.urgent or row.urgent, fields={**row.fields, **ticket.fields}
    )


class Checklists:
    """Items of tickets; changing them is a request (`PutList`, `Tick`)."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def of(self, number: int) -> "list[Item]":
        """Give the items of a ticket in their order; raises NotFoundError."""
        with self._store.reading() as database:
            return checklists.items(database, survivor(database, number))

    def names(self) -> list[str]:
        """Give the names of the desk's own checklists."""
        with self._store.reading() as database:
            return checklists.checklist_names(database)


_LOOK = timedelta(minutes=1)
_MOST_MISSED = 12
"""So many missed dates get a ticket each; what is older is told on the oldest of these."""
_MOVES = 31
_ACTOR = "desk"


class _Opening(NamedTuple):
    """A ticket to be opened: for the last of its dates."""

    days: "Sequence[date]"
    due: date
    missed: bool


class Recurring:
    """The job that opens tickets by their rules, and what there is to see of them."""

    def __init__(self, store: "Store", letters: "Letters") -> None:
        self._store = store
        self._letters = letters
        self._rhythm = Rhythm(_LOOK)

    def run(self, now: datetime) -> int:
        """Open what is due, where it is time to look again; gives how many tickets."""
        return self.open_due(now) if self._rhythm.due(now) else 0

    def open_due(self, now: datetime) -> int:
        """Open what is due now; gives how many tickets."""
        with self._store.reading() as database:
            rules = recurring.in_use(database)
            if not rules:
                return 0
            today = now.astimezone(desk_zone(database)).date()
            waiting = [(rule, list(_openings(database, rule, today))) for rule in rules]
        return sum(self._open(rule, one) for rule, found in waiting for one in found)

    def waiting(self, now: datetime) -> list[tuple[str, date, bool]]:
        """Give (rule, date, whether it is missed) of the tickets that would be opened now."""
        with self._store.reading() as database:
            today = now.astimezone(desk_zone(database)).date()
            return [
                (rule.name, one.due, one.missed)
                for rule in recurring.in_use(database)
                for one in _openings(database, rule, today)
            ]

    def dates(self, number: int, limit: int = 12) -> list[Due]:
        """Give the dates of a rule that are done, and the next ones."""
        with self._store.reading() as database:
            rule = recurring.one(database, number)
            today = clock.now().astimezone(desk_zone(database)).date()
            done = recurring.made(database, number, "")
            if not rule.rule:
                return []
            since = min([today, *map(date.fromisoformat, done)])
            first = date.fromisoformat(rule.first_day)
            found = dates(rule.rule, first, since, date(9998, 12, 31))
            past = {date.fromisoformat(day) for day in done}
            calendar = _calendar(database, rule)
            wanted = islice((day for day in found if day >= today or day in past), limit)
            return [
                Due(day, moved(day, calendar, rule.off), done.get(day.isoformat()))
                for day in wanted
            ]

    def _open(self, rule: RecurringRow, one: _Opening) -> bool:
        operation = str(uuid5(OPERATIONS, f"recurring {rule.id} {rule.since_day} {one.days[-1]}"))
        try:
            return self._opened(rule, one, operation)
        except RepeatedError:
            return False
        except DeskError as error:
            with self._store.reading() as database:
                recurring.keep_trouble(database, rule.id, str(error)[:400])
            return False

    def _opened(self, rule: RecurringRow, one: _Opening, operation: str) -> bool:
        with self._store.work(_ACTOR, operation) as work:
            work.claim("new")
            ticket = _ticket(work.spine, rule, one.due)
            if ticket is None:
                return False
            held = open_ticket(work, self._letters, ticket)
            days = [day.isoformat() for day in one.days]
            if not recurring.keep_made(work.spine, rule.id, days, held.id):
                raise RepeatedError(operation)
            if one.missed:
                held.write(Event.NOTED, _missed(rule, days))
            if rule.trouble:
                recurring.keep_trouble(work.spine, rule.id, "")
        return True


def _openings(database: "Database", rule: RecurringRow, today: date) -> "Iterable[_Opening]":
    """Give the tickets that a rule wants opened by today, the earliest first."""
    since, first = date.fromisoformat(rule.since_day), date.fromisoformat(rule.first_day)
    done = recurring.made(database, rule.id, rule.since_day)
    calendar = _calendar(database, rule)
    until = today + timedelta(days=rule.ahead)
    found = [
        (day, moved(day, calendar, rule.off))
        for day in dates(rule.rule, first, since, until + timedelta(days=_MOVES))
        if day.isoformat() not in done
    ]
    wanted = [(day, due) for day, due in found if due <= until]
    missed = [pair for pair in wanted if pair[1] < today]
    older = [day for day, _ in missed[:-_MOST_MISSED]]
    for place, (day, due) in enumerate(missed[-_MOST_MISSED:]):
        yield _Opening([*older, day] if place == 0 else [day], due, missed=True)
    for day, due in wanted[len(missed) :]:
        yield _Opening([day], due, missed=False)


def _calendar(database: "Database", rule: RecurringRow) -> "Calendar | None":
    if rule.off == KEEP:
        return None
    targets = Targets(database)
    if rule.calendar_id is None:
        return targets.default.calendar
    return targets.calendar(rule.calendar_id)[1]


def _ticket(database: "Database", rule: RecurringRow, due: date) -> NewTicket | None:
    template = means.template(database, rule.template_id or 0)
    if template is None:
        return None
    values = {"me": _ACTOR, "today": due.isoformat()}
    filled = template._replace(
        subject=put(template.subject or template.name, values)[0],
        body=put(template.body, values)[0],
        problem=put(template.problem, values)[0],
    )
    ticket = NewTicket(
        person_id=rule.person_id,
        channel=str(Channel.MONITOR),
        acknowledge=False,
        actor=_ACTOR,
        data={"recurring": rule.id, "day": due.isoformat()},
    )
    return merged(filled, ticket)


def _missed(rule: RecurringRow, days: "Sequence[str]") -> str:
    told = ", ".join(days[-20:])
    more = f" and {len(days) - 20} before" if len(days) > 20 else ""
    return f"{rule.name} was due on {told}{more}: nobody did the jobs then."
