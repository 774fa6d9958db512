"""What the developer queue reads: the tickets of the live problems, and what came back (F3)."""

from datetime import datetime

from deskterm.domain.problems import LIVE
from deskterm.domain.vocabulary import Event
from deskterm.reports.queue import Case, Hurt
from deskterm.storage.driver import Database, Row, as_row, moment, moment_or_none
from deskterm.storage.phrases import NOT_UNDONE

_HURTS = """
SELECT x.problem_id, t.id, t.requester_id, t.opened_at, t.worked, t.picked_at, t.pickup_due,
  t.solution_due, coalesce(t.solved_at, t.first_closed_at) AS ended_at, g.name AS desk_group,
  o.name AS org
FROM problem p JOIN problem_ticket x ON x.problem_id = p.id JOIN ticket t ON t.id = x.ticket_id
LEFT JOIN desk_group g ON g.id = t.group_id LEFT JOIN person r ON r.id = t.requester_id
LEFT JOIN organisation o ON o.id = r.organisation_id
WHERE p.state IN :live AND t.merged_into IS NULL ORDER BY x.problem_id, t.id
"""
_RETURNED = f"""
SELECT l.subject_id, count(*) AS n FROM ledger l JOIN problem p ON p.id = l.subject_id
WHERE l.kind = 'problem' AND l.event = :event AND p.state IN :live AND {NOT_UNDONE}
GROUP BY l.subject_id
"""  # noqa: S608 - constants


_CASES = """
SELECT p.id, p.title, p.state, p.severity, p.effort, p.owner, p.product,
  coalesce(s.name, '') AS site, coalesce(c.path, '') AS category
FROM problem p LEFT JOIN site s ON s.id = p.site_id LEFT JOIN category c ON c.id = p.category_id
WHERE p.state IN :live ORDER BY p.id
"""


def cases(database: Database) -> list[Case]:
    """Give the problems that have not ended, by number."""
    return [as_row(Case, row) for row in database.all(_CASES, live=LIVE)]


def hurts(database: Database, now: datetime) -> dict[int, list[Hurt]]:
    """Give the tickets of each problem that has not ended; merged ones count as what they are."""
    found: dict[int, list[Hurt]] = {}
    rows = database.all(_HURTS, live=LIVE)
    for row in rows:
        one = Hurt(
            row["id"],
            row["requester_id"],
            moment(row["opened_at"]),
            missed(row, now),
            row["worked"] / 3600,
            row["desk_group"] or "",
            row["org"] or "",
        )
        found.setdefault(row["problem_id"], []).append(one)
    return found


def missed(row: Row, now: datetime) -> bool:
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
