"""Retention: words of old tickets, and people whom nobody needs any more, are forgotten by rule.

A few at a time, each time as one operation: whoever breaks it off has lost nothing, and the next
run goes on where it ended.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from deskterm.domain import clock
from deskterm.domain.errors import RefusedError
from deskterm.domain.vocabulary import Event
from deskterm.services.privacy.forgetting import KIND
from deskterm.storage import forgetting, retaining
from deskterm.storage.redactions import Pen
from deskterm.storage.retaining import Ticket
from deskterm.storage.retention_rules import Rule, rules
from deskterm.storage.rights.members import owners
from deskterm.storage.rights.standing import may_retain
from deskterm.storage.whom import whom

if TYPE_CHECKING:
    from deskterm.storage.driver import Database
    from deskterm.storage.store import Store

_BATCH = 50
"""Tickets of one operation."""
WORDS, PEOPLE = "words", "people"
Report = Callable[[int, int], None]
"""Called with how many are done, and of how many."""


class Due(NamedTuple):
    """What one rule lets go now."""

    rule: str
    what: str
    category: str
    """Empty: all tickets that no other rule is for."""
    days: int
    tickets: tuple[int, ...] = ()
    people: tuple[int, ...] = ()

    @property
    def many(self) -> int:
        """How many tickets or people."""
        return len(self.tickets) + len(self.people)


class Batch(NamedTuple):
    """What one operation lets go."""

    rule: Rule
    tickets: Sequence[Ticket] = ()
    person: int | None = None


class Retention:
    """What the rules of retention let go, and letting it go."""

    def __init__(self, store: "Store", actor: str) -> None:
        self._store = store
        self._actor = actor

    def due(self, now: datetime | None = None) -> list[Due]:
        """Give what each rule lets go now: what a run would cover."""
        with self._store.reading() as database, database.snapshot(), database.patiently():
            batches = _batches(database, now or clock.now())
            every = [*rules(database, WORDS), *rules(database, PEOPLE)]
        return [
            Due(
                rule.name,
                rule.what,
                rule.category,
                rule.days,
                tuple(t.id for one in batches if one.rule == rule for t in one.tickets),
                tuple(one.person for one in batches if one.rule == rule and one.person is not None),
            )
            for rule in every
        ]

    def run(self, report: Report | None = None, now: datetime | None = None) -> list[Due]:
        """Let everything go that is due; gives what was. Raises RefusedError for want of rights."""
        with self._store.reading() as database:
            if not may_retain(database):
                raise RefusedError(
                    f"{self._actor} may not let anything go: managers who see every client, "
                    f"workers and {owners(database)}, who owns the desk, may."
                )
        found = self.due(now)
        self.let_go(self.pending(now), report)
        return found

    def pending(self, now: datetime | None = None) -> list[Batch]:
        """Give what is due in batches, each of them one operation."""
        with self._store.reading() as database, database.snapshot(), database.patiently():
            return _batches(database, now or clock.now())

    def let_go(self, batches: Sequence[Batch], report: Report | None = None) -> None:
        """Let batches go, one after the other."""
        total, done = sum(len(one.tickets) or 1 for one in batches), 0
        for one in batches:
            self._store.tried(lambda one=one: self._one(one))  # type: ignore[misc]
            done += len(one.tickets) or 1
            if report:
                report(done, total)

    def _one(self, batch: Batch) -> None:
        with self._store.work(self._actor) as work:
            work.claim("retention")
            forgetting.overwrite(work.spine)
            pen = Pen(work, person=batch.person or 0, by_rule=True)
            if batch.person is None:
                counts = retaining.forget_words(pen, batch.tickets, batch.rule.name)
            else:
                counts = forgetting.forget(pen, whom(work.spine, [batch.person]))
            forgetting.sweep(work.spine)
            work.record(
                (KIND, batch.person or 0),
                Event.EDITED,
                f"by the rule {batch.rule.name!r}",
                data={**counts},
            )


def _batches(database: "Database", now: datetime) -> list[Batch]:
    found = []
    for rule in rules(database, WORDS):
        due = retaining.due_tickets(database, rule, now)
        found += [Batch(rule, due[at : at + _BATCH]) for at in range(0, len(due), _BATCH)]
    people = rules(database, PEOPLE)
    if people:
        due_people = retaining.due_people(database, people, now)
        found += [Batch(rule, person=person) for person, rule in due_people]
    return found
