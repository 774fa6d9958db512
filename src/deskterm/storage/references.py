"""What mail that comes in asks for: ids that belong to a ticket, letters that left."""

from collections.abc import Sequence
from datetime import datetime

from deskterm.storage.driver import Database
from deskterm.storage.outbox import Letter, letter, letter_of


def remember(database: Database, message_id: str, ticket: int) -> None:
    """Keep a foreign Message-ID on a ticket."""
    database.later(
        "INSERT INTO mail_reference (message_id, ticket_id) VALUES (:id, :ticket) "
        "ON CONFLICT DO NOTHING",
        id=message_id,
        ticket=ticket,
    )


def ticket_of(database: Database, message_id: str) -> int | None:
    """Give the ticket that a Message-ID is stored on, foreign or a letter's; the oldest."""
    row = database.returned(
        "SELECT min(ticket_id) AS id FROM (SELECT ticket_id FROM mail_reference "
        "WHERE message_id = :id UNION ALL SELECT ticket_id FROM outbox "
        "WHERE message_id = :letter) o",
        id=message_id,
        letter=f"<{message_id}>",
    )
    return None if row["id"] is None else int(row["id"])


def sent_bytes(
    database: Database, ticket: int, answered: Sequence[str], most: int = 6
) -> list[str]:
    """Give the hashes of the letters that a mail answers, and of the last sent about a ticket."""
    found = [letter_of(database, one) for one in answered[:most]]
    rows = database.all(
        "SELECT sha256 FROM outbox WHERE ticket_id = :ticket AND sha256 IS NOT NULL "
        "ORDER BY id DESC LIMIT :most",
        ticket=ticket,
        most=most,
    )
    hashes = [one.sha256 for one in found if one and one.sha256] + [row["sha256"] for row in rows]
    return list(dict.fromkeys(hashes))


def last_to(database: Database, address: str, since: datetime) -> Letter | None:
    """Give the letter that was sent to an address last, not before `since`."""
    row = database.one(
        "SELECT id FROM outbox WHERE lower(recipient) = :address AND state = 'sent' "
        "AND sent_at > :since ORDER BY id DESC LIMIT 1",
        address=address,
        since=since,
    )
    return letter(database, row["id"]) if row else None
