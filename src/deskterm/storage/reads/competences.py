"""Reads of who knows what: competences, demand, what closed tickets say of whom."""

import json
from collections.abc import Mapping
from datetime import datetime

from deskterm.domain.competences import Able, Known
from deskterm.reports.figures import OPENED
from deskterm.storage.driver import Database
from deskterm.storage.reads import measures, records


def competence_of(database: Database, login: str, category: int) -> int | None:
    """Give the number of what is said of a technician and a category, or None."""
    row = database.one(
        "SELECT id FROM competence WHERE login = :login AND category_id = :category",
        login=login,
        category=category,
    )
    return int(row["id"]) if row else None


def of_category(database: Database, category: int) -> dict[str, tuple[int, int]]:
    """Give login → (number, level) of whoever knows a category."""
    rows = database.all(
        "SELECT id, login, level FROM competence WHERE category_id = :id", id=category
    )
    return {row["login"]: (int(row["id"]), int(row["level"])) for row in rows}


def of_login(database: Database, login: str) -> dict[int, tuple[int, int]]:
    """Give category → (number, level) of what a technician knows."""
    rows = database.all(
        "SELECT id, category_id, level FROM competence WHERE login = :login", login=login
    )
    return {int(row["category_id"]): (int(row["id"]), int(row["level"])) for row in rows}


def technicians(database: Database, now: datetime) -> list[Able]:
    """Give the technicians that work here, by login, with what they know and do."""
    known: dict[str, list[Known]] = {}
    for row in database.all(
        "SELECT k.login, c.path, k.level, k.source FROM competence k "
        "JOIN category c ON c.id = k.category_id WHERE c.active = TRUE ORDER BY k.login, c.path"
    ):
        one = Known(row["login"], row["path"], row["level"], row["source"])
        known.setdefault(one.login, []).append(one)
    roles = {
        row["login"]: json.loads(row["roles"])
        for row in database.all("SELECT login, roles FROM technician")
    }
    return [
        Able(
            one.login,
            one.name,
            one.level,
            roles[one.login],
            one.groups,
            known.get(one.login, ()),
            one.off_until,
            one.deputy,
        )
        for one in records.technicians(database, now)
        if one.active
    ]


def demand(database: Database, which: measures.Which) -> dict[str, int]:
    """Give category → tickets logged in a period; those without one are left out."""
    names = measures.names(database, "category")
    found = measures.counts(database, OPENED, ("counted",), which._replace(split="category"))
    return {names[part]: each["counted"][0] for part, each in found.items() if part in names}


def owners(database: Database) -> dict[str, str]:
    """Give category → the group that its tickets go to."""
    return {one.path: one.group for one in records.categories(database) if one.group}


def solved(database: Database, low: datetime, high: datetime) -> Mapping[tuple[str, str], int]:
    """Give (login, category) → tickets that they had when these were solved for good."""
    rows = database.all(
        "SELECT t.assignee, c.path, count(*) AS n FROM measure m "
        "JOIN ticket t ON t.id = m.ticket_id JOIN category c ON c.id = t.category_id "
        "WHERE m.closed_at >= :low AND m.closed_at < :high AND m.counted = 1 "
        "AND t.assignee IS NOT NULL AND t.outcome = 'solved' AND t.state = 'closed' "
        "AND COALESCE(m.reopened, 0) = 0 AND c.active = TRUE GROUP BY t.assignee, c.path",
        low=low,
        high=high,
    )
    return {(row["assignee"], row["path"]): int(row["n"]) for row in rows}
