"""What is looked up while somebody is on the phone: their tickets, and what else is open."""

from typing import NamedTuple

from deskterm.storage.driver import Database


class OpenWords(NamedTuple):
    """An open ticket and the words it was told in."""

    id: int
    subject: str
    state: str
    text: str


def tickets_of(database: Database, person: int, limit: int) -> list[int]:
    """Give the numbers of a requester's tickets: open ones first, the newest on top."""
    rows = database.all(
        "SELECT id FROM ticket WHERE requester_id = :person AND state <> 'merged' "
        "ORDER BY is_open DESC, opened_at DESC, id DESC LIMIT :some",
        person=person,
        some=limit,
    )
    return [row["id"] for row in rows]


def newest_open(database: Database, limit: int) -> list[OpenWords]:
    """Give the newest open tickets with the beginning of what was said."""
    rows = database.all(
        "SELECT id, subject, state, substr(problem, 1, 300) AS problem, "
        "substr(body, 1, 600) AS body FROM ticket WHERE is_open "
        "ORDER BY opened_at DESC, id DESC LIMIT :some",
        some=limit,
    )
    return [
        OpenWords(row["id"], row["subject"], row["state"], f"{row['problem']} {row['body']}")
        for row in rows
    ]


def newest_stamp(database: Database) -> tuple[int, int]:
    """Give what alters whenever a ticket is opened: the last number, and the last entry."""
    row = database.one(
        "SELECT (SELECT value FROM counter WHERE name = 'ticket') AS ticket, "
        "(SELECT max(id) FROM ledger) AS entry"
    )
    return (int(row["ticket"] or 0), int(row["entry"] or 0)) if row else (0, 0)


def technician_name(database: Database, login: str) -> str:
    """Give how a technician is called: the name, else the login."""
    row = database.one("SELECT name FROM technician WHERE login = :login", login=login)
    return (row["name"] if row else "") or login


def category_paths(database: Database) -> list[str]:
    """Give every category that is in use."""
    rows = database.all("SELECT path FROM category WHERE active ORDER BY path")
    return [row["path"] for row in rows]
