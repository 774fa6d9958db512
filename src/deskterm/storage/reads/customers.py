"""Reads tickets as their customers' reports."""

from datetime import datetime

from deskterm.reports.customers import Report
from deskterm.storage.driver import Database, Row, moment
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
    return Report(
        row["id"],
        row["requester_id"],
        row["name"],
        row["category"],
        row["subject"],
        row["body"],
        moment(row["opened_at"]),
        row["device_id"] is not None,
        bool(row["reproduction"].strip()),
        bool(row["picture"]),
        None if row["reproduced"] is None else bool(row["reproduced"]),
        bool(row["asked_back"]),
        bool(row["published"]),
        bool(row["own_word"]),
        bool(row["returned"]),
    )
