"""A foreign ticket's past as ledger entries: told by `import`, the foreign name beside it."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from deskterm.domain.clock import to_text
from deskterm.domain.errors import DeskError
from deskterm.domain.vocabulary import OPEN_STATES, Channel, Event, Outcome, State
from deskterm.services.importing.foreign import of_text
from deskterm.services.importing.wide import (
    Foreign,
    ForeignFile,
    Happening,
    Json,
    Record,
    Someone,
    Standing,
)
from deskterm.services.importing.words import OUTCOMES
from deskterm.storage.bulk import json_object
from deskterm.storage.ticket.columns import FRESH

TICKET = ("id", "version", "is_open", "opened_at", "updated_at", *FRESH)
ACTOR = "import"
Values = tuple[Json, ...]
_STATED = ("open", "close", "reopen")
NO_TIME = "closed without a time"
HAS_RESOLUTION = "open with a resolution"
HAS_CLOSING = "open with a closing time"
UNKNOWN = "a state nobody knows"
_OPEN = Standing(State.OPEN)
_CLOSED = Standing(State.CLOSED)
_LOST = "[File in the old desk, not brought along: {}]"


class Filed(NamedTuple):
    """A file and the place of its entry among a past's rows."""

    row: int
    file: ForeignFile


class Past:
    """One ticket being told: its values as they change, and the ledger rows."""

    def __init__(self, operation: str, number: int, known: Record) -> None:
        self.operation = operation
        self.number = number
        self.version = 1
        self.row = dict(FRESH)
        self.rows: list[Values] = []
        self.files: list[Filed] = []
        self.flags: list[str] = []
        self.updated = ""
        self._known = known
        self._changes: dict[str, tuple[Json, Json]] = {}

    def tell(self, ticket: Foreign, happened: Sequence[Happening], notes: Sequence[str]) -> None:
        """Tell a ticket's whole past; where words and events differ, the state it has counts."""
        told = sorted(happened, key=lambda one: one.at)
        begun = next((one for one in told if one.kind == "open"), None)
        told = [one for one in told if one is not begun]
        ends = standing(ticket, told)
        last = max([ticket.opened, *(one.at for one in told)])
        last = max(last, ticket.updated or last)
        self._judge(ticket, ends, told)
        if ends.state in OPEN_STATES and ticket.resolution:
            self._known = {**self._known, "resolution": ticket.resolution}
        if ends.state not in OPEN_STATES and ticket.closed is not None and not _stated(told):
            told = sorted([*told, _closing(ticket.closed)], key=lambda one: one.at)
        self._open(ticket, begun, [*notes, *self.flags])
        for one in told:
            _TELL.get(one.kind, Past._other)(self, ticket, one)
        self._settle(ticket, ends, last)

    def continue_from(self, row: Record, version: int, updated: str) -> None:
        """Go on where a ticket stands that was imported before."""
        self.row = dict(row)
        self.version = version
        self.updated = updated

    def add(self, ticket: Foreign, happened: Iterable[Happening], settle: bool) -> None:
        """Tell what is new of a ticket that is here; `settle`: its state follows, too."""
        told = sorted(happened, key=lambda one: one.at)
        ends = standing(ticket, told) if settle else None
        for one in told:
            state = one.kind in _STATED
            if settle or not state:
                _TELL.get(one.kind, Past._other)(self, ticket, one)
        if ends is not None:
            last = max([ticket.opened, *(one.at for one in told)])
            self._settle(ticket, ends, ticket.closed or ticket.updated or last)

    def ticket(self, opened: datetime) -> Values:
        """Give the row of table `ticket`."""
        return (
            *(self.number, self.version, self.is_open, to_text(opened), self.updated),
            *self.row.values(),
        )

    @property
    def is_open(self) -> bool:
        """Tell whether it is still work."""
        return self.row["state"] in OPEN_STATES

    def set(self, **columns: Json) -> None:
        """Change columns; the next entry tells of them."""
        for name, value in columns.items():
            if self.row[name] != value:
                self._changes[name] = (self.row[name], value)
                self.row[name] = value

    def write(self, at: datetime, event: Event, text: str, public: bool, data: Json) -> None:
        """Add an entry with what was changed before it."""
        changes, self._changes = self._changes, {}
        stamp = to_text(at)
        self.updated = max(self.updated, stamp)
        self.rows.append(
            (
                *(self.operation, stamp, ACTOR, "ticket", self.number, self.version),
                *(event.value, public, text, json_object(changes), json_object(data)),
            )
        )

    def _judge(self, ticket: Foreign, ends: Standing, told: Sequence[Happening]) -> None:
        """Flag what contradicts itself: it is kept, and somebody should look."""
        still = ends.state in OPEN_STATES
        self.flags += ticket.flags
        if ticket.status and ticket.standing is None:
            self.flags.append(UNKNOWN)
        if still and ticket.resolution:
            self.flags.append(HAS_RESOLUTION)
        if still and ticket.closed is not None and not _stated(told):
            self.flags.append(HAS_CLOSING)
        if not still and ticket.closed is None and not any(one.kind == "close" for one in told):
            self.flags.append(NO_TIME)

    def _open(self, ticket: Foreign, event: Happening | None, notes: Sequence[str]) -> None:
        fresh = ticket.standing is not None and ticket.standing.state == State.NEW
        self.row.update(self._known)
        self.row.update(
            state=State.NEW.value if fresh else State.OPEN.value,
            channel=ticket.channel or Channel.WEB.value,
            urgent=ticket.urgent,
            subject=ticket.subject,
            body=_with_lost(ticket.body, ticket.files),
            foreign_id=ticket.id,
        )
        self._changes = {
            name: (None, value)
            for name, value in self.row.items()
            if name != "body" and value not in (None, "", False)
        }
        self._changes |= {f"field.{name}": (None, v) for name, v in ticket.fields.items()}
        by = event.by if event else ticket.requester.shown
        data = {"by": by, "digest": ticket.digest, "foreign_id": ticket.id}
        self._file(ticket.files)
        if event is not None:
            self._file(event.files)
        flags = {"flags": sorted(set(notes))} if notes else {}
        self.write(ticket.opened, Event.OPENED, "", True, data | flags | _rest(event))

    def _file(self, files: Iterable[ForeignFile]) -> None:
        """Note files for the entry that is written next."""
        self.files += [Filed(len(self.rows), one) for one in files if one.read is not None]

    def _comment(self, ticket: Foreign, event: Happening) -> None:
        own = event.public and is_by(event.by, ticket.requester)
        said = Event.RECEIVED if own else Event.REPLIED if event.public else Event.NOTED
        data = {"by": event.by, "key": key_of(event)}
        if event.rest:
            data |= _rest(event)
        text = event.text
        if event.files:
            self._file(event.files)
            text = _with_lost(text, event.files)
        self.write(event.at, said, text, event.public, data)

    def _close(self, ticket: Foreign, event: Happening) -> None:
        stamp = to_text(event.at)
        outcome = ticket.outcome or _said(event)
        solved = outcome in (Outcome.SOLVED, None)
        self.set(
            state=State.CLOSED.value,
            outcome=outcome.value if outcome else None,
            resolution=ticket.resolution,
            closed_at=stamp,
            first_closed_at=self.row["first_closed_at"] or stamp,
            solved_at=stamp if solved else None,
            waiting_for=None,
        )
        data = {"by": event.by, "outcome": self.row["outcome"], "key": key_of(event)}
        self._file(event.files)
        self.write(event.at, Event.CLOSED, event.text, event.public, data | _rest(event))

    def _reopen(self, _ticket: Foreign, event: Happening) -> None:
        self.set(state=State.OPEN.value, outcome=None, closed_at=None, solved_at=None)
        data = {"by": event.by, "key": key_of(event)}
        self.write(event.at, Event.REOPENED, event.text, event.public, data | _rest(event))

    def _other(self, _ticket: Foreign, event: Happening) -> None:
        data = {"by": event.by, "event": event.kind, "key": key_of(event)} | _rest(event)
        self._file(event.files)
        self.write(event.at, Event.IMPORTED, event.text, False, data)

    def _settle(self, ticket: Foreign, ends: Standing, last: datetime) -> None:
        """Bring the ticket to the state it has in the old desk, at its last known moment."""
        now = State(str(self.row["state"]))
        same_wait = ends.waiting is None or self.row["waiting_for"] == ends.waiting.value
        if ends.state == now and same_wait:
            return
        if ends.state == State.CLOSED:
            self._close(ticket, _closing(ticket.closed or last))
        elif ends.state == State.CANCELLED:
            stamp = to_text(ticket.closed or last)
            self.set(state=ends.state.value, closed_at=stamp, close_reason=ticket.status)
            self.write(ticket.closed or last, Event.CANCELLED, "", True, {"by": ""})
        elif now not in OPEN_STATES:
            self._reopen(ticket, Happening(last, "reopen", "", "", {}))
            self._settle(ticket, ends, last)
        else:
            waiting = ends.waiting.value if ends.waiting else None
            self.set(state=ends.state.value, waiting_for=waiting)
            event = Event.WAITING if ends.state == State.WAITING else Event.CHANGED
            self.write(last, event, "", False, {"by": ""})
            self._settle(ticket, ends, last)


