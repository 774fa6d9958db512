"""Message-IDs of others that belong to a ticket, so that answers to them find their way."""

from deskterm.storage.driver import Database


def remember(database: Database, message_id: str, ticket: int) -> None:
    """Keep a foreign Message-ID on a ticket."""
    database.run(
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
