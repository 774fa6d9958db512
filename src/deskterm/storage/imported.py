"""What was imported before: our numbers behind foreign ones."""

import json
from collections.abc import Sequence

from deskterm.storage.driver import Database


def known_tickets(database: Database, foreign_ids: Sequence[str]) -> dict[str, tuple[int, str]]:
    """Give foreign id → (our number, digest of the line it came from) of those that are here."""
    if not foreign_ids:
        return {}
    rows = database.all(
        "SELECT t.foreign_id, t.id, (SELECT l.data FROM ledger l WHERE l.kind = 'ticket' "
        "AND l.subject_id = t.id AND l.event = 'opened' ORDER BY l.id LIMIT 1) AS data "
        "FROM ticket t WHERE t.foreign_id IS NOT NULL AND t.foreign_id IN :ids",
        ids=foreign_ids,
    )
    return {row["foreign_id"]: (int(row["id"]), _digest(row["data"])) for row in rows}


def _digest(data: str | None) -> str:
    return str(json.loads(data or "{}").get("digest", ""))


def people_by_address(database: Database) -> dict[str, int]:
    """Give address → person of everybody."""
    rows = database.all("SELECT address, person_id FROM person_address")
    return {row["address"]: int(row["person_id"]) for row in rows}


def people_by_name(database: Database) -> dict[str, list[int]]:
    """Give folded name → the active people of that name."""
    found: dict[str, list[int]] = {}
    for row in database.all("SELECT id, name FROM person WHERE active ORDER BY id"):
        found.setdefault(row["name"].casefold(), []).append(int(row["id"]))
    return found


def categories(database: Database) -> dict[str, int]:
    """Give folded path → category."""
    rows = database.all("SELECT id, path FROM category")
    return {row["path"].casefold(): int(row["id"]) for row in rows}


def add_category(database: Database, path: str) -> int:
    """Make a category; gives its number."""
    row = database.returned(
        "INSERT INTO category (path, active) VALUES (:path, :active) RETURNING id",
        path=path,
        active=True,
    )
    return int(row["id"])
