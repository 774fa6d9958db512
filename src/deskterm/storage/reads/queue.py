"""What the developer queue reads: the tickets of the live problems, and what came back (F3)."""

from datetime import datetime

from deskterm.domain.problems import LIVE
from deskterm.domain.vocabulary import Event
from deskterm.reports.queue import Hurt
from deskterm.storage.driver import Database, Row, moment, moment_or_none
from deskterm.storage.phrases import NOT_UNDONE

_HURTS = """
SELECT x.problem_id, t.id, t.requester_id, t.opened_at, t.picked_at, t.pickup_due, t.solution_due,
  coalesce(t.solved_at, t.first_closed_at) AS ended_at
FROM problem p JOIN problem_ticket x ON x.problem_id = p.id JOIN ticket t ON t.id = x.ticket_id
WHERE p.state IN :live AND t.merged_into IS NULL ORDER BY x.problem_id, t.id
"""
_RETURNED = f"""
SELECT l.subject_id, count(*) AS n FROM ledger l JOIN problem p ON p.id = l.subject_id
WHERE l.kind = 'problem' AND l.event = :event AND p.state IN :live AND {NOT_UNDONE}
GROUP BY l.subject_id
"""  # noqa: S608 - constants


def hurts(database: Database, now: datetime) -> dict[int, list[Hurt]]:
    """Give the tickets of each problem that has not ended; merged ones count as what they are."""
    found: dict[int, list[Hurt]] = {}
    for row in database.all(_HURTS, live=LIVE):
        one = Hurt(row["id"], row["requester_id"], moment(row["opened_at"]), _missed(row, now))
        found.setdefault(row["problem_id"], []).append(one)
    return found


def _missed(row: Row, now: datetime) -> bool:
    """Tell whether pick-up or solution was later than promised."""
    for due, done in (("pickup_due", "picked_at"), ("solution_due", "ended_at")):
        promised = moment_or_none(row[due])
        if promised is not None and (moment_or_none(row[done]) or now) > promised:
            return True
    return False


def returned(database: Database) -> dict[int, int]:
    """Give how often each live problem came back after its release."""
    rows = database.all(_RETURNED, event=str(Event.REOPENED), live=LIVE)
    return {row["subject_id"]: row["n"] for row in rows}
