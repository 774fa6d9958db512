"""Reads of call reviews: what may be drawn, what is drawn, filled in and seen."""

import json
from collections.abc import Sequence
from datetime import datetime

from deskterm.domain.errors import NotFoundError
from deskterm.domain.reviews import Answer, ReviewRow
from deskterm.storage.driver import Database, Row, moment, moment_or_none
from deskterm.storage.reads.measures import Which

_CASES = """
SELECT t.assignee AS login, t.id FROM measure m JOIN ticket t ON t.id = m.ticket_id
JOIN technician w ON w.login = t.assignee
WHERE m.closed_at >= :low AND m.closed_at < :high AND m.counted = 1 AND w.active = TRUE
AND t.state = 'closed' AND t.outcome IN ('solved', 'unsolved') AND t.foreign_id IS NULL
AND NOT EXISTS (SELECT 1 FROM review v WHERE v.ticket_id = t.id)
AND NOT EXISTS (SELECT 1 FROM person_address a JOIN technician o ON lower(o.email) = a.address
  WHERE a.person_id = t.requester_id AND o.login = t.assignee)
"""
"""Closed by the technician in the period; no spam, duplicate, merged, imported or own one."""
_ROWS = """
SELECT v.id, v.ticket_id, t.subject, COALESCE(c.path, '') AS category, v.login, v.period,
  v.drawn_at, COALESCE(v.reviewer, '') AS reviewer, v.filled_at, v.answers, v.note, v.seen_at,
  v.reply
FROM review v JOIN ticket t ON t.id = v.ticket_id LEFT JOIN category c ON c.id = t.category_id
JOIN technician w ON w.login = v.login
"""


def cases(database: Database, which: Which) -> list[tuple[str, int]]:
    """Give (login, ticket) of everything that may be drawn."""
    only = f"AND {which.condition}" if which.condition else ""
    rows = database.all(
        f"{_CASES} {only} ORDER BY t.id",
        **{"low": which.low, "high": which.high, **which.params},
    )
    return [(row["login"], int(row["id"])) for row in rows]


def drawn_of(database: Database, period: str) -> dict[str, int]:
    """Give login → how many of theirs were drawn from a period before."""
    rows = database.all(
        "SELECT login, count(*) AS n FROM review WHERE period = :period GROUP BY login",
        period=period,
    )
    return {row["login"]: int(row["n"]) for row in rows}


def reviews(database: Database, *, every: bool = False) -> list[ReviewRow]:
    """Give the reviews, the newest first; without `every` none that nobody can learn from.

    Those are of technicians who left before they were filled in.
    """
    left = "" if every else "WHERE (w.active = TRUE OR v.filled_at IS NOT NULL)"
    return [_row(row) for row in database.all(f"{_ROWS} {left} ORDER BY v.id DESC")]


def one(database: Database, number: int) -> ReviewRow:
    """Give one review; raises NotFoundError."""
    row = database.one(f"{_ROWS} WHERE v.id = :id", id=number)
    if row is None:
        raise NotFoundError(f"there is no review {number}; see `deskterm review list`.")
    return _row(row)


def filled(database: Database, low: datetime, high: datetime) -> Sequence[ReviewRow]:
    """Give the reviews that were filled in within a time."""
    rows = database.all(
        f"{_ROWS} WHERE v.filled_at >= :low AND v.filled_at < :high ORDER BY v.id",
        low=low,
        high=high,
    )
    return [_row(row) for row in rows]


def _row(row: Row) -> ReviewRow:
    return ReviewRow(
        int(row["id"]),
        int(row["ticket_id"]),
        row["subject"],
        row["category"],
        row["login"],
        row["period"],
        moment(row["drawn_at"]),
        row["reviewer"],
        moment_or_none(row["filled_at"]),
        [Answer(*each) for each in json.loads(row["answers"])],
        row["note"],
        moment_or_none(row["seen_at"]),
        row["reply"],
    )
