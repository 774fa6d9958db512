"""Reads of the desk's own records, for screens and commands."""

import json
from datetime import datetime

from deskterm.domain.in_hand import AbsenceRow
from deskterm.domain.records import CategoryRow, FieldRow, GroupRow, TechnicianRow, ViewRow
from deskterm.storage.driver import Database, moment_or_none
from deskterm.storage.reads.in_hand import off


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
    rows = database.all("SELECT id, name, level FROM desk_group ORDER BY level, name")
    return [
        GroupRow(row["id"], row["name"], row["level"], tuple(members.get(row["id"], ())))
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


def fields(database: Database) -> list[FieldRow]:
    """Give the desk's own fields in their order."""
    rows = database.all(
        "SELECT name, label, choices, required_for FROM field_definition ORDER BY position, name"
    )
    return [
        FieldRow(row["name"], row["label"], tuple(json.loads(row["choices"])), row["required_for"])
        for row in rows
    ]


def views(database: Database, me: str) -> list[ViewRow]:
    """Give the saved views of a technician and of everyone."""
    rows = database.all(
        "SELECT name, query, owner FROM saved_view WHERE owner IN ('', :me) ORDER BY position, id",
        me=me,
    )
    return [ViewRow(row["name"], row["query"], row["owner"]) for row in rows]
