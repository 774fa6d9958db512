"""Whom a letter about a ticket goes to: first addresses, and since when letters come back."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from deskterm.storage.driver import Database, Question, Row, moment_or_none
from deskterm.storage.phrases import MAIN_ADDRESS

_WHO = f"SELECT p.id, p.name, a.address, a.broken_since FROM person p JOIN {MAIN_ADDRESS}"  # noqa: S608 - constants


_CONCERNED = (
    "SELECT c.ticket, p.id, p.name, a.address, a.broken_since FROM "  # noqa: S608 - constants
    "(SELECT id AS ticket, requester_id AS person FROM ticket WHERE id IN :tickets "
    "UNION SELECT ticket_id, person_id FROM watcher WHERE ticket_id IN :tickets) c "
    f"JOIN person p ON p.id = c.person JOIN {MAIN_ADDRESS} ORDER BY c.ticket, p.id"
)


class Recipient(NamedTuple):
    """A person and the address they get letters at."""

    id: int
    name: str
    address: str
    broken_since: datetime | None
    """Since when letters only come back from it."""


def recipients_asked(tickets: Sequence[int]) -> Question:
    """Give what asks for the requesters and watchers of tickets who have an address."""
    return _CONCERNED, {"tickets": tickets}


def recipients(rows: Sequence[Row]) -> dict[int, list[Recipient]]:
    """Give ticket → whom it concerns, from the answer."""
    found: dict[int, list[Recipient]] = {}
    for row in rows:
        found.setdefault(row["ticket"], []).append(_recipient(row))
    return found


def people_asked(numbers: Sequence[int]) -> Question:
    """Give what asks for people with their main addresses; whoever has none is left out."""
    return f"{_WHO} WHERE p.id IN :people ORDER BY p.id", {"people": numbers}


def people(rows: Sequence[Row]) -> list[Recipient]:
    """Give the people, from the answer."""
    return [_recipient(row) for row in rows]


def recipient(database: Database, person: int | None) -> Recipient | None:
    """Give one person with their main address; None where none is known."""
    row = database.one(f"{_WHO} WHERE p.id = :person", person=person)
    return _recipient(row) if row else None


def people_of(database: Database, addresses: Sequence[str]) -> dict[str, Recipient]:
    """Give any address of people → whose it is, with their main address."""
    rows = database.all(
        "SELECT other.address AS known, w.* FROM person_address other "  # noqa: S608 - constants
        f"JOIN ({_WHO}) w ON w.id = other.person_id WHERE other.address IN :addresses",
        addresses=addresses,
    )
    return {row["known"]: _recipient(row) for row in rows}


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
