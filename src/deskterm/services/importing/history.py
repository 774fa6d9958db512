"""A foreign ticket's past as ledger entries: told by `import`, the foreign name beside it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from deskterm.domain.clock import to_text
from deskterm.domain.vocabulary import Event, Outcome, State
from deskterm.services.importing.foreign import Foreign
from deskterm.storage.bulk import json_object
from deskterm.storage.ticket.columns import FRESH

TICKET = ("id", "version", "is_open", "opened_at", "updated_at", *FRESH)
LEDGER = (
    "operation_id",
    "at",
    "actor",
    "kind",
    "subject_id",
    "version",
    "event",
    "public",
    "text",
    "changes",
    "data",
)
ACTOR = "import"
Values = tuple[Any, ...]


class Happening(NamedTuple):
    """One event of a foreign history."""

    at: datetime
    kind: str
    by: str
    text: str
    rest: Mapping[str, Any]


class Past:
    """One ticket being told: its values as they change, and the ledger rows."""

    def __init__(self, operation: str, number: int, known: Mapping[str, Any]) -> None:
        self.operation = operation
        self.number = number
        self.row = dict(FRESH)
        self.rows: list[Values] = []
        self.updated = ""
        self._known = known
        self._changes: dict[str, tuple[Any, Any]] = {}

    def tell(
        self, ticket: Foreign, happened: Iterable[Happening], notes: Mapping[str, Any]
    ) -> None:
        """Tell a ticket's whole past; without events it is opened and, where so, closed."""
        told = sorted(happened, key=lambda one: one.at)
        self._open(ticket, next((one for one in told if one.kind == "open"), None), notes)
        first = True
        for one in told:
            if one.kind == "open" and first:
                first = False
                continue
            _TELL.get(one.kind, Past._other)(self, ticket, one)
        if not told and ticket.closed is not None:
            self._close(ticket, Happening(ticket.closed, "close", "", "", {}))

    def ticket(self, opened: datetime) -> Values:
        """Give the row of table `ticket`."""
        is_open = self.row["state"] not in (State.CLOSED, State.CANCELLED, State.MERGED)
        return (self.number, 1, is_open, to_text(opened), self.updated, *self.row.values())

    def _set(self, **columns: Any) -> None:
        for name, value in columns.items():
            if self.row[name] != value:
                self._changes[name] = (self.row[name], value)
                self.row[name] = value

    def _write(self, at: datetime, event: Event, text: str, public: bool, data: Any) -> None:
        changes, self._changes = self._changes, {}
        stamp = to_text(at)
        self.updated = max(self.updated, stamp)
        self.rows.append(
            (
                *(self.operation, stamp, ACTOR, "ticket", self.number, 1),
                *(event.value, public, text, json_object(changes), json_object(data)),
            )
        )

    def _open(self, ticket: Foreign, event: Happening | None, notes: Mapping[str, Any]) -> None:
        self.row.update(self._known)
        self.row.update(
            state=State.OPEN.value,
            channel="web",
            urgent=ticket.urgent,
            subject=ticket.subject,
            body=ticket.body,
            foreign_id=ticket.id,
        )
        if ticket.closed is None:
            self.row["resolution"] = ticket.resolution
        self._changes = {
            name: (None, value)
            for name, value in self.row.items()
            if name != "body" and value not in (None, "", False)
        }
        self._changes |= {f"field.{name}": (None, v) for name, v in ticket.fields.items()}
        by = event.by if event else ticket.requester
        data = {"by": by, "digest": ticket.digest, "foreign_id": ticket.id, **notes}
        self._write(ticket.opened, Event.OPENED, "", True, data | _rest(event))

    def _comment(self, ticket: Foreign, event: Happening) -> None:
        own = event.by == ticket.requester
        kind = Event.RECEIVED if own else Event.REPLIED
        self._write(event.at, kind, event.text, True, {"by": event.by} | _rest(event))

    def _close(self, ticket: Foreign, event: Happening) -> None:
        stamp = to_text(event.at)
        solved = ticket.outcome in (Outcome.SOLVED, None)
        self._set(
            state=State.CLOSED.value,
            outcome=ticket.outcome.value if ticket.outcome else None,
            resolution=ticket.resolution,
            closed_at=stamp,
            first_closed_at=self.row["first_closed_at"] or stamp,
            solved_at=stamp if solved else None,
        )
        data = {"by": event.by, "outcome": self.row["outcome"]} | _rest(event)
        self._write(event.at, Event.CLOSED, event.text, True, data)

    def _reopen(self, _ticket: Foreign, event: Happening) -> None:
        self._set(state=State.OPEN.value, outcome=None, closed_at=None, solved_at=None)
        self._write(event.at, Event.REOPENED, event.text, True, {"by": event.by} | _rest(event))

    def _other(self, _ticket: Foreign, event: Happening) -> None:
        data = {"by": event.by, "event": event.kind} | _rest(event)
        self._write(event.at, Event.IMPORTED, event.text, False, data)


def _rest(event: Happening | None) -> dict[str, Any]:
    return {"foreign": dict(event.rest)} if event is not None and event.rest else {}


_TELL = {"comment": Past._comment, "close": Past._close, "reopen": Past._reopen}
