"""Whom the open problems of tickets touch, and the tickets' `impact` that follows from it."""

from collections.abc import Iterable, Sequence

from deskterm.calendars.history import CLOCKED
from deskterm.domain.problems import LIVE
from deskterm.storage.driver import Database
from deskterm.storage.ticket.entry import Derived, Entry
from deskterm.storage.work import State, Work
from deskterm.triage.ranking import impact

LIVE_SQL = ", ".join(f"'{state}'" for state in LIVE)
_TOGETHER = """
SELECT y.problem_id, count(DISTINCT t.requester_id) AS heads, coalesce(max(t.people), 0) AS said
FROM problem_ticket y JOIN problem p ON p.id = y.problem_id JOIN ticket t ON t.id = y.ticket_id
WHERE t.is_open
"""


class Reached(State):
    """The problems whose reach may have changed in a unit of work."""

    def __init__(self) -> None:
        self.problems: set[int] = set()
        self.left: set[int] = set()
        """Tickets that were taken off a problem."""

    def finish(self, work: Work) -> None:
        """Let the impact of the tickets follow."""
        if self.problems:
            refresh(work.spine, self.problems)
            alone(work.spine, sorted(self.left))


def follow(entry: Entry) -> Derived:
    """Give a ticket's impact where it may have changed, and note the problems it touched."""
    for key, (_, after) in entry.changes.items():
        if key.startswith("problem."):
            touch(entry.work, int(key.removeprefix("problem.")))
            if after is None:
                entry.work.state(Reached).left.add(entry.ticket)
    if entry.opening:
        return {"impact": impact(entry.values["people"], 0)}
    if not (entry.undone or entry.touched & CLOCKED):
        return {}
    reach = together(entry.work.spine, [entry.ticket])
    return {"impact": impact(entry.values["people"], reach.get(entry.ticket, 0))}


def touch(work: Work, problem: int) -> None:
    """Let the impact of a problem's tickets follow before this unit of work is committed."""
    work.state(Reached).problems.add(problem)


def together(database: Database, numbers: Sequence[int]) -> dict[int, int]:
    """Give ticket → people that its open problems touch; tickets without one are left out."""
    ids = numbers
    rows = database.all(
        f"SELECT x.ticket_id, max(CASE WHEN r.heads > r.said THEN r.heads ELSE r.said END) AS n "  # noqa: S608 - constants
        f"FROM problem_ticket x JOIN ({_TOGETHER} AND p.state IN ({LIVE_SQL}) "
        "AND y.problem_id IN (SELECT problem_id FROM problem_ticket "
        f"WHERE ticket_id IN :ids) GROUP BY y.problem_id) AS r "
        f"ON r.problem_id = x.problem_id WHERE x.ticket_id IN :ids "
        "GROUP BY x.ticket_id",
        ids=ids,
    )
    return {row["ticket_id"]: int(row["n"]) for row in rows}


def refresh(database: Database, problems: Iterable[int] | None = None) -> int:
    """Write the impact of the open tickets of problems anew (None: all); gives how many changed.

    On PostgreSQL a ticket that somebody else has in hand is passed over: it follows with the next
    change of it or of the problem, and nobody waits for anybody.
    """
    only = "" if problems is None else "AND x.problem_id IN :problems"
    given = {} if problems is None else {"problems": sorted(problems)}
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
        "SELECT id, people, impact FROM ticket WHERE id IN :ids",
        ids=numbers,
    )
    reach = together(database, numbers)
    changed = [
        {"id": row["id"], "impact": value}
        for row in rows
        if (value := impact(row["people"], reach.get(row["id"], 0))) != row["impact"]
    ]
    if changed:
        database.many("UPDATE ticket SET impact = :impact WHERE id = :id", changed)
