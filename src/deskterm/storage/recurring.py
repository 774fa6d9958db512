"""Recurring tickets: the rules that are in use, and which of their dates are done."""

from collections.abc import Iterable

from deskterm.domain.errors import NotFoundError
from deskterm.domain.means import RecurringRow
from deskterm.storage.driver import Database, as_row

_ROW = (
    "SELECT r.id, r.name, r.rule, r.first_day, r.since_day, r.template_id, r.person_id, "
    "r.calendar_id, r.off, r.ahead, r.trouble FROM recurring r"
)


def in_use(database: Database) -> list[RecurringRow]:
    """Give the rules that open tickets, by name."""
    rows = database.all(
        f"{_ROW} WHERE r.active AND r.rule <> '' AND r.template_id IS NOT NULL "
        "AND r.person_id IS NOT NULL ORDER BY r.name, r.id"
    )
    return [as_row(RecurringRow, row) for row in rows]


def one(database: Database, number: int) -> RecurringRow:
    """Give one rule, in use or not; raises NotFoundError."""
    row = database.one(f"{_ROW} WHERE r.id = :id", id=number)
    if row is None:
        raise NotFoundError(f"there is no recurring ticket {number}; see `recurring list`.")
    return as_row(RecurringRow, row)


def made(database: Database, number: int, since: str) -> dict[str, int]:
    """Give day → ticket of the dates that are done, from a day on."""
    rows = database.all(
        "SELECT day, ticket_id FROM recurring_made WHERE recurring_id = :id AND day >= :since",
        id=number,
        since=since,
    )
    return {row["day"]: row["ticket_id"] for row in rows}


def keep_made(database: Database, number: int, days: Iterable[str], ticket: int) -> int:
    """Keep that dates are done; gives how many were not done before."""
    return sum(
        database.run(
            "INSERT INTO recurring_made (recurring_id, day, ticket_id) "
            "VALUES (:id, :day, :ticket) ON CONFLICT DO NOTHING",
            id=number,
            day=day,
            ticket=ticket,
        )
        for day in days
    )


def keep_trouble(database: Database, number: int, trouble: str) -> None:
    """Keep why a ticket could not be opened; empty: all is well."""
    database.run(
        "UPDATE recurring SET trouble = :trouble WHERE id = :id", id=number, trouble=trouble
    )
