"""A technician's notices: marked as seen, tied to the letter that tells them, forgotten."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from deskterm.storage.driver import Database, moment, moment_or_none

_UNTOLD = """
SELECT t.login, t.name, t.email, t.mail, t.focus_until, n.id, n.urgent, n.at, n.ticket_id
FROM technician t JOIN notice n ON n.login = t.login
WHERE t.active AND t.email <> '' AND t.mail <> 'none'
AND n.letter_id IS NULL AND n.seen_at IS NULL AND n.at <= :ripe
AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.state = 'failed' AND o.recipient = t.email
  AND o.template = 'tech_notices' AND o.created_at > :lately)
ORDER BY t.login, n.id LIMIT :most
"""
_DUE = """
SELECT t.id, t.assignee, t.urgent, t.due_at FROM ticket t
WHERE t.due_at IS NOT NULL AND t.due_at <= :soon AND t.due_at > :stale AND t.is_open
AND t.assignee IS NOT NULL ORDER BY t.due_at, t.id LIMIT :most
"""


class Untold(NamedTuple):
    """A notice that no letter has told yet, and whom it is for."""

    login: str
    name: str
    email: str
    mail: str
    focus_until: datetime | None
    id: int
    urgent: bool
    at: datetime
    ticket_id: int


class DuePromise(NamedTuple):
    """A promise that ends soon, and who owns its ticket."""

    ticket: int
    owner: str
    urgent: bool
    due_at: datetime


def untold(database: Database, ripe: datetime, lately: datetime, most: int) -> list[Untold]:
    """Give the notices older than `ripe` that want a letter, by technician.

    Left out are those whose address gave a letter back since `lately`.
    """
    rows = database.all(_UNTOLD, ripe=ripe, lately=lately, most=most)
    return [
        Untold(
            row["login"],
            row["name"],
            row["email"],
            row["mail"],
            moment_or_none(row["focus_until"]),
            row["id"],
            bool(row["urgent"]),
            moment(row["at"]),
            row["ticket_id"],
        )
        for row in rows
    ]


def due_promises(
    database: Database, soon: datetime, stale: datetime, most: int
) -> list[DuePromise]:
    """Give the promises of owned tickets that end between two times, the first to end first."""
    return [
        DuePromise(row["id"], row["assignee"], bool(row["urgent"]), moment(row["due_at"]))
        for row in database.all(_DUE, soon=soon, stale=stale, most=most)
    ]


def tell_by(database: Database, letter: int, numbers: Sequence[int]) -> int:
    """Tie notices to the letter that tells them; gives how many are still to be told."""
    return database.run(
        "UPDATE notice SET letter_id = :letter WHERE letter_id IS NULL "
        "AND seen_at IS NULL AND id IN :ids",
        letter=letter,
        ids=numbers,
    )


def forget(database: Database, before: datetime) -> None:
    """Drop old notices; what happened stays in the ledger."""
    database.run("DELETE FROM notice WHERE at < :old", old=before)


def see(database: Database, login: str, at: datetime, numbers: Sequence[int] | None = None) -> int:
    """Mark one's own notices as seen, those named or every one; gives how many were not before."""
    if numbers is None:
        return database.run(
            "UPDATE notice SET seen_at = :now WHERE login = :me AND seen_at IS NULL",
            now=at,
            me=login,
        )
    return database.run(
        "UPDATE notice SET seen_at = :now WHERE login = :me AND seen_at IS NULL AND id IN :ids",
        now=at,
        me=login,
        ids=numbers,
    )


def unseen_of(database: Database, login: str, ticket: int) -> list[int]:
    """Give one's own notices about a ticket that were not seen."""
    rows = database.all(
        "SELECT id FROM notice WHERE login = :me AND ticket_id = :ticket AND seen_at IS NULL",
        me=login,
        ticket=ticket,
    )
    return [row["id"] for row in rows]
