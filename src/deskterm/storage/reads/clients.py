"""To which client things belong: the one home of that question in SQL.

The rule itself is `domain/clients.py`; a ticket is its requester's organisation's, unless it was
left to another one (`ticket.organisation_id`).
"""

from collections.abc import Collection
from typing import NamedTuple

from deskterm.domain.clients import NO_WALLS, Clients
from deskterm.storage.driver import Database
from deskterm.storage.phrases import OF_TICKET

_SOLUTIONS = (
    "SELECT s.id, CASE WHEN s.audience = 'public' THEN NULL ELSE s.organisation_id END AS whose "
    "FROM solution s"
)
"""What was published for all after the leak check is nobody's."""


def clients(database: Database) -> Clients:
    """Give the clients; none where no other organisation is there from which one is kept apart."""
    several = (
        "(SELECT count(*) > 1 FROM organisation)"
        if database.dialect == "sqlite"
        else "deskterm_walls()"  # also for whoever sees one of them
    )
    rows = database.all(
        f"SELECT id, name, client, {several} AS walls FROM organisation ORDER BY id"  # noqa: S608 - constants
    )
    if not rows or not rows[0]["walls"]:
        return NO_WALLS
    return Clients({row["id"]: row["name"] for row in rows if row["client"]})


class ClientFace(NamedTuple):
    """How the desk presents itself to a client's people; empty: as to everybody."""

    address: str
    desk_name: str
    mission: str
    greeting: str


def client_face(database: Database, organisation: int | None) -> ClientFace | None:
    """Give how the desk presents itself to an organisation's people; None: there is none."""
    row = database.one(
        "SELECT address, desk_name, mission, greeting FROM organisation WHERE id = :id",
        id=organisation,
    )
    return ClientFace(*(row[name] for name in ClientFace._fields)) if row else None


def addresses(database: Database) -> list[str]:
    """Give the addresses from which letters to clients come: mail to them is the desk's."""
    rows = database.all("SELECT address FROM organisation WHERE address <> '' ORDER BY id")
    return [row["address"] for row in rows]


def is_client(database: Database, organisation: int | None) -> bool:
    """Tell whether an organisation is marked as a client, be there walls or not."""
    row = database.one("SELECT client FROM organisation WHERE id = :id", id=organisation)
    return row is not None and bool(row["client"])


def sees_all(database: Database) -> bool:
    """Tell whether this login sees every row: nothing is kept from it by group or client."""
    if database.dialect == "sqlite":
        return True
    return bool(database.returned("SELECT deskterm_sees_all() AS all_of_it")["all_of_it"])


def kept_to(database: Database, organisation: int) -> list[str]:
    """Give the logins that see this client, and not everything."""
    rows = database.all(
        "SELECT login FROM allowed_client WHERE organisation_id = :id ORDER BY login",
        id=organisation,
    )
    return [str(row["login"]) for row in rows]


def of_tickets(database: Database, numbers: Collection[int]) -> dict[int, int | None]:
    """Give ticket → the organisation it belongs to."""
    rows = database.all(
        f"SELECT t.id, {OF_TICKET} AS whose FROM ticket t WHERE t.id IN :ids",  # noqa: S608 - constants
        ids=sorted(numbers),
    )
    return {row["id"]: row["whose"] for row in rows}


def of_ticket(database: Database, number: int) -> int | None:
    """Give the organisation a ticket belongs to."""
    return of_tickets(database, [number]).get(number)


def of_person(database: Database, person: int | None) -> int | None:
    """Give the organisation of a person."""
    return of_people(database, [person]).get(person) if person is not None else None


def of_people(database: Database, people: Collection[int]) -> dict[int, int | None]:
    """Give person → their organisation."""
    rows = database.all("SELECT id, organisation_id FROM person WHERE id IN :ids", ids=people)
    return {row["id"]: row["organisation_id"] for row in rows}


def of_solutions(database: Database, numbers: Collection[int]) -> dict[int, int | None]:
    """Give solution → the organisation it belongs to."""
    rows = database.all(f"{_SOLUTIONS} WHERE s.id IN :ids", ids=numbers)
    return {row["id"]: row["whose"] for row in rows}


def of_problems(database: Database, numbers: Collection[int]) -> dict[int, int | None]:
    """Give problem → the organisation it belongs to."""
    rows = database.all("SELECT id, organisation_id FROM problem WHERE id IN :ids", ids=numbers)
    return {row["id"]: row["organisation_id"] for row in rows}


def owned_problems(database: Database) -> dict[int, int]:
    """Give problem → organisation, of those that belong to one."""
    rows = database.all("SELECT id, organisation_id FROM problem WHERE organisation_id IS NOT NULL")
    return {row["id"]: row["organisation_id"] for row in rows}


def of_all_tickets(database: Database, numbers: Collection[int]) -> int | None:
    """Give the one organisation that all these tickets belong to; None where they have not one."""
    found = set(of_tickets(database, numbers).values())
    return found.pop() if len(found) == 1 else None


def owned_solutions(database: Database) -> dict[int, int | None]:
    """Give every solution → the organisation it belongs to."""
    rows = database.all(_SOLUTIONS)
    return {row["id"]: row["whose"] for row in rows}


def beside(database: Database, whose: int | None, tickets: Collection[int]) -> set[int]:
    """Give those of the tickets that stand beside what belongs to an organisation: of its client.

    All of them where nothing is kept apart.
    """
    known = clients(database)
    if not known.walls:
        return set(tickets)
    found = of_tickets(database, tickets)
    return {number for number, one in found.items() if known.same(one, whose)}
