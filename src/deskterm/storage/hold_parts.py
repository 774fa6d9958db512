"""What hangs on a ticket and is changed with it: each kind read and written under its key.

`step.greet`, `field.os`, `watcher.7`, `link.related.12`, `entry.99`, `run.3`, `problem.7`: one
rule for undo.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from deskterm.domain.clock import to_text
from deskterm.domain.text import storable
from deskterm.storage.callback_part import read_callback, write_callback
from deskterm.storage.driver import moment
from deskterm.storage.run_part import read_run, write_run

if TYPE_CHECKING:
    from deskterm.storage.spine import Hold


class Part:
    """How one kind of thing that hangs on a ticket is read and written."""

    def __init__(
        self, read: Callable[["Hold", str], Any], write: Callable[["Hold", str, Any], None]
    ) -> None:
        self.read = read
        self.write = write


def _read_step(held: "Hold", name: str) -> Any:
    row = held.work.spine.one(
        "SELECT status, actor, at, reason FROM step WHERE ticket_id = :id AND step = :step",
        id=held.id,
        step=name,
    )
    if row is None:
        return None
    return [row["status"], row["actor"], to_text(moment(row["at"])), row["reason"]]


def _write_step(held: "Hold", name: str, value: Any) -> None:
    spine = held.work.spine
    if value is None:
        spine.run("DELETE FROM step WHERE ticket_id = :id AND step = :step", id=held.id, step=name)
        return
    status, actor, at, reason = value
    spine.run(
        "INSERT INTO step (ticket_id, step, status, actor, at, reason) "
        "VALUES (:id, :step, :status, :actor, :at, :reason) ON CONFLICT (ticket_id, step) "
        "DO UPDATE SET status = excluded.status, actor = excluded.actor, at = excluded.at, "
        "reason = excluded.reason",
        id=held.id,
        step=name,
        status=status,
        actor=actor,
        at=moment(at),
        reason=storable(reason),
    )


def _read_field(held: "Hold", name: str) -> Any:
    row = held.work.spine.one(
        "SELECT value FROM field_value WHERE ticket_id = :id AND name = :name",
        id=held.id,
        name=name,
    )
    return row["value"] if row else None


def _write_field(held: "Hold", name: str, value: Any) -> None:
    spine = held.work.spine
    spine.run(
        "DELETE FROM field_value WHERE ticket_id = :id AND name = :name", id=held.id, name=name
    )
    if value is not None:
        spine.run(
            "INSERT INTO field_value (ticket_id, name, value) VALUES (:id, :name, :value)",
            id=held.id,
            name=name,
            value=storable(value),
        )


def _read_watcher(held: "Hold", name: str) -> Any:
    row = held.work.spine.one(
        "SELECT person_id FROM watcher WHERE ticket_id = :id AND person_id = :person",
        id=held.id,
        person=int(name),
    )
    return True if row else None


def _write_watcher(held: "Hold", name: str, value: Any) -> None:
    text = (
        "DELETE FROM watcher WHERE ticket_id = :id AND person_id = :person"
        if value is None
        else "INSERT INTO watcher (ticket_id, person_id) VALUES (:id, :person)"
    )
    held.work.spine.run(text, id=held.id, person=int(name))


def _read_link(held: "Hold", name: str) -> Any:
    kind, _, other = name.rpartition(".")
    row = held.work.spine.one(
        "SELECT other_id FROM link WHERE ticket_id = :id AND kind = :kind AND other_id = :other",
        id=held.id,
        kind=kind,
        other=int(other),
    )
    return True if row else None


def _write_link(held: "Hold", name: str, value: Any) -> None:
    kind, _, other = name.rpartition(".")
    text = (
        "DELETE FROM link WHERE ticket_id = :id AND kind = :kind AND other_id = :other"
        if value is None
        else "INSERT INTO link (ticket_id, kind, other_id) VALUES (:id, :kind, :other)"
    )
    held.work.spine.run(text, id=held.id, kind=kind, other=int(other))


def _read_entry(held: "Hold", name: str) -> Any:
    row = held.work.spine.one(
        "SELECT ticket_id FROM entry_place WHERE entry_id = :entry", entry=int(name)
    )
    return row["ticket_id"] if row else None


def _write_entry(held: "Hold", name: str, value: Any) -> None:
    spine = held.work.spine
    spine.run("DELETE FROM entry_place WHERE entry_id = :entry", entry=int(name))
    if value is not None:
        spine.run(
            "INSERT INTO entry_place (entry_id, ticket_id) VALUES (:entry, :ticket)",
            entry=int(name),
            ticket=value,
        )


def _read_problem(held: "Hold", name: str) -> Any:
    row = held.work.spine.one(
        "SELECT problem_id FROM problem_ticket WHERE ticket_id = :id AND problem_id = :problem",
        id=held.id,
        problem=int(name),
    )
    return True if row else None


def _write_problem(held: "Hold", name: str, value: Any) -> None:
    held.work.problems.add(int(name))
    if value is None:
        held.work.left.add(held.id)
    text = (
        "DELETE FROM problem_ticket WHERE ticket_id = :id AND problem_id = :problem"
        if value is None
        else "INSERT INTO problem_ticket (ticket_id, problem_id) VALUES (:id, :problem)"
    )
    held.work.spine.run(text, id=held.id, problem=int(name))


PARTS = {
    "step": Part(_read_step, _write_step),
    "field": Part(_read_field, _write_field),
    "watcher": Part(_read_watcher, _write_watcher),
    "link": Part(_read_link, _write_link),
    "entry": Part(_read_entry, _write_entry),
    "run": Part(read_run, write_run),
    "callback": Part(read_callback, write_callback),
    "problem": Part(_read_problem, _write_problem),
}
"""Key's first word → how it is read and written."""
