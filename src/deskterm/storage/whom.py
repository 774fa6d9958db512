"""Who is to be forgotten, or given what is known of them: names, addresses, words, all theirs."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from deskterm.domain.veil import Veil
from deskterm.storage.driver import Database
from deskterm.storage.phrases import OF_TICKET
from deskterm.storage.row_kinds import ROW_KINDS


class Whom(NamedTuple):
    """Who is to be forgotten, and what is theirs."""

    people: tuple[int, ...]
    """Their numbers: those that were merged into them too, themselves first."""
    veil: Veil
    tickets: tuple[int, ...]
    """Those that they reported."""
    solutions: frozenset[int] = frozenset()
    """Those that were drafted from these."""
    owned: Mapping[str, frozenset[int]] = {}
    """Ledger kind → what belongs to a client that is forgotten as a whole."""


def whom(database: Database, asked: Sequence[int], tickets: Iterable[int] = ()) -> Whom:
    """Give what is to be known of people: every name and address they ever had, their tickets."""
    people = (*asked, *sorted(_merged_into(database, asked)))
    names: set[str] = set()
    addresses: set[str] = set()
    phones: set[str] = set()
    for row in database.all("SELECT name, phone FROM person WHERE id IN :ids", ids=people):
        names.add(row["name"])
        phones.add(row["phone"])
    for row in database.all(
        "SELECT address FROM person_address WHERE person_id IN :ids", ids=people
    ):
        addresses.add(row["address"])
    for changes in _told(database, "person", people):
        for key, values in changes.items():
            said = {str(one) for one in values if one}
            names |= said if key == "name" else set()
            phones |= said if key == "phone" else set()
            addresses |= {key.partition(".")[2]} if key.startswith("address.") else set()
    rows = database.all("SELECT id FROM ticket WHERE requester_id IN :ids", ids=people)
    theirs = sorted({row["id"] for row in rows} | {*tickets})
    veil = Veil(people[0] if people else 0, names, addresses, phones)
    drafted = database.all("SELECT id FROM solution WHERE source_ticket_id IN :ids", ids=theirs)
    return Whom(people, veil, tuple(theirs), frozenset(row["id"] for row in drafted))


MERGED = (
    "WITH RECURSIVE merged (id) AS (SELECT id FROM person WHERE id IN {ids} UNION SELECT p.id "
    "FROM merged m JOIN ledger s ON s.kind = 'person' AND s.subject_id = m.id "
    "JOIN operation o ON o.id = s.operation_id AND o.kind LIKE 'merge%' "
    "JOIN ledger g ON g.operation_id = o.id AND g.kind = 'person' "
    "JOIN person p ON p.id = g.subject_id WHERE NOT p.active AND NOT EXISTS "
    "(SELECT 1 FROM person_address a WHERE a.person_id = p.id))"
)
"""Somebody and who was merged into them; a server asks the same (rights/retaining.sql)."""


def _merged_into(database: Database, people: Sequence[int]) -> set[int]:
    """Give the people who were merged into others: they have nothing left but a name."""
    asked = MERGED.replace("{ids}", ":ids")
    rows = database.all(f"{asked} SELECT id FROM merged", ids=people)  # noqa: S608 - constants
    return {row["id"] for row in rows} - {*people}


def _told(
    database: Database, kind: str, numbers: Sequence[int]
) -> Iterator[dict[str, list[object]]]:
    for row in database.all(
        "SELECT changes FROM ledger WHERE kind = :kind AND subject_id IN :ids",
        kind=kind,
        ids=numbers,
    ):
        yield json.loads(row["changes"])


def technician_with(database: Database, one: Whom) -> str | None:
    """Give the login of somebody who works here and has one of these addresses."""
    row = database.one(
        "SELECT login FROM technician WHERE active AND lower(email) IN :addresses ORDER BY login",
        addresses=[word for word in one.veil.signs if "@" in word],
    )
    return str(row["login"]) if row else None


OWNED = ("solution", "problem", "announcement", "guide", "text", "improvement")
"""Kinds of the ledger that may belong to a client."""


def client(database: Database, organisation: int) -> Whom:
    """Give what is to be known of a client: its people, its tickets, what it owns."""
    people = database.all(
        "SELECT id FROM person WHERE organisation_id = :id ORDER BY id", id=organisation
    )
    tickets = database.all(
        f"SELECT t.id FROM ticket t WHERE {OF_TICKET} = :id",  # noqa: S608 - constants
        id=organisation,
    )
    one = whom(database, [row["id"] for row in people], [row["id"] for row in tickets])
    owned = {
        kind: frozenset(
            row["id"]
            for row in database.all(
                f"SELECT id FROM {ROW_KINDS[kind].table} WHERE organisation_id = :id",  # noqa: S608 - declared
                id=organisation,
            )
        )
        for kind in OWNED
    }
    whole = frozenset({organisation, *_organisations_into(database, organisation)})
    return one._replace(owned={**owned, "organisation": whole})


def _organisations_into(database: Database, organisation: int) -> set[int]:
    """Give the organisations that were merged into one, and into these: no row is left of them."""
    found: set[int] = set()
    fresh = {organisation}
    while fresh:
        rows = database.all(
            "SELECT DISTINCT g.subject_id AS id FROM ledger s JOIN operation o "
            "ON o.id = s.operation_id AND o.kind = 'merge organisation' JOIN ledger g "
            "ON g.operation_id = o.id AND g.kind = 'organisation' WHERE s.kind = 'organisation' "
            "AND s.subject_id IN :ids AND NOT EXISTS "
            "(SELECT 1 FROM organisation x WHERE x.id = g.subject_id)",
            ids=fresh,
        )
        fresh = {row["id"] for row in rows} - found
        found |= fresh
    return found


File = tuple[str, bytes]
"""Its name, and what is in it."""


def said(
    database: Database, people: Sequence[int], tickets: Sequence[int]
) -> list[dict[str, object]]:
    """Give what they said on tickets of others, and what the ledger tells of themselves."""
    rows = database.all(
        "SELECT at, actor, kind, subject_id, event, text, changes FROM ledger "
        "WHERE (person_id IN :people AND NOT (kind = 'ticket' AND subject_id IN :tickets)) "
        "OR (kind = 'person' AND subject_id IN :people) ORDER BY id",
        people=people,
        tickets=tickets,
    )
    return [{name: row[name] for name in row.keys()} for row in rows]  # noqa: SIM118 - a row is no mapping


def files(
    database: Database, people: Sequence[int], tickets: Sequence[int], addresses: Sequence[str]
) -> dict[str, list[File]]:
    """Give kind → files: mails they sent, letters to them, attachments of their tickets."""
    mails = database.all(
        "SELECT i.id, b.bytes FROM inbox i JOIN blob b ON b.sha256 = i.sha256 "
        "WHERE lower(i.sender) IN :addresses OR lower(i.envelope_from) IN :addresses ORDER BY i.id",
        addresses=addresses,
    )
    letters = database.all(
        "SELECT o.id, b.bytes FROM outbox o JOIN blob b ON b.sha256 = o.sha256 "
        "WHERE o.person_id IN :people OR lower(o.recipient) IN :addresses ORDER BY o.id",
        people=people,
        addresses=addresses,
    )
    attached = database.all(
        "SELECT a.name, b.bytes FROM attachment a JOIN blob b ON b.sha256 = a.sha256 "
        "WHERE a.ticket_id IN :tickets ORDER BY a.id",
        tickets=tickets,
    )
    return {
        "mails": [(f"{row['id']}.eml", bytes(row["bytes"])) for row in mails],
        "letters": [(f"{row['id']}.eml", bytes(row["bytes"])) for row in letters],
        "files": [(row["name"], bytes(row["bytes"])) for row in attached],
    }


def owned(
    database: Database, numbers: Mapping[str, Collection[int]]
) -> dict[str, list[dict[str, object]]]:
    """Give kind → the rows of it that belong to a client, whole."""
    found = {}
    for kind, ids in numbers.items():
        shape = ROW_KINDS[kind]
        names = ("id", *shape.columns)
        rows = database.all(
            f"SELECT {', '.join(names)} FROM {shape.table} WHERE id IN :ids ORDER BY id",  # noqa: S608 - declared
            ids=sorted(ids),
        )
        found[kind] = [{name: row[name] for name in names} for row in rows]
    return found
