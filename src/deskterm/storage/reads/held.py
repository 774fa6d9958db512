"""What verbs and pages ask about single tickets: small questions, each with one answer."""

import json
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from deskterm.domain.rows import Ending
from deskterm.storage.driver import Database
from deskterm.storage.phrases import OF_TICKET

NAMED = {
    "category_id": "SELECT id, path AS name FROM category WHERE id IN :ids",
    "service_id": "SELECT id, name FROM service WHERE id IN :ids",
    "group_id": "SELECT id, name FROM desk_group WHERE id IN :ids",
    "device_id": "SELECT id, name FROM device WHERE id IN :ids",
    "requester_id": "SELECT id, name FROM person WHERE id IN :ids",
}
"""Column of a ticket → what its numbers mean."""


class Opening(NamedTuple):
    """How a ticket of a timeline began: its own, or one that was merged into it."""

    ticket: int
    subject: str
    body: str
    channel: str
    requester: str


class Message(NamedTuple):
    """An entry of a ticket, as far as parting it from the rest needs."""

    id: int
    event: str
    text: str
    person_id: int | None


class Tie(NamedTuple):
    """A link as it is stored: from one ticket to another."""

    ticket: int
    kind: str
    other: int


def names(database: Database, column: str, numbers: Collection[int]) -> dict[int, str]:
    """Give the name of each number that a column holds; unknown ones are left out."""
    rows = database.all(NAMED[column], ids=numbers)
    return {row["id"]: row["name"] for row in rows}


def times(database: Database, ticket: int) -> list[int]:
    """Give the numbers of a ticket's entries of time, in order."""
    rows = database.all("SELECT id FROM time_entry WHERE ticket_id = :id ORDER BY id", id=ticket)
    return [row["id"] for row in rows]


def openings(database: Database, entries: Sequence[int]) -> Mapping[int, Opening]:
    """Give, by ledger entry, what was said when its ticket was opened."""
    rows = database.all(
        "SELECT l.id AS entry, t.id, t.subject, t.body, t.channel, p.name "
        "FROM ledger l JOIN ticket t ON t.id = l.subject_id "
        "LEFT JOIN person p ON p.id = t.requester_id "
        "WHERE l.kind = 'ticket' AND l.id IN :ids",
        ids=entries,
    )
    return {
        row["entry"]: Opening(
            row["id"], row["subject"], row["body"], row["channel"], row["name"] or ""
        )
        for row in rows
    }


def people_told(database: Database, tickets: Sequence[int]) -> int:
    """Give how many people a public change of these tickets would write to."""
    row = database.returned(
        f"SELECT count(DISTINCT a.person_id) AS n {_TOLD}",
        ids=tickets,
    )
    return int(row["n"])


def addresses_told(database: Database, tickets: Sequence[int]) -> list[str]:
    """Give the addresses that a public change of these tickets would write to."""
    rows = database.all(
        f"SELECT DISTINCT a.address {_TOLD} ORDER BY a.address",
        ids=tickets,
    )
    return [row["address"] for row in rows]


_TOLD = (
    "FROM person_address a "
    "WHERE a.position = 0 AND (a.person_id IN (SELECT requester_id FROM ticket "
    "WHERE id IN :ids) OR a.person_id IN "
    "(SELECT person_id FROM watcher WHERE ticket_id IN :ids))"
)


def attachment(database: Database, number: int) -> tuple[str, bytes] | None:
    """Give (foreign name, bytes) of a file."""
    row = database.one(
        "SELECT a.name, b.bytes FROM attachment a JOIN blob b ON b.sha256 = a.sha256 "
        "WHERE a.id = :id",
        id=number,
    )
    return (str(row["name"]), bytes(row["bytes"])) if row else None


def first_entry(database: Database, ticket: int, event: str) -> int | None:
    """Give a ticket's oldest entry of an event."""
    row = database.returned(
        "SELECT min(id) AS id FROM ledger WHERE kind = 'ticket' AND subject_id = :id "
        "AND event = :event",
        id=ticket,
        event=str(event),
    )
    return None if row["id"] is None else int(row["id"])


def last_entry(database: Database, ticket: int, event: str) -> int | None:
    """Give a ticket's newest entry of an event."""
    row = database.returned(
        "SELECT max(id) AS id FROM ledger WHERE kind = 'ticket' AND subject_id = :id "
        "AND event = :event",
        id=ticket,
        event=str(event),
    )
    return None if row["id"] is None else int(row["id"])


def told_by(database: Database, ticket: int, event: str) -> list[tuple[int, Mapping[str, object]]]:
    """Give (entry, data) of a ticket's entries of an event, the newest first."""
    rows = database.all(
        "SELECT id, data FROM ledger WHERE kind = 'ticket' AND subject_id = :id "
        "AND event = :event ORDER BY id DESC",
        id=ticket,
        event=str(event),
    )
    return [(row["id"], json.loads(row["data"])) for row in rows]


