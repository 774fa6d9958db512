"""Solutions by plain SQL: rows, history, what the leak check must know, tickets that read alike."""

import json
from collections.abc import Sequence
from typing import Any

from deskterm.domain.errors import NotFoundError
from deskterm.domain.problems import LIVE
from deskterm.domain.solutions import SolutionEdit, SolutionRow
from deskterm.storage.desk_settings import value
from deskterm.storage.driver import Database, Row, as_row
from deskterm.storage.phrases import OF_TICKET
from deskterm.storage.reads.timeline import undone_operations
from deskterm.storage.reads.where_text import has_index, is_rare, match_text
from deskterm.storage.search import indexable, tokens

_SELECT = """
SELECT s.id, s.version, s.title, s.symptoms, s.environment, s.cause, s.resolution, s.tip,
  s.confidence, s.audience, c.path AS category, o.name AS client, s.source_ticket_id,
  s.fixed_in, s.owner, s.review_by, s.created_at, s.updated_at, s.published_at, s.worked, s.failed,
  EXISTS (SELECT 1 FROM solution_use u
          WHERE u.solution_id = s.id AND NOT u.worked AND u.at > s.updated_at) AS flagged
FROM solution s LEFT JOIN category c ON c.id = s.category_id
LEFT JOIN organisation o ON o.id = s.organisation_id
"""
_LIVE = ", ".join(f"'{state}'" for state in LIVE)
LIKE_AMONG = 400
"""So many of the newest tickets that share a word are compared with a ticket."""


def all_rows(database: Database) -> list[SolutionRow]:
    """Give every solution, archived ones too, in the order of their numbers."""
    return [_row(row) for row in database.all(_SELECT + "ORDER BY s.id")]


def one_row(database: Database, number: int) -> SolutionRow:
    """Give one solution; raises NotFoundError."""
    row = database.one(_SELECT + "WHERE s.id = :id", id=number)
    if row is None:
        raise NotFoundError(f"there is no solution S{number}; see `deskterm solution list`.")
    return _row(row)


def of_ticket(database: Database, ticket: int) -> int | None:
    """Give the solution that was made of a ticket; archived ones do not count."""
    row = database.one(
        "SELECT id FROM solution WHERE source_ticket_id = :ticket AND confidence <> 'archived' "
        "ORDER BY id LIMIT 1",
        ticket=ticket,
    )
    return int(row["id"]) if row else None


def rows_of(database: Database, numbers: Sequence[int]) -> list[SolutionRow]:
    """Give some solutions in the order of their numbers' list; unknown ones are left out."""
    found = database.all(f"{_SELECT} WHERE s.id IN :ids", ids=numbers)
    rows = {row["id"]: _row(row) for row in found}
    return [rows[number] for number in numbers if number in rows]


def texts(database: Database) -> Sequence[Row]:
    """Give what the words of every solution are found by."""
    return database.all(
        "SELECT id, title, symptoms, environment, cause, resolution FROM solution ORDER BY id"
    )


def stamp(database: Database) -> tuple[int, str]:
    """Give what changes whenever a solution's words do: how many there are, and the last change."""
    row = database.one("SELECT count(*) AS n, max(updated_at) AS last FROM solution")
    return (row["n"], str(row["last"])) if row else (0, "")


def _row(row: Row) -> SolutionRow:
    return as_row(SolutionRow, row, source_ticket=row["source_ticket_id"])


def history(database: Database, number: int) -> list[SolutionEdit]:
    """Give every edit, use and rating of a solution, oldest first."""
    rows = database.all(
        "SELECT at, actor, event, text, changes, operation_id FROM ledger "
        "WHERE kind = 'solution' AND subject_id = :id ORDER BY id",
        id=number,
    )
    undone = undone_operations(database, {row["operation_id"] for row in rows})
    paths = {row["id"]: row["path"] for row in database.all("SELECT id, path FROM category")}
    names = {row["id"]: row["name"] for row in database.all("SELECT id, name FROM organisation")}
    return [
        as_row(
            SolutionEdit,
            row,
            changes=_named(json.loads(row["changes"]), paths, names),
            undone=row["operation_id"] in undone,
        )
        for row in rows
    ]


def _named(
    changes: dict[str, Any], paths: dict[int, str], clients: dict[int, str]
) -> dict[str, tuple[object, object]]:
    """Give changes as people read them: a category by its path, a client by its name."""
    called = {"category_id": ("category", paths), "organisation_id": ("client", clients)}
    found: dict[str, tuple[object, object]] = {}
    for name, (old, new) in changes.items():
        label, names = called.get(name, (name, None))
        found[label] = (old, new) if names is None else (names.get(old), names.get(new))
    return found


