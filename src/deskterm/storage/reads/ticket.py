"""One ticket whole: its facts, its nine steps, what it is tied to, and what happened so far."""

from typing import Any

from deskterm.domain.errors import NotFoundError
from deskterm.domain.rows import DeviceRow, LinkRow, StepRow, TicketView
from deskterm.domain.vocabulary import STEPS
from deskterm.storage.driver import Database, Row, moment, moment_or_none
from deskterm.storage.reads.people import device_row, person
from deskterm.storage.reads.timeline import timeline

_SAME = (
    "id",
    "version",
    "state",
    "channel",
    "subject",
    "body",
    "problem",
    "reproduction",
    "category",
    "service",
    "from_group",
    "level",
    "assignee",
    "waiting_for",
    "waiting_reason",
    "needs",
    "approver",
    "approval",
    "outcome",
    "close_reason",
    "resolution",
    "solution_id",
    "craft_proof",
    "customer_proof",
    "rating",
    "rating_comment",
    "merged_into",
    "foreign_id",
    "impact",
    "people",
)
"""Columns that go into the view as they are."""

_TICKET = """
SELECT t.id, t.version, t.state, t.urgent, t.channel, t.subject, t.body, t.problem,
  t.reproduction, t.reproduced, t.requester_id, t.requester_unsure,
  c.path AS category, s.name AS service, g.name AS group_name,
  f.name AS from_group, t.level, t.assignee, t.device_id, t.waiting_for,
  t.waiting_until, t.waiting_reason, t.needs, t.approver, t.approval, t.approval_at,
  t.outcome, t.close_reason, t.resolution, t.solution_id, t.craft_proof, t.customer_proof,
  t.rating, t.rating_comment, t.merged_into, t.foreign_id, t.opened_at, t.updated_at,
  t.solved_at, t.closed_at, t.due_at, t.picked_at, t.impact, t.people, t.cannot_work,
  t.needed_by
FROM ticket t
LEFT JOIN category c ON c.id = t.category_id
LEFT JOIN service s ON s.id = t.service_id
LEFT JOIN desk_group g ON g.id = t.group_id
LEFT JOIN desk_group f ON f.id = t.from_group_id
WHERE t.id = :id
"""


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
    same: dict[str, Any] = {name: row[name] for name in _SAME}
    requester = row["requester_id"]
    return TicketView(
        **same,
        urgent=bool(row["urgent"]),
        reproduced=None if row["reproduced"] is None else bool(row["reproduced"]),
        requester_unsure=bool(row["requester_unsure"]),
        requester=person(database, requester) if requester is not None else None,
        group=row["group_name"],
        device=_device(database, row["device_id"]),
        waiting_until=moment_or_none(row["waiting_until"]),
        approval_at=moment_or_none(row["approval_at"]),
        opened_at=moment(row["opened_at"]),
        updated_at=moment(row["updated_at"]),
        solved_at=moment_or_none(row["solved_at"]),
        closed_at=moment_or_none(row["closed_at"]),
        fields=_fields(database, number),
        steps=steps(database, number),
        links=links(database, number),
        watchers=_watchers(database, number),
        timeline=timeline(database, number),
        due_at=moment_or_none(row["due_at"]),
        picked_at=moment_or_none(row["picked_at"]),
        cannot_work=None if row["cannot_work"] is None else bool(row["cannot_work"]),
        needed_by=moment_or_none(row["needed_by"]),
    )


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
        "SELECT l.kind, t.id, t.subject, t.state, l.outward FROM ("
        "SELECT kind, other_id AS other, 1 AS outward FROM link WHERE ticket_id = :id UNION ALL "
        "SELECT kind, ticket_id AS other, 0 AS outward FROM link WHERE other_id = :id) AS l "
        "JOIN ticket t ON t.id = l.other ORDER BY l.kind, t.id, l.outward DESC",
        id=number,
    )
    return tuple(
        LinkRow(row["kind"], row["id"], row["subject"], row["state"], bool(row["outward"]))
        for row in rows
    )


def _watchers(database: Database, number: int) -> tuple[str, ...]:
    rows = database.all(
        "SELECT p.name, (SELECT a.address FROM person_address a WHERE a.person_id = p.id "
        "ORDER BY a.position, a.address LIMIT 1) AS address FROM watcher w "
        "JOIN person p ON p.id = w.person_id WHERE w.ticket_id = :id ORDER BY p.name, p.id",
        id=number,
    )
    return tuple(_who(row["name"], row["address"]) for row in rows)


def _who(name: str, address: str | None) -> str:
    if name and address:
        return f"{name} <{address}>"
    return name or address or ""
