"""One ticket's life as it is told: legal by the lifecycle, each change kept as before → after.

What is told goes to the loader as batches: rows of one table, in an order foreign keys allow.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from random import Random
from typing import Any, NamedTuple

from deskterm.demo.times import text
from deskterm.domain import lifecycle
from deskterm.domain.clock import to_text
from deskterm.domain.vocabulary import OPEN_STATES, Event, State, Step
from deskterm.services.tickets.steps import mark
from deskterm.storage import bulk
from deskterm.storage.bulk import json_object
from deskterm.storage.ticket.columns import FRESH
from deskterm.storage.ticket.hold import Hold
from deskterm.storage.work import Work, ordered_id

Values = tuple[object, ...]


class Batch(NamedTuple):
    """Rows of one table; each row has a value for each column. Times are stored text, UTC."""

    table: str
    columns: tuple[str, ...]
    rows: list[Values]


TICKET = ("id", "version", "is_open", "opened_at", "updated_at", *FRESH)
LEDGER = (*bulk.LEDGER[:3], "person_id", *bulk.LEDGER[3:])
OPERATION = ("id", "kind", "actor", "at")
_PLAIN = (str, int, bool, type(None))
_STATES = {state.value: state for state in State}


class UntoldError(Exception):
    """The next thing would happen after now: the story ends here for today."""


class Operation(Work):
    """One operation, perhaps on several tickets; nothing of it is in a database."""

    asked = None
    """No hook of this machine is told of what is past."""

    def __init__(self, chance: Random, kind: str, actor: str, second: int) -> None:
        self.id = ordered_id(second * 1000, chance.getrandbits(74) >> 29)
        self.kind, self.actor, self.second = kind, actor, second
        self.at = datetime.fromtimestamp(second, UTC)
        self.stamp = text(second)
        self.told = False
        """Whether an entry has brought it along already."""

    @property
    def row(self) -> Values:
        """The row of table `operation`."""
        return (self.id, self.kind, self.actor, self.stamp)


class Story(Hold):
    """A ticket held in memory: as it stands at the moment told, and all that led there."""

    work: Operation
    """What happens now."""
    clocked = visited = False
    """No clock runs in the past, and no visit is agreed on for it."""

    def __init__(self, number: int, chance: Random, now: int) -> None:
        self.id = self.number = number
        self.chance = chance
        self.now = now
        self.at = 0
        self.version = 0
        self.row: dict[str, Any] = dict(FRESH)
        self.parts: dict[str, Any] = {}
        self.began = 0
        self.told: list[tuple[int, Operation | None, Values]] = []
        """(time, the operation where this entry is its first, ledger row)."""
        self._changes = {}

    def begin(self, verb: str, actor: str, at: int, shared: Operation | None = None) -> None:
        """Begin an operation; raises UntoldError after now, RefusedError where it is illegal."""
        if at > self.now:
            raise UntoldError
        if self.version:
            lifecycle.check(verb, _STATES[self.row["state"]], self.number)
        else:
            self.began = at
        self.at = at
        if shared is None or not self.version or shared is not self.work:
            self.version += 1
        self.work = shared or Operation(self.chance, verb, actor, at)

    def __getitem__(self, column: str) -> object:
        """Give a column's value; what the demo never tells of is empty."""
        return self.row.get(column)

    def set(self, **columns: object) -> None:
        """Change columns; times and words of the vocabulary become what is stored."""
        for name, value in columns.items():
            if value.__class__ not in _PLAIN:
                value = to_text(value) if isinstance(value, datetime) else str(value)
            before = self.row.get(name)
            if before != value:
                self._changes[name] = (self._changes.get(name, (before,))[0], value)
                self.row[name] = value

    def put(self, key: str, value: object) -> None:
        """Change what hangs on the ticket; None takes it away."""
        before = self.parts.get(key)
        if before != value:
            self._changes[key] = (before, value)
            if value is None:
                del self.parts[key]
            else:
                self.parts[key] = value

    def get(self, key: str) -> object:
        """Give the present value of a column or of something that hangs on the ticket."""
        return self.parts.get(key) if "." in key else self.row.get(key)

    def mark(self, *steps: Step) -> None:
        """Mark steps done by whoever acts."""
        for step in steps:
            mark(self, step)

    def write(self, event: str, text: str = "", **entry: object) -> int:
        """Keep the changes made since the last entry with a new one; a `person_id` speaks."""
        operation, person = self.work, entry.get("person_id")
        changes, self._changes = self._changes, {}
        row = (
            operation.id,
            operation.stamp,
            "customer" if person is not None else operation.actor,
            person,
            "ticket",
            self.number,
            self.version,
            str(event),
            entry.get("public", False),
            text,
            json_object(changes),
            json_object(entry.get("data")),
        )
        self.told.append((self.at, None if operation.told else operation, row))
        operation.told = True
        return len(self.told)

    def opened(
        self, body: str, values: Mapping[str, object], person: int | None, data: object
    ) -> None:
        """Write the first entry: everything known at the start, but not the body itself."""
        parts = {key: (None, value) for key, value in self.parts.items()}
        self.row.update(values)
        self.row["body"] = body
        known = {
            name: (None, value)
            for name, value in self.row.items()
            if name != "body" and value not in (None, "", False)
        }
        self._changes = known | parts
        self.write(Event.OPENED, public=True, data=data, person_id=person)

    def ticket(self) -> Values:
        """Give the row of table `ticket`."""
        first = (
            self.number,
            self.version,
            self.row["state"] in OPEN_STATES,
            text(self.began),
            text(self.at),
        )
        return (*first, *self.row.values())

    def hanging(self, kind: str) -> Iterable[tuple[str, object]]:
        """Give (name, value) of what hangs on the ticket of that kind."""
        start = kind + "."
        return [(k[len(start) :], v) for k, v in self.parts.items() if k.startswith(start)]