def messages_from(database: Database, ticket: int, entry: int) -> list[Message]:
    """Give the entries of a ticket from one on, those that were moved to it included."""
    rows = database.all(
        "SELECT l.id, l.event, l.text, l.person_id FROM ledger l "
        "LEFT JOIN entry_place p ON p.entry_id = l.id "
        "WHERE l.kind = 'ticket' AND coalesce(p.ticket_id, l.subject_id) = :id "
        "AND l.id >= :entry ORDER BY l.id",
        id=ticket,
        entry=entry,
    )
    return [Message(row["id"], row["event"], row["text"], row["person_id"]) for row in rows]


def is_linked(database: Database, tie: Tie) -> bool:
    """Tell whether a link is there."""
    row = database.one(
        "SELECT other_id FROM link "
        "WHERE ticket_id = :ticket AND kind = :kind AND other_id = :other",
        **tie._asdict(),
    )
    return row is not None


def ties(database: Database, ticket: int) -> list[Tie]:
    """Give the links from and to a ticket."""
    rows = database.all(
        "SELECT ticket_id, kind, other_id FROM link WHERE ticket_id = :id OR other_id = :id",
        id=ticket,
    )
    return [Tie(row["ticket_id"], row["kind"], row["other_id"]) for row in rows]


def ending(database: Database, tickets: Collection[int]) -> Ending:
    """Give what is answered already of tickets that shall be closed."""
    from deskterm.domain.problems import PENDING

    row = database.returned(
        "SELECT count(*) AS n, count(CASE WHEN state = 'solved' THEN 1 END) AS solved, "
        "count(craft_proof) AS tested, count(customer_proof) AS said, "
        "max(reproduction) AS test FROM ticket WHERE id IN :ids",
        ids=tickets,
    )
    every = row["n"]
    test = (row["test"] or "") if every == 1 else ""
    problems = database.all(
        "SELECT x.problem_id FROM problem_ticket x JOIN problem q ON q.id = x.problem_id "
        "WHERE x.ticket_id IN :ids AND q.state IN :pending GROUP BY x.problem_id "
        "HAVING count(*) = :every ORDER BY x.problem_id",
        ids=tickets,
        every=every,
        pending=PENDING,
    )
    return Ending(
        solved=row["solved"] == every,
        tested=row["tested"] == every,
        said=row["said"] == every,
        test=test,
        problems=tuple(one["problem_id"] for one in problems),
    )


def requesters(database: Database, tickets: Collection[int]) -> dict[int, int | None]:
    """Give whose each of some tickets is."""
    rows = database.all("SELECT id, requester_id FROM ticket WHERE id IN :ids", ids=tickets)
    return {row["id"]: row["requester_id"] for row in rows}


def watchers(database: Database, ticket: int) -> set[int]:
    """Give the people who hear of a ticket beside its requester."""
    rows = database.all("SELECT person_id FROM watcher WHERE ticket_id = :id", id=ticket)
    return {row["person_id"] for row in rows}


def problems(database: Database, ticket: int) -> list[int]:
    """Give the problems that a ticket is of."""
    rows = database.all("SELECT problem_id FROM problem_ticket WHERE ticket_id = :id", id=ticket)
    return [row["problem_id"] for row in rows]


def merged_into(database: Database, ticket: int) -> list[int]:
    """Give the tickets that were merged into one."""
    rows = database.all("SELECT id FROM ticket WHERE merged_into = :id", id=ticket)
    return [row["id"] for row in rows]


def merge_of(database: Database, ticket: int) -> str | None:
    """Give the operation in which a ticket itself was merged, where it still is.

    When what it was merged into is merged on, it only gets another place to lead to.
    """
    row = database.one(
        "SELECT operation_id FROM ledger l WHERE kind = 'ticket' AND subject_id = :id "
        "AND event = 'merged' AND changes LIKE '%\"state\"%' AND NOT EXISTS "
        "(SELECT 1 FROM operation u WHERE u.undoes = l.operation_id) "
        "AND (SELECT state FROM ticket WHERE id = :id) = 'merged' "
        "ORDER BY id DESC LIMIT 1",
        id=ticket,
    )
    return row["operation_id"] if row else None


def merged_beside(database: Database, ticket: int, operation: str) -> list[int]:
    """Give the other tickets that were merged in the same operation, and still are."""
    rows = database.all(
        "SELECT DISTINCT l.subject_id FROM ledger l JOIN ticket t ON t.id = l.subject_id "
        "WHERE l.operation_id = :operation AND l.kind = 'ticket' AND l.event = 'merged' "
        "AND l.changes LIKE '%\"state\"%' AND l.subject_id <> :id AND t.state = 'merged' "
        "ORDER BY l.subject_id",
        operation=operation,
        id=ticket,
    )
    return [row["subject_id"] for row in rows]


