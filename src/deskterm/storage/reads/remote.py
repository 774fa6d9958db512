"""The commands that open a session to a device."""

from deskterm.domain.remote import RemoteRow
from deskterm.storage.driver import Database, as_row


def commands(database: Database) -> list[RemoteRow]:
    """Give those that are offered, by name."""
    rows = database.all(
        "SELECT id, name, run, kind, os FROM remote WHERE active AND run <> '' ORDER BY name, id"
    )
    return [as_row(RemoteRow, row) for row in rows]
