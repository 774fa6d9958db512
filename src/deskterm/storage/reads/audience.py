"""Who an audience is: people that a query finds, and why one of them gets no letter (§13)."""

from collections.abc import Sequence
from typing import Any

from deskterm.domain.audience import Member, why_not
from deskterm.storage.driver import Database, Row
from deskterm.storage.phrases import MAIN_ADDRESS
from deskterm.storage.reads.clients import clients, of_people
from deskterm.storage.reads.where_people import where_people
from deskterm.triage.query import Query

_WHO = (
    f"SELECT p.id, p.name, p.news, a.address, a.broken_since FROM person p LEFT JOIN {MAIN_ADDRESS}"  # noqa: S608 - constants
)


def members(database: Database, query: Query, *, despite: bool = False) -> list[Member]:
    """Give the people an audience is, by name; `despite`: also those who want no news are written
    to. Merged and forgotten people are nobody's audience. Raises QueryError.
    """
    condition, given = where_people(database, query)
    rows = database.all(
        f"{_WHO} WHERE p.active AND {condition} ORDER BY lower(p.name), p.id", **given
    )
    return [member(row, despite=despite) for row in rows]


def some(database: Database, people: Sequence[int], *, despite: bool = False) -> list[Member]:
    """Give these people as members of an audience."""
    rows = database.all(f"{_WHO} WHERE p.active AND p.id IN :ids ORDER BY p.id", ids=people)
    return [member(row, despite=despite) for row in rows]


def within(database: Database, organisation: int | None, found: Sequence[Member]) -> list[Member]:
    """Leave out people of other clients, where what is told them is one client's."""
    known = clients(database)
    if known.whose(organisation) is None:
        return list(found)
    whose = of_people(database, [one.person_id for one in found])
    return [one for one in found if known.reaches(organisation, whose[one.person_id])]


def fits(database: Database, query: Query, person: int) -> bool:
    """Tell whether somebody belongs to an audience; raises QueryError."""
    condition, given = where_people(database, query)
    row = database.one(
        f"SELECT 1 AS yes FROM person p WHERE p.id = :person_ AND {condition}",  # noqa: S608 - compiled
        person_=person,
        **given,
    )
    return row is not None


def numbers(database: Database, query: Query, limit: int) -> list[int]:
    """Give the numbers of so many active people that a query finds, by name."""
    condition, given = where_people(database, query)
    rows = database.all(
        f"SELECT p.id FROM person p WHERE p.active AND {condition} "  # noqa: S608 - compiled
        "ORDER BY lower(p.name), p.id LIMIT :most_",
        most_=limit,
        **given,
    )
    return [row["id"] for row in rows]


def member(row: "Row | dict[str, Any]", *, despite: bool = False) -> Member:
    """Give a row as a member, with why they get no letter."""
    news = despite or bool(row["news"])
    return Member(
        row["id"],
        row["name"],
        row["address"] or "",
        why_not(news=news, address=row["address"], broken=row["broken_since"]),
    )
