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
