"""Reads of the desk's own records, for screens and commands, and for the form of a ticket."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from deskterm.domain.columns import EDITED, Edit
from deskterm.domain.in_hand import AbsenceRow
from deskterm.domain.records import (
    CategoryRow,
    FieldRow,
    GroupRow,
    TechnicianRow,
    TicketSheet,
    ViewRow,
)
from deskterm.storage.driver import Database, Row, moment_or_none
from deskterm.storage.reads import held
from deskterm.storage.reads.asked import desk_zone
from deskterm.storage.reads.clients import of_tickets
from deskterm.storage.reads.in_hand import off
from deskterm.storage.reads.known import known_names
from deskterm.storage.ticket.columns import read


def technicians(database: Database, now: datetime) -> list[TechnicianRow]:
    """Give every technician, active ones first, with the focus time that is on."""
    groups: dict[str, list[str]] = {}
    for row in database.all(
        "SELECT m.login, g.name FROM membership m JOIN desk_group g ON g.id = m.group_id "
        "ORDER BY g.level, g.name"
    ):
        groups.setdefault(row["login"], []).append(row["name"])
    rows = database.all(
        "SELECT login, name, email, level, active, focus_until, focus_reason FROM technician "
        "ORDER BY NOT active, login"
    )
    away = off(database, now)
    ends = {row["login"]: moment_or_none(row["focus_until"]) for row in rows}
    until = {login: end for login, end in ends.items() if end is not None and end > now}
    return [
        TechnicianRow(
            row["login"],
            row["name"],
            row["email"],
            row["level"],
            bool(row["active"]),
            tuple(groups.get(row["login"], ())),
            until.get(row["login"]),
            row["focus_reason"] if row["login"] in until else "",
            *_off(away.get(row["login"])),
        )
        for row in rows
    ]


def _off(one: AbsenceRow | None) -> tuple[datetime | None, str | None]:
    return (one.until_at, one.deputy) if one else (None, None)


def groups(database: Database) -> list[GroupRow]:
    """Give every group with its members."""
    members: dict[int, list[str]] = {}
    for row in database.all("SELECT group_id, login FROM membership ORDER BY login"):
        members.setdefault(row["group_id"], []).append(row["login"])
    rows = database.all("SELECT id, name, level, restricted FROM desk_group ORDER BY level, name")
    return [
        GroupRow(
            row["id"],
            row["name"],
            row["level"],
            tuple(members.get(row["id"], ())),
            bool(row["restricted"]),
        )
        for row in rows
    ]


def categories(database: Database, *, counted: bool = False) -> list[CategoryRow]:
    """Give the tree of categories by path; with `counted`, how many tickets each holds."""
    numbers: dict[int, int] = {}
    if counted:
        for row in database.all(
            "SELECT category_id, count(*) AS n FROM ticket "
            "WHERE category_id IS NOT NULL GROUP BY category_id"
        ):
            numbers[row["category_id"]] = row["n"]
    rows = database.all(
        "SELECT c.id, c.path, g.name FROM category c LEFT JOIN desk_group g ON g.id = c.group_id "
        "WHERE c.active ORDER BY c.path"
    )
    return [
        CategoryRow(row["id"], row["path"], row["name"], numbers.get(row["id"], 0)) for row in rows
    ]


FIELD = (
    "d.name, d.label, d.choices, d.required_for, d.web, d.labels, d.organisation_id, "
    "o.name AS client FROM field_definition d LEFT JOIN organisation o ON o.id = d.organisation_id"
)


def field_row(row: Row) -> FieldRow:
    """Give a field of the desk's own as it was read."""
    return FieldRow(
        row["name"],
        row["label"],
        tuple(json.loads(row["choices"])),
        row["required_for"],
        row["client"],
        row["web"],
        json.loads(row["labels"]),
    )


def fields(database: Database, whose: Collection[int | None] | None = None) -> list[FieldRow]:
    """Give the desk's own fields in their order; those that things of all these clients have."""
    rows = database.all(f"SELECT {FIELD} ORDER BY d.position, d.name")
    return [
        field_row(row)
        for row in rows
        if whose is None or row["organisation_id"] is None or {*whose} == {row["organisation_id"]}
    ]


def views(database: Database, me: str) -> list[ViewRow]:
    """Give the saved views of a technician and of everyone."""
    rows = database.all(
        "SELECT name, query, owner FROM saved_view WHERE owner IN ('', :me) ORDER BY position, id",
        me=me,
    )
    return [ViewRow(row["name"], row["query"], row["owner"]) for row in rows]


_STORED = tuple(one.name for one in EDITED.values())
_SELECT = f"SELECT id, {', '.join(_STORED)} FROM ticket WHERE id IN :ids"  # noqa: S608 - constants
_OWN = (
    "SELECT DISTINCT d.name FROM device d JOIN ticket t ON t.requester_id = d.person_id "
    "WHERE t.id IN :ids ORDER BY d.name"
)


def sheet(database: Database, numbers: Sequence[int]) -> TicketSheet:
    """Give what all of some tickets have, and what their facts may be."""
    known = fields(database, of_tickets(database, numbers).values())
    rows = database.all(_SELECT, ids=numbers)
    texts = [_texts(database, row) for row in rows]
    values = [held.fields_of(database, row["id"]) for row in rows]
    named = [name for name, one in EDITED.items() if one.edit and one.edit.kind == "name"]
    options = {name: tuple(known_names(database, name)) for name in named}
    own = [row["name"] for row in database.all(_OWN, ids=numbers)]
    return TicketSheet(
        texts={name: _same(one[name] for one in texts) for name in EDITED},
        options=options | {"device": tuple(dict.fromkeys((*own, *options["device"])))},
        fields=known,
        values={one.name: _same(each.get(one.name, "") for each in values) for one in known},
    )


def _texts(database: Database, row: Row) -> Mapping[str, str]:
    return {
        name: _typed(database, one.edit or Edit(name), one.name, read(one.name, row[one.name]))
        for name, one in EDITED.items()
    }


def _typed(database: Database, edit: Edit, column: str, value: object) -> str:
    """Give a stored value as a person would type it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.astimezone(desk_zone(database)).strftime("%Y-%m-%d %H:%M")
    if edit.name == "requester":
        return held.name_of_person(database, int(str(value)))
    if column in held.NAMED:
        return held.names(database, column, [int(str(value))]).get(int(str(value)), "")
    return str(value)


def _same(texts: Iterable[str]) -> str:
    """Give what is the same in all of them; empty where they differ."""
    found = set(texts)
    return found.pop() if len(found) == 1 else ""
