"""Whom the open problems of tickets touch, and the tickets' `impact` that follows from it."""

from collections.abc import Iterable, Sequence

from deskterm.domain.problems import LIVE
from deskterm.storage.driver import Database
from deskterm.storage.spine import in_list, list_value
from deskterm.triage.impact import impact

LIVE_SQL = ", ".join(f"'{state}'" for state in LIVE)
_TOGETHER = """
SELECT y.problem_id, count(DISTINCT t.requester_id) AS heads, coalesce(max(t.people), 0) AS said
FROM problem_ticket y JOIN problem p ON p.id = y.problem_id JOIN ticket t ON t.id = y.ticket_id
WHERE t.is_open
"""


def together(database: Database, numbers: Sequence[int]) -> dict[int, int]:
    """Give ticket → people that its open problems touch; tickets without one are left out."""
    ids = list_value(database, numbers)
    rows = database.all(
        f"SELECT x.ticket_id, max(CASE WHEN r.heads > r.said THEN r.heads ELSE r.said END) AS n "  # noqa: S608 - constants
        f"FROM problem_ticket x JOIN ({_TOGETHER} AND p.state IN ({LIVE_SQL}) "
        "AND y.problem_id IN (SELECT problem_id FROM problem_ticket "
        f"WHERE ticket_id {in_list(database, 'ids')}) GROUP BY y.problem_id) AS r "
        f"ON r.problem_id = x.problem_id WHERE x.ticket_id {in_list(database, 'ids')} "
        "GROUP BY x.ticket_id",
        ids=ids,
    )
    return {row["ticket_id"]: int(row["n"]) for row in rows}


def follow(database: Database, problems: Iterable[int] | None = None) -> int:
    """Write the impact of the open tickets of problems anew (None: all); gives how many changed.

    On PostgreSQL a ticket that somebody else has in hand is passed over: it follows with the next
    change of it or of the problem, and nobody waits for anybody.
    """
    only = "" if problems is None else f"AND x.problem_id {in_list(database, 'problems')}"
    given = {} if problems is None else {"problems": list_value(database, sorted(problems))}
    lock = " FOR UPDATE OF t SKIP LOCKED" if database.dialect == "postgresql" else ""
    rows = database.all(
        "SELECT t.id, t.people, t.impact FROM ticket t WHERE t.is_open AND t.id IN "  # noqa: S608 - constants
        f"(SELECT x.ticket_id FROM problem_ticket x WHERE TRUE {only}) ORDER BY t.id{lock}",
        **given,
    )
    reach = together(database, [row["id"] for row in rows]) if rows else {}
    changed = [
        {"id": row["id"], "impact": value}
        for row in rows
        if (value := impact(row["people"], reach.get(row["id"], 0))) != row["impact"]
    ]
    if changed:
        database.many("UPDATE ticket SET impact = :impact WHERE id = :id", changed)
    return len(changed)


def alone(database: Database, numbers: Sequence[int]) -> None:
    """Give tickets that left a problem the impact they have without it."""
    rows = database.all(
        f"SELECT id, people, impact FROM ticket WHERE id {in_list(database, 'ids')}",  # noqa: S608 - constant
        ids=list_value(database, numbers),
    )
    reach = together(database, numbers)
    changed = [
        {"id": row["id"], "impact": value}
        for row in rows
        if (value := impact(row["people"], reach.get(row["id"], 0))) != row["impact"]
    ]
    if changed:
        database.many("UPDATE ticket SET impact = :impact WHERE id = :id", changed)
