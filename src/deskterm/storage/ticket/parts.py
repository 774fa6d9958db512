"""What hangs on a ticket and is changed with it: each kind read and written under its key.

`step.greet`, `field.os`, `watcher.7`, `link.related.12`, `entry.99`, `run.3`, `callback.1`,
`problem.7`, `question.watch`, `visit.7`, `time.7`, `item.3`: one rule for undo. The
sum of the time booked on a ticket follows from its entries.
"""

import json
from collections.abc import Callable
from typing import Any, NamedTuple

from deskterm.domain.clock import to_text
from deskterm.domain.errors import ConflictError
from deskterm.domain.text import storable
from deskterm.storage.driver import json_text, moment
from deskterm.storage.ticket.entry import Derived, Entry
from deskterm.storage.work import State, Work


class Part(NamedTuple):
    """How one kind of thing that hangs on a ticket is read and written."""

    read: Callable[[Work, int, str], object]
    """Gives the value under (ticket, name), or None."""
    write: Callable[[Work, int, str, object], None]
    """Stores it; None takes it away."""


def _tie(table: str, column: str) -> Part:
    """Give the part that is a row of (ticket, number of another row): there, or not."""
    where = f"FROM {table} WHERE ticket_id = :id AND {column} = :other"
    added = f"INSERT INTO {table} (ticket_id, {column}) VALUES (:id, :other)"  # noqa: S608 - ours

    def read(work: Work, ticket: int, name: str) -> object:
        found = work.spine.one(f"SELECT {column} {where}", id=ticket, other=int(name))
        return True if found else None

    def write(work: Work, ticket: int, name: str, value: object) -> None:
        work.spine.later(added if value else f"DELETE {where}", id=ticket, other=int(name))

    return Part(read, write)


def _read_step(work: Work, ticket: int, name: str) -> object:
    row = work.spine.one(
        "SELECT status, actor, at, reason FROM step WHERE ticket_id = :id AND step = :step",
        id=ticket,
        step=name,
    )
    if row is None:
        return None
    return [row["status"], row["actor"], to_text(moment(row["at"])), row["reason"]]


def _write_step(work: Work, ticket: int, name: str, value: Any) -> None:
    spine = work.spine
    if value is None:
        spine.later("DELETE FROM step WHERE ticket_id = :id AND step = :step", id=ticket, step=name)
        return
    status, actor, at, reason = value
    spine.later(
        "INSERT INTO step (ticket_id, step, status, actor, at, reason) "
        "VALUES (:id, :step, :status, :actor, :at, :reason) ON CONFLICT (ticket_id, step) "
        "DO UPDATE SET status = excluded.status, actor = excluded.actor, at = excluded.at, "
        "reason = excluded.reason",
        id=ticket,
        step=name,
        status=status,
        actor=actor,
        at=moment(at),
        reason=storable(reason),
    )


def _read_field(work: Work, ticket: int, name: str) -> object:
    row = work.spine.one(
        "SELECT value FROM field_value WHERE ticket_id = :id AND name = :name",
        id=ticket,
        name=name,
    )
    return row["value"] if row else None


def _write_field(work: Work, ticket: int, name: str, value: Any) -> None:
    spine = work.spine
    spine.later(
        "DELETE FROM field_value WHERE ticket_id = :id AND name = :name", id=ticket, name=name
    )
    if value is not None:
        spine.later(
            "INSERT INTO field_value (ticket_id, name, value) VALUES (:id, :name, :value)",
            id=ticket,
            name=name,
            value=storable(value),
        )


def _read_link(work: Work, ticket: int, name: str) -> object:
    kind, _, other = name.rpartition(".")
    row = work.spine.one(
        "SELECT other_id FROM link WHERE ticket_id = :id AND kind = :kind AND other_id = :other",
        id=ticket,
        kind=kind,
        other=int(other),
    )
    return True if row else None


def _write_link(work: Work, ticket: int, name: str, value: object) -> None:
    kind, _, other = name.rpartition(".")
    text = (
        "DELETE FROM link WHERE ticket_id = :id AND kind = :kind AND other_id = :other"
        if value is None
        else "INSERT INTO link (ticket_id, kind, other_id) VALUES (:id, :kind, :other)"
    )
    work.spine.later(text, id=ticket, kind=kind, other=int(other))


def _read_entry(work: Work, _: int, name: str) -> object:
    row = work.spine.one(
        "SELECT ticket_id FROM entry_place WHERE entry_id = :entry", entry=int(name)
    )
    return row["ticket_id"] if row else None


def _write_entry(work: Work, _: int, name: str, value: object) -> None:
    spine = work.spine
    spine.later("DELETE FROM entry_place WHERE entry_id = :entry", entry=int(name))
    if value is not None:
        spine.later(
            "INSERT INTO entry_place (entry_id, ticket_id) VALUES (:entry, :ticket)",
            entry=int(name),
            ticket=value,
        )


def _read_run(work: Work, _: int, name: str) -> object:
    """Give [status, owner] of a run."""
    row = work.spine.one("SELECT status, owner FROM guide_run WHERE id = :id", id=int(name))
    return [row["status"], row["owner"]] if row else None


