"""Who has which ticket open, by the clock of the database: a row a session, never in the ledger."""

from typing import TYPE_CHECKING

from deskterm.storage.reads.in_hand import LATELY

if TYPE_CHECKING:
    from deskterm.storage.driver import Database

_NOW = {
    "sqlite": "strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')",
    "postgresql": "clock_timestamp()",
}


def be_at(database: "Database", session: str, login: str, ticket: int, *, writing: bool) -> None:
    """Say that a session has a ticket open; what sessions before left behind goes."""
    database.run(
        "INSERT INTO presence (session, login, ticket_id, writing, seen_at) "  # noqa: S608 - constants
        f"VALUES (:session, :login, :ticket, :writing, {_NOW[database.dialect]}) "
        "ON CONFLICT (session) DO UPDATE SET ticket_id = excluded.ticket_id, "
        "writing = excluded.writing, seen_at = excluded.seen_at",
        session=session,
        login=login,
        ticket=ticket,
        writing=writing,
    )


def leave(database: "Database", session: str) -> None:
    """Say that a session has no ticket open; whoever is gone without a word goes with it."""
    database.run(
        f"DELETE FROM presence WHERE session = :session OR seen_at < {LATELY[database.dialect]}",  # noqa: S608 - constants
        session=session,
    )


def is_alone(database: "Database", login: str) -> bool:
    """Tell whether nobody else works here: then nothing need be written."""
    row = database.one(
        "SELECT 1 AS n FROM technician WHERE active = TRUE AND login <> :login LIMIT 1", login=login
    )
    return row is None
