"""Reads the courses of closed tickets out of the ledger, without anybody's name."""

import json
from collections.abc import Sequence
from datetime import datetime

from deskterm.domain.vocabulary import PROCESSES
from deskterm.reports.course import Course, Entry
from deskterm.storage.driver import Database, Row, moment
from deskterm.storage.phrases import NOT_UNDONE
from deskterm.storage.reads.asked import Asked
from deskterm.storage.reads.where import compile_query
from deskterm.triage.query import Query

MOST = 20_000
"""The newest closed tickets that are read."""
_WINDOW = 1_000
_TICKETS = """
SELECT t.id, t.subject, t.body, t.opened_at, COALESCE(c.path, '') AS category
FROM ticket t LEFT JOIN category c ON c.id = t.category_id WHERE t.id IN :numbers ORDER BY t.id
"""
_ENTRIES = f"""
SELECT l.subject_id, l.at, l.event, l.actor, l.public, l.changes, l.data
FROM ledger l JOIN operation o ON o.id = l.operation_id
WHERE l.kind = 'ticket' AND l.subject_id IN :numbers AND o.undoes IS NULL
AND {NOT_UNDONE}
ORDER BY l.subject_id, l.at, l.id
"""  # noqa: S608 - constants


def closed_since(database: Database, query: Query, asked: Asked, since: datetime) -> list[int]:
    """Give the tickets of a query that were first closed since then, by number.

    Left out: merged, cancelled and imported ones, spam and duplicates. Raises QueryError.
    """
    where = compile_query(database, query, asked)
    rows = database.all(
        f"SELECT t.id FROM ticket t WHERE {where.condition} "  # noqa: S608 - compiled, bound
        "AND t.first_closed_at >= :closed_since AND t.foreign_id IS NULL "
        "AND t.state NOT IN ('merged', 'cancelled') "
        "AND COALESCE(t.outcome, 'solved') NOT IN ('spam', 'duplicate') "
        "ORDER BY t.first_closed_at DESC LIMIT :most",
        **where.params,
        closed_since=since,
        most=MOST,
    )
    return sorted(row["id"] for row in rows)


def courses(database: Database, tickets: Sequence[int]) -> list[Course]:
    """Give the courses of these tickets, by number; what was undone did not happen."""
    found: list[Course] = []
    for start in range(0, len(tickets), _WINDOW):
        found += _window(database, tickets[start : start + _WINDOW])
    return found


def _window(database: Database, tickets: Sequence[int]) -> list[Course]:
    entries: dict[int, list[Entry]] = {}
    for row in database.all(_ENTRIES, numbers=tickets):
        entries.setdefault(row["subject_id"], []).append(_entry(row))
    return [
        Course(
            row["id"],
            row["category"],
            row["subject"],
            row["body"],
            moment(row["opened_at"]),
            tuple(entries.get(row["id"], ())),
        )
        for row in database.all(_TICKETS, numbers=tickets)
    ]


def _entry(row: Row) -> Entry:
    return Entry(
        moment(row["at"]),
        row["event"],
        row["actor"] not in PROCESSES,
        bool(row["public"]),
        json.loads(row["changes"]),
        json.loads(row["data"]),
    )