def _write_run(work: Work, _: int, name: str, value: Any) -> None:
    """Set status and owner of a run; a run is never taken away."""
    if value is not None:
        work.spine.later(
            "UPDATE guide_run SET status = :status, owner = :owner, updated_at = :at, "
            "version = version + 1 WHERE id = :id",
            status=value[0],
            owner=value[1],
            at=work.at,
            id=int(name),
        )


def _read_callback(work: Work, ticket: int, name: str) -> object:
    """Give [time, owner, note, state] of a call-back, and True where it is broken; or None."""
    row = work.spine.one(
        "SELECT at, owner, note, state, broken FROM callback "
        "WHERE ticket_id = :id AND number = :number",
        id=ticket,
        number=int(name),
    )
    if row is None:
        return None
    known = [row[name] for name in ("owner", "note", "state")]
    return [to_text(moment(row["at"])), *known, *([True] if row["broken"] else [])]


def _write_callback(work: Work, ticket: int, name: str, value: Any) -> None:
    """Set a ticket's call-back; None takes it away."""
    spine = work.spine
    spine.later(
        "DELETE FROM callback WHERE ticket_id = :id AND number = :number",
        id=ticket,
        number=int(name),
    )
    if value is not None:
        at, owner, note, state, *broken = value
        spine.later(
            "INSERT INTO callback (ticket_id, number, at, owner, note, state, broken) "
            "VALUES (:id, :number, :at, :owner, :note, :state, :broken)",
            id=ticket,
            number=int(name),
            at=moment(at),
            owner=owner,
            note=storable(note),
            state=state,
            broken=bool(broken),
        )


def _read_question(work: Work, ticket: int, name: str) -> object:
    row = work.spine.one(
        "SELECT asks FROM question WHERE ticket_id = :id AND kind = :kind", id=ticket, kind=name
    )
    return json.loads(row["asks"]) if row else None


def _write_question(work: Work, ticket: int, name: str, value: object) -> None:
    spine = work.spine
    spine.later("DELETE FROM question WHERE ticket_id = :id AND kind = :kind", id=ticket, kind=name)
    if value is not None:
        spine.later(
            "INSERT INTO question (ticket_id, kind, asks) VALUES (:id, :kind, :asks)",
            id=ticket,
            kind=name,
            asks=storable(json_text(value)),
        )


def _read_visit(work: Work, ticket: int, name: str) -> object:
    from deskterm.storage.visits import read_visit

    return read_visit(work, ticket, name)


def _write_visit(work: Work, ticket: int, name: str, value: object) -> None:
    from deskterm.storage.visits import write_visit

    write_visit(work, ticket, name, value)


def _read_time(work: Work, ticket: int, name: str) -> object:
    from deskterm.storage.times import read_time

    return read_time(work, ticket, name)


def _write_time(work: Work, ticket: int, name: str, value: object) -> None:
    from deskterm.storage.times import write_time

    write_time(work, ticket, name, value)


def _read_item(work: Work, ticket: int, name: str) -> object:
    from deskterm.storage.checklists import read_item

    return read_item(work, ticket, name)


def _write_item(work: Work, ticket: int, name: str, value: object) -> None:
    from deskterm.storage.checklists import write_item

    write_item(work, ticket, name, value)


PARTS = {
    "step": Part(_read_step, _write_step),
    "field": Part(_read_field, _write_field),
    "watcher": _tie("watcher", "person_id"),
    "link": Part(_read_link, _write_link),
    "entry": Part(_read_entry, _write_entry),
    "run": Part(_read_run, _write_run),
    "callback": Part(_read_callback, _write_callback),
    "problem": _tie("problem_ticket", "problem_id"),
    "question": Part(_read_question, _write_question),
    "visit": Part(_read_visit, _write_visit),
    "time": Part(_read_time, _write_time),
    "item": Part(_read_item, _write_item),
}
"""Key's first word → how it is read and written."""

_BOOKED = (
    "UPDATE ticket SET worked = (SELECT coalesce(sum(e.seconds), 0) FROM time_entry e "
    "WHERE e.ticket_id = ticket.id AND e.state = 'booked') WHERE id IN :ids"
)


class Booked(State):
    """The tickets whose time may have changed in a unit of work."""

    def __init__(self) -> None:
        self.tickets: set[int] = set()

    def finish(self, work: Work) -> None:
        """Add up anew; raises ConflictError where less than no time would be left."""
        if not self.tickets:
            return
        ids = sorted(self.tickets)
        work.spine.later(_BOOKED, ids=ids)
        row = work.spine.one(
            "SELECT id FROM ticket WHERE id IN :ids AND worked < 0 ORDER BY id LIMIT 1", ids=ids
        )
        if row is not None:
            raise ConflictError(
                f"#{row['id']} would have less than no time: a correction takes away at most what "
                "is booked. See `deskterm time list`."
            )


def follow(entry: Entry) -> Derived:
    """Note a ticket of which an entry of time has changed: its sum follows before the commit."""
    if any(key.startswith("time.") for key in entry.changes):
        entry.work.state(Booked).tickets.add(entry.ticket)
    return {}