def rated(database: Database, number: int, ticket: int) -> bool | None:
    """Give what was said of a solution on a ticket: worked, did not, or nothing."""
    row = database.one(
        "SELECT worked FROM solution_use WHERE solution_id = :id AND ticket_id = :ticket "
        "ORDER BY id DESC LIMIT 1",
        id=number,
        ticket=ticket,
    )
    return None if row is None or row["worked"] is None else bool(row["worked"])


def workaround(database: Database, ticket: int) -> str:
    """Give `P7 Title: what helps meanwhile` of the known problem a ticket is linked to, or nothing.

    Of several live problems the newest with a workaround.
    """
    row = database.one(
        "SELECT p.id, p.title, p.workaround FROM problem p "  # noqa: S608 - constants
        "JOIN problem_ticket x ON x.problem_id = p.id "
        "WHERE x.ticket_id = :ticket AND p.workaround <> '' "
        f"AND p.state IN ({_LIVE}) "
        "ORDER BY p.id DESC LIMIT 1",
        ticket=ticket,
    )
    return f"P{row['id']} {row['title']}: {row['workaround']}" if row else ""


def known_names(database: Database) -> tuple[set[str], set[str], set[str]]:
    """Give what the leak check looks for: names of people, of devices, domains of addresses.

    In lower case; of people only names of several words, because a single one is often a word.
    """
    people = database.all(
        "SELECT name FROM person WHERE name LIKE '% %' UNION SELECT name FROM technician"
    )
    devices = database.all("SELECT name FROM device WHERE name <> ''")
    return (
        {" ".join(row["name"].casefold().split()) for row in people if row["name"]},
        {row["name"].casefold() for row in devices},
        _domains(database),
    )


def _domains(database: Database) -> set[str]:
    """Give the domains of all addresses the desk knows; mail providers for everybody aside."""
    rows = database.all(
        "SELECT address FROM person_address WHERE position = 0 UNION ALL "
        "SELECT email AS address FROM technician"
    )
    addresses = [*(row["address"] for row in rows), str(value(database, "mail.address"))]
    found = [one.rpartition("@")[2].casefold() for one in addresses]
    return {domain for domain in found if "." in domain} - _EVERYBODYS


_EVERYBODYS = {
    "gmail.com",
    "googlemail.com",
    "outlook.com",
    "hotmail.com",
    "live.com",
    "yahoo.com",
    "icloud.com",
    "gmx.de",
    "gmx.net",
    "web.de",
    "proton.me",
    "protonmail.com",
    "aol.com",
}
"""Mail providers for everybody: a page of theirs is nobody's inside."""


def names_around(database: Database, ticket: int) -> set[str]:
    """Give every word of the names of those who had to do with a ticket, in lower case."""
    rows = database.all(
        "SELECT p.name FROM person p WHERE p.id IN "
        "(SELECT requester_id FROM ticket WHERE id = :id UNION "
        "SELECT person_id FROM watcher WHERE ticket_id = :id)",
        id=ticket,
    )
    parts = {part.strip(".,").casefold() for row in rows for part in row["name"].split()}
    return {part for part in parts if len(part) > 2}


def signature_words(database: Database, ticket: int) -> set[str]:
    """Give the words under a requester's mails, in lower case: name, department, place, title."""
    row = database.one(
        "SELECT p.name, p.department, p.location, p.title, o.name AS organisation, s.name AS site "
        "FROM ticket t JOIN person p ON p.id = t.requester_id "
        "LEFT JOIN organisation o ON o.id = p.organisation_id "
        "LEFT JOIN site s ON s.id = p.site_id WHERE t.id = :id",
        id=ticket,
    )
    if row is None:
        return set()
    parts = " ".join(row[name] or "" for name in row.keys())  # noqa: SIM118 - a row is no mapping
    return set(tokens(parts)) | set(parts.lower().split())


def tickets_with_any(database: Database, words: Sequence[str], without: int) -> Sequence[Row]:
    """Give the newest tickets that hold any of the words: id, subject, problem, body, state."""
    return database.all(
        "SELECT id, subject, substr(problem, 1, 2000) AS problem, "
        "substr(body, 1, 2000) AS body, state, substr(resolution, 1, 500) AS resolution "
        "FROM ticket WHERE merged_into IS NULL AND id IN :ids ORDER BY id DESC",
        ids=_with_any(database, words, without, LIKE_AMONG),
    )


def near_tickets(
    database: Database, words: Sequence[str], without: int, many: int
) -> Sequence[Row]:
    """Give tickets that hold any of the words: id, subject, said, category.

    The newest, and those with a word that few hold: what was said like it years ago has such a one.
    """
    rare = _rare_words(database, words)
    ids = _with_any(database, words, without, many)
    ids += [one for one in _with_any(database, rare, without, many) if one not in set(ids)]
    return database.all(
        "SELECT t.id, t.subject, substr(t.body, 1, 600) AS said, c.path AS category "
        "FROM ticket t LEFT JOIN category c ON c.id = t.category_id "
        "WHERE t.merged_into IS NULL AND t.id IN :ids ORDER BY t.id DESC",
        ids=ids,
    )