def merged_later(database: Database, ticket: int, operation: str) -> list[int]:
    """Give through which tickets a ticket leads elsewhere since an operation merged it, in order.

    The last of them was merged last: its merge has to be taken back first.
    """
    rows = database.all(
        "SELECT DISTINCT m.subject_id, m.id FROM ledger l "
        "JOIN ledger m ON m.operation_id = l.operation_id AND m.kind = 'ticket' "
        "AND m.event = 'merged' AND m.changes LIKE '%\"state\"%' AND m.subject_id <> :id "
        "JOIN ticket t ON t.id = m.subject_id AND t.state = 'merged' "
        "WHERE l.kind = 'ticket' AND l.subject_id = :id AND l.event = 'merged' AND l.id > "
        "(SELECT max(id) FROM ledger WHERE operation_id = :operation AND subject_id = :id) "
        "AND NOT EXISTS (SELECT 1 FROM operation u WHERE u.undoes = l.operation_id) "
        "ORDER BY m.id",
        id=ticket,
        operation=operation,
    )
    return [row["subject_id"] for row in rows]


def next_callback(database: Database, ticket: int) -> int:
    """Give the number of a ticket's next call-back."""
    row = database.returned(
        "SELECT coalesce(max(number), 0) + 1 AS n FROM callback WHERE ticket_id = :id", id=ticket
    )
    return int(row["n"])


def earliest_callback(database: Database, ticket: int) -> int | None:
    """Give the number of the call-back that is due first."""
    row = database.one(
        "SELECT number FROM callback WHERE ticket_id = :id AND state = 'open' "
        "ORDER BY at, number LIMIT 1",
        id=ticket,
    )
    return row["number"] if row else None


_DECLARED = (
    "SELECT d.name, d.choices, d.organisation_id, o.name AS client FROM field_definition d "
    "LEFT JOIN organisation o ON o.id = d.organisation_id ORDER BY d.position, d.name"
)


def declared_fields(
    database: Database, whose: int | None
) -> tuple[dict[str, list[str]], dict[str, str]]:
    """Give the fields that a client's tickets may have, each with what it may be; empty: anything.

    And those that only tickets of another one have: name → that client.
    """
    rows = database.all(_DECLARED)
    foreign = {
        row["name"]: str(row["client"])
        for row in rows
        if row["organisation_id"] not in (None, whose)
    }
    known = {
        row["name"]: [str(one) for one in json.loads(row["choices"])]
        for row in rows
        if row["name"] not in foreign
    }
    return known, foreign


def fields_of(database: Database, ticket: int) -> dict[str, str]:
    """Give a ticket's fields of the desk's own: name → value."""
    rows = database.all("SELECT name, value FROM field_value WHERE ticket_id = :id", id=ticket)
    return {row["name"]: row["value"] for row in rows}


_NEEDED = (
    "SELECT d.name, d.required_for, coalesce(c.path, '') AS path, coalesce(s.name, '') AS service "  # noqa: S608 - constants
    "FROM field_definition d LEFT JOIN category c ON c.id = :category "
    "LEFT JOIN service s ON s.id = :service WHERE d.required_for <> '' "
    "AND (d.organisation_id IS NULL OR d.organisation_id = "
    f"(SELECT {OF_TICKET} FROM ticket t WHERE t.id = :id)) "
    "AND NOT EXISTS (SELECT 1 FROM field_value v WHERE v.ticket_id = :id AND v.name = d.name) "
    "ORDER BY d.position, d.name"
)


def missing_fields(
    database: Database, ticket: int, category: int | None, service: int | None
) -> list[tuple[str, str]]:
    """Give (field, category or service that needs it) of what a ticket still lacks (A6)."""
    from deskterm.domain.choices import needs

    rows = database.all(_NEEDED, category=category, service=service, id=ticket)
    needed = [
        (row["name"], needs(row["required_for"], row["path"], row["service"])) for row in rows
    ]
    return [(name, what) for name, what in needed if what]


def has_open_items(database: Database, ticket: int) -> bool:
    """Tell whether items of its checklists must still be done before it is solved."""
    row = database.one(
        "SELECT 1 AS there FROM checklist_item WHERE ticket_id = :id AND required "
        "AND done_by IS NULL LIMIT 1",
        id=ticket,
    )
    return row is not None


def group_of_category(database: Database, category: int) -> int | None:
    """Give the group that a category's tickets go to."""
    row = database.one("SELECT group_id FROM category WHERE id = :id", id=category)
    return row["group_id"] if row else None


def level_of_group(database: Database, group: int) -> int:
    """Give the level of a group; 1 where it is unknown."""
    row = database.one("SELECT level FROM desk_group WHERE id = :id", id=group)
    return int(row["level"]) if row else 1


def name_of_person(database: Database, person: int) -> str:
    """Give a person's name, or nothing."""
    row = database.one("SELECT name FROM person WHERE id = :id", id=person)
    return str(row["name"]) if row else ""


def has_rules(database: Database) -> bool:
    """Tell whether the desk has a rule that is asked."""
    return database.one("SELECT 1 AS n FROM rule WHERE active LIMIT 1") is not None


def is_problem(database: Database, number: int) -> bool:
    """Tell whether there is a problem of that number."""
    return database.one("SELECT id FROM problem WHERE id = :id", id=number) is not None


def asked_by(database: Database, entry: int) -> int:
    """Give the entry whose question a ledger entry asks again, else the entry itself."""
    row = database.one("SELECT data FROM ledger WHERE id = :id", id=entry)
    return int(json.loads(row["data"]).get("asked", entry)) if row else entry
