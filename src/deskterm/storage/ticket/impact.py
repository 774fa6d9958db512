"""Whom the open problems of tickets touch, and the tickets' `impact` that follows from it."""

from collections.abc import Iterable, Mapping, Sequence

from deskterm.calendars.history import CLOCKED
from deskterm.domain.problems import LIVE
from deskterm.storage.driver import Database, Row
from deskterm.storage.ticket.entry import Derived, Entry
from deskterm.storage.work import State, Work
from deskterm.triage.ranking import impact, line

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
    if not (entry.opening or entry.undone or entry.touched & CLOCKED):
        return {}
    reach = {} if entry.alone else together(entry.work.spine, [entry.ticket])
    values = entry.values
    people = impact(values["people"], reach.get(entry.ticket, 0))
    place = line(values["state"], values["urgent"], people, values["approval"])
    return {"impact": people, "line": place}


def touch(work: Work, problem: int) -> None:
    """Let the impact of a problem's tickets follow before this unit of work is committed."""
    work.state(Reached).problems.add(problem)


def together(database: Database, numbers: Sequence[int]) -> dict[int, int]:
    """Give ticket → people that its open problems and a running burst touch; others left out."""
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
    reach = {row["ticket_id"]: int(row["n"]) for row in rows}
    for row in database.all("SELECT id, burst FROM ticket WHERE id IN :ids", ids=ids):
        if row["burst"]:
            reach[row["id"]] = max(reach.get(row["id"], 0), row["burst"])
    return reach


def refresh(database: Database, problems: Iterable[int] | None = None) -> int:
    """Write the impact of the open tickets of problems anew (None: all); gives how many changed.

    On PostgreSQL a ticket that somebody else has in hand is passed over: it follows with the next
    change of it or of the problem, and nobody waits for anybody.
    """
    only = "" if problems is None else "AND x.problem_id IN :problems"
    given = {} if problems is None else {"problems": sorted(problems)}
    lock = " FOR UPDATE OF t SKIP LOCKED" if database.dialect == "postgresql" else ""
    rows = database.all(
        "SELECT t.id, t.people, t.impact, t.state, t.urgent, t.approval "  # noqa: S608 - constants
        "FROM ticket t WHERE t.is_open AND t.id IN "
        f"(SELECT x.ticket_id FROM problem_ticket x WHERE TRUE {only}) ORDER BY t.id{lock}",
        **given,
    )
    return _write(database, rows)


def alone(database: Database, numbers: Sequence[int]) -> None:
    """Give tickets the impact they have by themselves, their problems and a burst now."""
    rows = database.all(
        "SELECT id, people, impact, state, urgent, approval FROM ticket WHERE id IN :ids",
        ids=numbers,
    )
    _write(database, rows)


def _write(database: Database, rows: Sequence[Row]) -> int:
    """Write impact and line of tickets where they are others now; gives of how many."""
    reach = together(database, [row["id"] for row in rows]) if rows else {}
    changed = []
    for row in rows:
        people = impact(row["people"], reach.get(row["id"], 0))
        if people != row["impact"]:
            place = line(row["state"], bool(row["urgent"]), people, row["approval"])
            changed.append({"id": row["id"], "impact": people, "line": place})
    if changed:
        database.many("UPDATE ticket SET impact = :impact, line = :line WHERE id = :id", changed)
    return len(changed)


def write_bursts(database: Database, people: Mapping[int, int]) -> int:
    """Write how many people the running burst of each ticket touches; gives how many changed.

    Where nothing changed nothing is written; otherwise it is a transaction of its own.
    """
    if not _burst_changes(database, people):
        return 0
    database.begin()
    try:
        changed = _burst_changes(database, people)
        database.many("UPDATE ticket SET burst = :burst WHERE id = :id", changed)
        alone(database, [one["id"] for one in changed])
        if database.dialect == "postgresql":
            database.all("SELECT pg_notify('deskterm', 'burst')")
        database.commit()
    except BaseException:
        database.rollback()
        raise
    return len(changed)


def _burst_changes(database: Database, people: Mapping[int, int]) -> list[dict[str, int]]:
    rows = database.all("SELECT id, burst FROM ticket WHERE burst > 0")
    before = {row["id"]: row["burst"] for row in rows}
    return [
        {"id": number, "burst": people.get(number, 0)}
        for number in sorted(before.keys() | people.keys())
        if people.get(number, 0) != before.get(number, 0)
    ]
