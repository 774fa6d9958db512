"""Letters that left, as mail that comes in asks for them: the last to somebody, what they said."""

from collections.abc import Sequence
from datetime import datetime

from deskterm.storage.driver import Database
from deskterm.storage.outbox import Letter, letter, letter_of


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
