"""Whom a letter about a ticket goes to: first addresses, and since when letters come back."""

from datetime import datetime
from typing import NamedTuple

from deskterm.storage.driver import Database, Row, moment_or_none
from deskterm.storage.phrases import MAIN_ADDRESS

_WHO = f"SELECT p.id, p.name, a.address, a.broken_since FROM person p JOIN {MAIN_ADDRESS}"  # noqa: S608 - constants


class Recipient(NamedTuple):
    """A person and the address they get letters at."""

    id: int
    name: str
    address: str
    broken_since: datetime | None
    """Since when letters only come back from it."""


def recipients(database: Database, ticket: int, requester: int | None) -> list[Recipient]:
    """Give the requester and the watchers of a ticket who have an address."""
    rows = database.all(
        f"{_WHO} WHERE p.id = :requester "  # noqa: S608 - constants
        "OR p.id IN (SELECT person_id FROM watcher WHERE ticket_id = :ticket) ORDER BY p.id",
        requester=requester,
        ticket=ticket,
    )
    return [_recipient(row) for row in rows]


def recipient(database: Database, person: int | None) -> Recipient | None:
    """Give one person with their first address; None where none is known."""
    row = database.one(f"{_WHO} WHERE p.id = :person", person=person)
    return _recipient(row) if row else None


def concerns(database: Database, ticket: int, address: str) -> bool:
    """Tell whether an address is that ticket's requester's or one of its watchers'."""
    row = database.one(
        "SELECT 1 AS yes FROM person_address a WHERE a.address = :address AND (a.person_id = "
        "(SELECT requester_id FROM ticket WHERE id = :id) OR a.person_id IN "
        "(SELECT person_id FROM watcher WHERE ticket_id = :id))",
        address=address,
        id=ticket,
    )
    return row is not None


def own_address(database: Database, login: str) -> str:
    """Give a technician's own address in lower case, or nothing."""
    row = database.one(
        "SELECT lower(email) AS email FROM technician WHERE login = :login", login=login
    )
    return str(row["email"]) if row else ""


def staff_addresses(database: Database) -> dict[str, str]:
    """Give login → own address in lower case, or nothing, of everybody who works here now."""
    rows = database.all(
        "SELECT login, lower(email) AS email FROM technician WHERE active ORDER BY login"
    )
    return {row["login"]: row["email"] for row in rows}


def _recipient(row: Row) -> Recipient:
    return Recipient(row["id"], row["name"], row["address"], moment_or_none(row["broken_since"]))
