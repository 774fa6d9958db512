"""One ticket whole: its facts, its nine steps, what it is tied to, and what happened so far."""

import json
from typing import Any

from deskterm.domain.errors import NotFoundError
from deskterm.domain.questions import Question, question_of
from deskterm.domain.rows import DeviceRow, LinkRow, ProblemTie, StepRow, TicketView
from deskterm.domain.vocabulary import STEPS
from deskterm.storage.driver import Database, Row, moment
from deskterm.storage.phrases import FIRST_ADDRESS
from deskterm.storage.reads.people import device_row, person
from deskterm.storage.reads.timeline import timeline
from deskterm.storage.ticket.columns import EVERY, read

_OWN = tuple(name for name in EVERY if name in TicketView._fields)
"""The view's own columns; the others are joined."""

_TICKET = f"""
SELECT {", ".join(f"t.{name}" for name in (*_OWN, "requester_id", "device_id"))},
  c.path AS category, s.name AS service, g.name AS group_name, f.name AS from_group,
  u.title AS solution,
  coalesce(i.items, 0) AS items, coalesce(i.items_done, 0) AS items_done
FROM ticket t
LEFT JOIN category c ON c.id = t.category_id
LEFT JOIN service s ON s.id = t.service_id
LEFT JOIN desk_group g ON g.id = t.group_id
LEFT JOIN desk_group f ON f.id = t.from_group_id
LEFT JOIN solution u ON u.id = t.solution_id
LEFT JOIN (SELECT ticket_id, count(*) AS items, count(done_by) AS items_done
  FROM checklist_item WHERE ticket_id = :id GROUP BY ticket_id) i ON i.ticket_id = t.id
WHERE t.id = :id
"""  # noqa: S608 - declared columns only


def show(database: Database, number: int) -> TicketView:
    """Give one ticket whole, from one state of the database; raises NotFoundError.

    A merged ticket is shown as it is; walking to the survivor is the caller's.
    """
    with database.snapshot():
        row = database.one(_TICKET, id=number)
        if row is None:
            raise NotFoundError(f"there is no ticket #{number}.")
        return _view(database, row)


def _view(database: Database, row: Row) -> TicketView:
    number = row["id"]
    requester = row["requester_id"]
    own: dict[str, Any] = {name: read(name, row[name]) for name in _OWN}
    return TicketView(
        **own,
        category=row["category"],
        service=row["service"],
        group=row["group_name"],
        from_group=row["from_group"],
        requester=person(database, requester) if requester is not None else None,
        device=_device(database, row["device_id"]),
        fields=_fields(database, number),
        steps=steps(database, number),
        links=links(database, number),
        watchers=_watchers(database, number),
        timeline=timeline(database, number),
        questions=_questions(database, number),
        problems=_problems(database, number),
        solution=row["solution"] or "",
        items=row["items"],
        items_done=row["items_done"],
    )


def _problems(database: Database, number: int) -> tuple[ProblemTie, ...]:
    rows = database.all(
        "SELECT p.id, p.title, p.state FROM problem_ticket x JOIN problem p ON p.id = x.problem_id "
        "WHERE x.ticket_id = :id ORDER BY p.id",
        id=number,
    )
    return tuple(ProblemTie(row["id"], row["title"], row["state"]) for row in rows)


def _device(database: Database, number: int | None) -> DeviceRow | None:
    if number is None:
        return None
    row = database.one(
        "SELECT d.id, d.name, d.kind, d.model, d.os, d.os_version, p.name AS person "
        "FROM device d LEFT JOIN person p ON p.id = d.person_id WHERE d.id = :id",
        id=number,
    )
    return device_row(row) if row else None


def _fields(database: Database, number: int) -> dict[str, str]:
    rows = database.all(
        "SELECT v.name, v.value FROM field_value v "
        "LEFT JOIN field_definition d ON d.name = v.name "
        "WHERE v.ticket_id = :id ORDER BY d.position IS NULL, d.position, v.name",
        id=number,
    )
    return {row["name"]: row["value"] for row in rows}


def steps(database: Database, number: int) -> tuple[StepRow, ...]:
    """Give all nine steps of a ticket, in order; those without a record are open."""
    rows = database.all(
        "SELECT step, status, actor, at, reason FROM step WHERE ticket_id = :id", id=number
    )
    known = {
        row["step"]: StepRow(
            row["step"], row["status"], row["actor"], moment(row["at"]), row["reason"]
        )
        for row in rows
    }
    return tuple(known.get(step) or StepRow(str(step), "open") for step in STEPS)


def links(database: Database, number: int) -> tuple[LinkRow, ...]:
    """Give the tickets that a ticket is linked to, either way."""
    rows = database.all(
        "SELECT l.kind, t.id, t.subject, t.state, l.ticket_id = :id AS outward FROM link l "
        "JOIN ticket t ON t.id = CASE WHEN l.ticket_id = :id THEN l.other_id ELSE l.ticket_id END "
        "WHERE l.ticket_id = :id OR l.other_id = :id ORDER BY l.kind, t.id, outward DESC",
        id=number,
    )
    return tuple(
        LinkRow(row["kind"], row["id"], row["subject"], row["state"], bool(row["outward"]))
        for row in rows
    )


def _questions(database: Database, number: int) -> tuple[Question, ...]:
    rows = database.all(
        "SELECT kind, asks FROM question WHERE ticket_id = :id ORDER BY kind", id=number
    )
    return tuple(question_of(row["kind"], json.loads(row["asks"])) for row in rows)


def _watchers(database: Database, number: int) -> tuple[str, ...]:
    rows = database.all(
        f"SELECT p.name, {FIRST_ADDRESS} AS address FROM watcher w "  # noqa: S608 - constants
        "JOIN person p ON p.id = w.person_id WHERE w.ticket_id = :id ORDER BY p.name, p.id",
        id=number,
    )
    return tuple(_who(row["name"], row["address"]) for row in rows)


def _who(name: str, address: str | None) -> str:
    if name and address:
        return f"{name} <{address}>"
    return name or address or ""
