"""Reads of how the desk works: what customers report, and the courses of closed tickets."""

import json
from collections.abc import Sequence
from datetime import datetime

from deskterm.domain.vocabulary import PROCESSES
from deskterm.reports.course import Course, Entry
from deskterm.reports.customers import Report
from deskterm.storage.driver import Database, Row, as_row, moment
from deskterm.storage.phrases import CALLED, NOT_UNDONE
from deskterm.storage.reads.asked import Asked
from deskterm.storage.reads.where import compile_query
from deskterm.triage.query import Query

MOST = 20_000
"""The newest tickets that are read."""
_WORD = 4_000
"""Characters of a customer's words that are compared."""
_HAPPENED = (
    "EXISTS (SELECT 1 FROM ledger l WHERE l.kind = 'ticket' AND l.subject_id = t.id AND {} "  # noqa: S608 - constants
    + f"AND {NOT_UNDONE})"
)
_ASKED = _HAPPENED.format(
    "l.event = 'waiting' AND l.changes LIKE '%\"waiting_for\": [%, \"customer\"]%'"
)
_OWN_WORD = _HAPPENED.format("l.event IN ('verified', 'rated') AND l.actor IN ('customer', 'mail')")
_RETURNED = _HAPPENED.format("l.event = 'reopened'")
_REPORTS = (
    "SELECT t.id, t.requester_id, t.subject, substr(t.body, 1, :words) AS body, t.opened_at, "  # noqa: S608 - constants
    f"{CALLED} AS name, "
    "COALESCE(c.path, '') AS category, t.device_id, t.reproduction, t.reproduced, "
    "EXISTS (SELECT 1 FROM attachment f WHERE f.ticket_id = t.id "
    "AND f.media_type LIKE 'image/%') AS picture, "
    "EXISTS (SELECT 1 FROM solution s WHERE s.id = t.solution_id "
    "AND s.audience IN ('organisation', 'public')) AS published, "
    f"{_ASKED} AS asked_back, {_OWN_WORD} AS own_word, {_RETURNED} AS returned "
    "FROM ticket t JOIN person p ON p.id = t.requester_id "
    "LEFT JOIN category c ON c.id = t.category_id "
)


def reports_since(database: Database, query: Query, asked: Asked, since: datetime) -> list[Report]:
    """Give the reports of a query that came in since then, by number; raises QueryError.

    Left out: merged, cancelled and imported tickets, spam, and what a monitor reported.
    """
    where = compile_query(database, query, asked)
    rows = database.all(
        f"{_REPORTS} WHERE {where.condition} AND t.opened_at >= :opened_since "
        "AND t.foreign_id IS NULL AND t.channel <> 'monitor' "
        "AND t.state NOT IN ('merged', 'cancelled') "
        "AND COALESCE(t.outcome, 'solved') <> 'spam' ORDER BY t.id DESC LIMIT :most",
        **where.params,
        opened_since=since,
        words=_WORD,
        most=MOST,
    )
    return [_report(row) for row in reversed(rows)]


def _report(row: Row) -> Report:
    tried = row["reproduced"]
    return as_row(
        Report,
        row,
        ticket=row["id"],
        person=row["requester_id"],
        device=row["device_id"] is not None,
        steps=bool(row["reproduction"].strip()),
        reproduced=None if tried is None else bool(tried),
    )


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