def standing(ticket: Foreign, told: Iterable[Happening]) -> Standing:
    """Give where a ticket stands: by its state word, else by its last event, else by its times."""
    if ticket.standing is not None:
        return ticket.standing
    stated = [one.kind for one in told if one.kind in _STATED]
    if stated:
        return _CLOSED if stated[-1] == "close" else _OPEN
    return _CLOSED if ticket.closed is not None else _OPEN


def key_of(event: Happening) -> str:
    """Give what an entry is known by when the same export comes again."""
    if event.key:
        return event.key
    said = f"{to_text(event.at)}\n{event.kind}\n{event.by}\n{event.text}"
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def is_by(author: str, requester: Someone) -> bool:
    """Tell whether an author as written is the requester."""
    if not author:
        return False
    if author == requester.name or author in requester.addresses:
        return True
    return _same(author, requester)


@lru_cache(4096)
def _same(author: str, requester: Someone) -> bool:
    try:
        written = of_text(author)
    except DeskError:
        return False
    if written.addresses and requester.addresses:
        return bool(set(written.addresses) & set(requester.addresses))
    return bool(written.name) and written.name.casefold() == requester.name.casefold()


def _stated(told: Iterable[Happening]) -> bool:
    return any(one.kind in _STATED for one in told)


def _said(event: Happening) -> Outcome | None:
    """Give how a closing says that it ended, where the ticket itself does not say; else None."""
    words = (event.rest.get(name) for name in ("outcome", "resolution"))
    known = (OUTCOMES.get(word.strip().casefold()) for word in words if isinstance(word, str))
    return next((one for one in known if one is not None), None)


def _closing(at: datetime) -> Happening:
    return Happening(at, "close", "", "", {})


def _with_lost(text: str, files: Iterable[ForeignFile]) -> str:
    """Name the files in the text that the export has only by name: they are not lost in silence."""
    lost = [_LOST.format(f"{one.name} {one.address}".strip()) for one in files if one.read is None]
    return "\n".join([text, *lost]).lstrip("\n") if lost else text


def _rest(event: Happening | None) -> dict[str, Json]:
    return {"foreign": dict(event.rest)} if event is not None and event.rest else {}


_TELL = {"comment": Past._comment, "close": Past._close, "reopen": Past._reopen}
