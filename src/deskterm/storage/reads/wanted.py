"""The newest tickets that were solved without a validated solution, by plain SQL."""

from datetime import datetime
from itertools import pairwise

from deskterm.storage.driver import Database, Row, moment
from deskterm.storage.reads.clients import clients, of_tickets
from deskterm.triage.wanted import Solved

AMONG = 2_000
"""So many of the newest solved tickets are looked at."""
PAUSE = 30.0
"""Minutes that a pause between two entries counts at most: work rests at night."""
_SELECT = """
SELECT t.id, t.subject, substr(t.body, 1, 2000) AS body, coalesce(c.path, '') AS category,
  substr(t.resolution, 1, 4000) AS resolution, t.opened_at, t.solved_at,
  coalesce(t.picked_at, (SELECT min(l.at) FROM ledger l WHERE l.kind = 'ticket'
    AND l.subject_id = t.id AND l.event = 'assigned')) AS taken_at,
  coalesce(d.kind, '') AS kind, coalesce(d.os, '') AS os, coalesce(d.os_version, '') AS os_version,
  coalesce((SELECT min(m.id) FROM solution m WHERE m.source_ticket_id = t.id
    AND m.confidence <> 'archived'), s.id) AS draft
FROM ticket t
LEFT JOIN category c ON c.id = t.category_id
LEFT JOIN device d ON d.id = t.device_id
LEFT JOIN solution s ON s.id = t.solution_id AND s.confidence <> 'archived'
WHERE t.outcome = 'solved' AND t.resolution <> '' AND t.merged_into IS NULL
  AND (s.id IS NULL OR s.confidence <> 'validated')
  AND NOT EXISTS (SELECT 1 FROM solution v WHERE v.source_ticket_id = t.id
    AND v.confidence = 'validated')
  AND NOT EXISTS (SELECT 1 FROM link k WHERE k.ticket_id = t.id
    AND k.kind IN ('child', 'duplicate'))
ORDER BY t.id DESC LIMIT :many
"""


def solved(database: Database) -> list[Solved]:
    """Give the newest solved tickets that no validated solution was used on, newest first.

    Those of one incident count once: children and duplicates are left out.
    """
    rows = database.all(_SELECT, many=AMONG)
    moments = _entries(database, [row["id"] for row in rows])
    known = clients(database)
    whose = of_tickets(database, [row["id"] for row in rows]) if known.walls else {}
    return [
        _solved(row, moments.get(row["id"], []))._replace(client=known.whose(whose.get(row["id"])))
        for row in rows
    ]


def _entries(database: Database, tickets: list[int]) -> dict[int, list[datetime]]:
    """Give when technicians did something on each ticket, in order."""
    found: dict[int, list[datetime]] = {}
    for row in database.all(
        "SELECT subject_id, at FROM ledger WHERE kind = 'ticket' "
        "AND subject_id IN :ids "
        "AND actor NOT IN ('customer', 'mail', 'desk', 'import') ORDER BY at, id",
        ids=tickets,
    ):
        found.setdefault(row["subject_id"], []).append(moment(row["at"]))
    return found


def _solved(row: Row, entries: list[datetime]) -> Solved:
    environment = ", ".join(
        part for part in (row["kind"], f"{row['os']} {row['os_version']}".strip()) if part
    )
    return Solved(
        row["id"],
        row["subject"],
        row["body"],
        row["category"],
        row["resolution"],
        environment,
        _minutes(row, entries),
        row["draft"],
    )


def _minutes(row: Row, entries: list[datetime]) -> float | None:
    """Give the minutes of work from taken to solved: a pause between entries counts 30 at most."""
    if row["solved_at"] is None:
        return None
    begun = moment(row["taken_at"] or row["opened_at"])
    ended = moment(row["solved_at"])
    steps = [begun, *(at for at in entries if begun < at < ended), ended]
    pauses = [(after - before).total_seconds() / 60 for before, after in pairwise(steps)]
    return sum(min(max(pause, 0.0), PAUSE) for pause in pauses)
