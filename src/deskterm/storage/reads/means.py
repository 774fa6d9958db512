"""Canned texts and their kin, as they are read for whoever uses them."""

from deskterm.domain.means import TextRow
from deskterm.storage.driver import Database, as_row


def texts(database: Database) -> list[TextRow]:
    """Give the canned texts that are in use, by name."""
    rows = database.all(
        "SELECT c.id, c.name, c.short, c.words, c.language, c.uses, "
        "coalesce(o.name, '') AS organisation FROM canned_text c "
        "LEFT JOIN organisation o ON o.id = c.organisation_id WHERE c.active AND c.words <> '' "
        "ORDER BY c.name, c.id"
    )
    return [as_row(TextRow, row) for row in rows]


def text_uses(database: Database, number: int) -> int:
    """Give how often a canned text was sent."""
    row = database.returned("SELECT uses FROM canned_text WHERE id = :id", id=number)
    return int(row["uses"])


def count_text(database: Database, number: int) -> None:
    """Count that a canned text was used; ranks them, and is in nobody's way."""
    database.run("UPDATE canned_text SET uses = uses + 1 WHERE id = :id", id=number)


def technician_name(database: Database, login: str) -> str:
    """Give the name of a technician; empty where none is known."""
    row = database.one("SELECT name FROM technician WHERE login = :login", login=login)
    return str(row["name"]) if row else ""