_RARE = 300
"""Tickets that hold a word that is still rare."""


def _rare_words(database: Database, words: Sequence[str]) -> list[str]:
    """Give the words that few tickets hold."""
    if not has_index(database):
        return []
    usable = [word for word in words if indexable(word)]
    return [w for w in usable if is_rare(database, match_text(database.dialect, [[w]]), _RARE)]


def _with_any(database: Database, words: Sequence[str], without: int, many: int) -> list[int]:
    """Give the numbers of the newest tickets that hold any of the words."""
    usable = [word for word in words if indexable(word)]
    if not usable or not has_index(database):
        return []
    match = match_text(database.dialect, [usable])
    if database.dialect == "sqlite":
        text = (
            "SELECT rowid AS id FROM ticket_search WHERE ticket_search MATCH :match "
            "ORDER BY rowid DESC LIMIT :some"
        )
    else:
        text = "SELECT deskterm_found(:match, :some) AS id"
    numbers = database.all(text, match=match, some=many)
    return [row["id"] for row in numbers if row["id"] != without]


def organisation_named(database: Database, name: str) -> int | None:
    """Give the number of an organisation; None where there is none of that name."""
    row = database.one("SELECT id FROM organisation WHERE lower(name) = lower(:name)", name=name)
    return row["id"] if row else None


def made_for_others(database: Database, organisation: int) -> set[int]:
    """Give the solutions that belong to another organisation, or are of a ticket of none."""
    rows = database.all(
        "SELECT id FROM solution s WHERE organisation_id <> :own OR (organisation_id IS NULL "  # noqa: S608 - constants
        "AND EXISTS (SELECT 1 FROM ticket t WHERE t.id = s.source_ticket_id "
        f"AND {OF_TICKET} IS NULL))",
        own=organisation,
    )
    return {row["id"] for row in rows}


def living(database: Database, own: int) -> list[tuple[int, str, str]]:
    """Give (number, title, symptoms) of what is not archived, and of one's own in any case."""
    rows = database.all(
        "SELECT id, title, symptoms FROM solution "
        "WHERE confidence <> 'archived' OR id = :own ORDER BY id",
        own=own,
    )
    return [(row["id"], row["title"], row["symptoms"]) for row in rows]


def asked_on(database: Database, ticket: int) -> Row:
    """Give what a ticket asks, to find what is like it; raises NotFoundError."""
    row = database.one(
        "SELECT t.id, t.subject, t.problem, t.body, c.path AS category FROM ticket t "
        "LEFT JOIN category c ON c.id = t.category_id WHERE t.id = :id",
        id=ticket,
    )
    if row is None:
        raise NotFoundError(f"there is no ticket #{ticket}.")
    return row


def offers(database: Database, ticket: int) -> list[Row]:
    """Give the entries of a ticket that offer remedies or choose one and were not undone."""
    rows = database.all(
        "SELECT id, at, actor, operation_id, data FROM ledger WHERE kind = 'ticket' "
        "AND subject_id = :id AND event IN ('replied', 'stepped') AND data <> '{}' ORDER BY id",
        id=ticket,
    )
    undone = undone_operations(database, {row["operation_id"] for row in rows})
    return [row for row in rows if row["operation_id"] not in undone]


def tips_of(database: Database, most: int) -> list[str]:
    """Give the tips of what anybody may read, those of what worked most often first."""
    found = database.all(
        "SELECT tip FROM solution WHERE audience = 'public' AND confidence <> 'archived' "
        "AND tip <> '' ORDER BY worked - failed DESC, id LIMIT :most",
        most=most,
    )
    return [row["tip"] for row in found]


def offered_entry(database: Database, ticket: int) -> int:
    """Give the entry of a ticket's last offer of remedies that stands; 0: there is none."""
    found = [row["id"] for row in offers(database, ticket) if "remedies" in json.loads(row["data"])]
    return found[-1] if found else 0


def remedies_of(database: Database, entry: int) -> list[list[str]]:
    """Give the remedies that a ledger entry offers, as they are stored; none where it does not."""
    row = database.one("SELECT data FROM ledger WHERE id = :id", id=entry)
    found = json.loads(row["data"]).get("remedies", []) if row else []
    return found if isinstance(found, list) else []


def offer_in(database: Database, entries: Sequence[int]) -> int:
    """Give the last of these entries that offers remedies; 0: none does."""
    offering = [one for one in entries if remedies_of(database, one)]
    return offering[-1] if offering else 0
