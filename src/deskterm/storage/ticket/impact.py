"""Whom the open problems of tickets touch, and the tickets' `impact` that follows from it."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from deskterm.calendars.history import CLOCKED
from deskterm.domain.problems import LIVE
from deskterm.storage.driver import Database, Row
from deskterm.storage.ticket.entry import Derived, Entry
from deskterm.storage.work import State, Work
from deskterm.triage.ranking import impact, line

_OFTEN = 20
"""So often the people of a problem are counted in one unit of work."""
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
        self.counted: Counter[int] = Counter()
        """Problem → how often its people were counted."""
        self.known: dict[int, int] = {}
        """Problem that was counted often → its people, as they were counted last."""

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
    values = entry.values
    people = impact(values["people"], 0 if entry.alone else _reach(entry.work, entry.ticket))
    place = line(values["state"], values["urgent"], people, values["approval"])
    return {"impact": people, "line": place}


def touch(work: Work, problem: int) -> None:
    """Let the impact of a problem's tickets follow before this unit of work is committed."""
    work.state(Reached).problems.add(problem)


def _reach(work: Work, ticket: int) -> int:
    """Give how many people a ticket's open problems and burst touch.

    The people of a problem are counted anew for each ticket that changes, for the first of them;
    a release or an undo changes all the tickets of one, and would count them as often as there are
    tickets. Then the last count stands, and what is open follows at the end.
    """
    state = work.state(Reached)
    if state.known:
        mine = _problems(work.spine, ticket)
        if mine and mine <= state.known.keys():
            state.problems |= mine
            return max(*(state.known[one] for one in mine), _bursts(work.spine, [ticket])[ticket])
    found = _counts(work.spine, [ticket])
    for _, problem, people in found:
        state.counted[problem] += 1
        if state.counted[problem] >= _OFTEN:
            state.known[problem] = people
    return max(*(people for _, _, people in found), _bursts(work.spine, [ticket])[ticket], 0)


def _problems(database: Database, ticket: int) -> set[int]:
    rows = database.all(
        "SELECT x.problem_id FROM problem_ticket x JOIN problem p ON p.id = x.problem_id "  # noqa: S608 - constants
        f"WHERE x.ticket_id = :id AND p.state IN ({LIVE_SQL})",
        id=ticket,
    )
    return {row["problem_id"] for row in rows}


def together(database: Database, numbers: Sequence[int]) -> dict[int, int]:
    """Give ticket → people that its open problems and a running burst touch; others left out."""
    reach = {ticket: burst for ticket, burst in _bursts(database, numbers).items() if burst}
    for ticket, _, people in _counts(database, numbers):
        reach[ticket] = max(reach.get(ticket, 0), people)
    return reach


def _counts(database: Database, numbers: Sequence[int]) -> list[tuple[int, int, int]]:
    """Give (ticket, open problem of it, people that the problem touches)."""
    rows = database.all(
        "SELECT x.ticket_id, x.problem_id, "  # noqa: S608 - constants
        "CASE WHEN r.heads > r.said THEN r.heads ELSE r.said END AS n "
        f"FROM problem_ticket x JOIN ({_TOGETHER} AND p.state IN ({LIVE_SQL}) "
        "AND y.problem_id IN (SELECT problem_id FROM problem_ticket "
        "WHERE ticket_id IN :ids) GROUP BY y.problem_id) AS r "
        "ON r.problem_id = x.problem_id WHERE x.ticket_id IN :ids",
        ids=numbers,
    )
    return [(row["ticket_id"], row["problem_id"], int(row["n"])) for row in rows]


def _bursts(database: Database, numbers: Sequence[int]) -> dict[int, int]:
    rows = database.all("SELECT id, burst FROM ticket WHERE id IN :ids", ids=numbers)
    return {row["id"]: row["burst"] or 0 for row in rows}


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
