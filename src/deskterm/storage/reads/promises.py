"""What is promised, as rows: each source is one row of `SOURCES` (G6, F5)."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from deskterm.domain.problems import PENDING
from deskterm.domain.promises import BrokenRow, PromiseKind, PromiseRow, late
from deskterm.domain.releases import Recipient
from deskterm.storage.driver import Database, Row, as_row, moment_or_none
from deskterm.storage.phrases import CALLED, MAIN_ADDRESS
from deskterm.storage.reads.asked import desk_zone

PENDING_SQL = ", ".join(f"'{state}'" for state in PENDING)
"""The states in which a problem is still to be fixed."""
_PLANNED = (
    "(SELECT min(r.planned_at) FROM release_problem f JOIN release r ON r.id = f.release_id "
    "WHERE f.problem_id = q.id AND r.shipped_at IS NULL AND r.withdrawn_at IS NULL)"
)
_FIXES = f"""
SELECT o.ticket_id, o.problem_id AS number, coalesce(o.due_at, {_PLANNED}) AS at,
  coalesce(nullif(q.owner, ''), t.assignee) AS owner, q.title AS note, o.broken
FROM problem_promise o JOIN problem q ON q.id = o.problem_id JOIN ticket t ON t.id = o.ticket_id
WHERE q.state IN ({PENDING_SQL}) OR o.told = ''
"""  # noqa: S608 - constants


class Source(NamedTuple):
    """Where promises of one kind are kept."""

    kind: PromiseKind
    select: str
    """Gives ticket_id, number, at, owner, note and broken of those that are open."""


SOURCES: tuple[Source, ...] = (
    Source(
        PromiseKind.FIX,
        _FIXES,
    ),
    Source(
        PromiseKind.CALL,
        "SELECT c.ticket_id, c.number, c.at, c.owner, c.note, c.broken FROM callback c "
        "WHERE c.state = 'open'",
    ),
    Source(
        PromiseKind.VISIT,
        "SELECT coalesce(t.merged_into, t.id) AS ticket_id, v.id AS number, v.at, "
        "v.technician AS owner, v.what AS note, FALSE AS broken FROM visit v "
        "JOIN ticket t ON t.id = v.ticket_id WHERE v.state IN ('offered', 'fixed', 'declined')",
    ),
    Source(
        PromiseKind.WAIT,
        "SELECT t.id AS ticket_id, 0 AS number, t.waiting_until AS at, t.assignee AS owner, "
        "t.waiting_reason AS note, FALSE AS broken FROM ticket t "
        "WHERE t.state = 'waiting' AND t.waiting_until IS NOT NULL",
    ),
)
"""Every source. A new one is a row here, and one of `services/promises.py` with its deeds."""

_ALL = " UNION ALL ".join(
    f"SELECT '{one.kind}' AS kind, {one.kind}_.* FROM ({one.select}) {one.kind}_"  # noqa: S608 - constants
    for one in SOURCES
)
PROMISED = " UNION ALL ".join(
    f"SELECT {one.kind}_.ticket_id FROM ({one.select}) {one.kind}_"  # noqa: S608 - constants
    for one in SOURCES
)
"""The tickets on which something is promised."""
_TICKET = f"""t.subject, t.state AS ticket_state, coalesce(g.name, '') AS group_name,
  {CALLED} AS requester, coalesce(p.phone, '') AS phone"""
_ABOUT = f"""
SELECT '' AS kind, t.id AS ticket_id, 0 AS number, NULL AS at, coalesce(t.assignee, '') AS owner,
  t.approver AS note, FALSE AS broken, {_TICKET}
FROM ticket t LEFT JOIN person p ON p.id = t.requester_id
LEFT JOIN desk_group g ON g.id = t.group_id WHERE t.id IN :ids
"""  # noqa: S608 - constants
_ROWS = f"""
SELECT x.kind, x.ticket_id, x.number, x.at, coalesce(x.owner, '') AS owner, x.note, x.broken,
  {_TICKET}
FROM ({_ALL}) x CROSS JOIN ticket t LEFT JOIN person p ON p.id = t.requester_id
LEFT JOIN desk_group g ON g.id = t.group_id
WHERE t.id = x.ticket_id
"""  # noqa: S608 - constants


def rows(database: Database, tickets: Sequence[int] | None = None) -> list[PromiseRow]:
    """Give what is promised (None: on any ticket), the earliest first; without a day at the end."""
    found = (
        database.all(f"{_ROWS} ORDER BY x.at, x.ticket_id LIMIT 5000")
        if tickets is None
        else database.all(f"{_ROWS} AND t.id IN :ids ORDER BY x.at, x.ticket_id", ids=tickets)
    )
    return _planned(database, [_row(one) for one in found])


def _planned(database: Database, listed: list[PromiseRow]) -> list[PromiseRow]:
    """Give fixes without a day that of their problem's measure."""
    days = {
        row["id"]: str(row["measure_on"])
        for row in database.all("SELECT id, measure_on FROM problem WHERE measure_on <> ''")
    }
    zone = desk_zone(database) if days else None
    return [
        one._replace(at=datetime.fromisoformat(days[one.number]).replace(tzinfo=zone))
        if one.kind == PromiseKind.FIX and one.at is None and one.number in days
        else one
        for one in listed
    ]


def _row(row: Row) -> PromiseRow:
    return as_row(PromiseRow, row, group=row["group_name"], broken=bool(row["broken"]))


def to_tell(database: Database, since: datetime, until: datetime) -> list[PromiseRow]:
    """Give fixes and call-backs that are due within a time, the earliest first."""
    found = database.all(
        f"{_ROWS} AND x.at > :since AND x.at <= :until AND x.kind IN :kinds "
        "ORDER BY x.at, x.ticket_id LIMIT 1000",
        since=since,
        until=until,
        kinds=[str(PromiseKind.FIX), str(PromiseKind.CALL)],
    )
    return [_row(one) for one in found]


def about(database: Database, tickets: Sequence[int]) -> dict[int, PromiseRow]:
    """Give what a promise about each of these tickets says of it; its approver is the note."""
    found = database.all(_ABOUT, ids=tickets)
    return {row["ticket_id"]: _row(row) for row in found}


def broken(database: Database, now: datetime) -> list[BrokenRow]:
    """Give, kind by kind, how many promises were broken: kept late or given up, and late now."""
    fixes = database.all(
        "SELECT o.due_at AS at, o.broken, "  # noqa: S608 - constants
        f"(q.state IN ({PENDING_SQL}) OR o.told = '') AS open FROM problem_promise o "
        "JOIN problem q ON q.id = o.problem_id WHERE o.due_at IS NOT NULL OR o.broken = TRUE"
    )
    visits = database.all(
        "SELECT until_at AS at, state = 'missed' AS broken, state = 'fixed' AS open FROM visit "
        "WHERE state IN ('missed', 'fixed')"
    )
    calls = database.all(
        "SELECT at, broken, state = 'open' AS open FROM callback WHERE state = 'open' "
        "OR broken = TRUE"
    )
    return [
        BrokenRow(
            str(kind),
            sum(1 for one in found if one["broken"]),
            sum(1 for one in found if not one["broken"] and _is_late(one, now, kind)),
        )
        for kind, found in (
            (PromiseKind.FIX, fixes),
            (PromiseKind.CALL, calls),
            (PromiseKind.VISIT, visits),
        )
    ]


def _is_late(row: Row, now: datetime, kind: PromiseKind) -> bool:
    at = moment_or_none(row["at"])
    return bool(row["open"]) and at is not None and late(at, now, kind)


class Fix(NamedTuple):
    """A fix that was promised to a ticket's requester."""

    ticket_id: int
    at: datetime
    due_at: datetime | None
    told: str
    broken: bool
    requester_id: int | None


def fixes(database: Database, problem: int) -> list[Fix]:
    """Give to whom a problem's fix was promised, by ticket."""
    found = database.all(
        "SELECT o.ticket_id, o.at, o.due_at, o.told, o.broken, t.requester_id "
        "FROM problem_promise o JOIN ticket t ON t.id = o.ticket_id "
        "WHERE o.problem_id = :id ORDER BY o.ticket_id",
        id=problem,
    )
    return [as_row(Fix, row, broken=bool(row["broken"])) for row in found]


def pending_of(database: Database, ticket: int) -> list[int]:
    """Give the problems of a ticket that are still to be fixed."""
    found = database.all(
        "SELECT x.problem_id FROM problem_ticket x JOIN problem q ON q.id = x.problem_id "  # noqa: S608 - constants
        f"WHERE x.ticket_id = :id AND q.state IN ({PENDING_SQL}) ORDER BY x.problem_id",
        id=ticket,
    )
    return [row["problem_id"] for row in found]


_HURT = f"""
SELECT w.ticket_id, w.watches, p.id AS person_id, p.name, a.address FROM (
  SELECT t.id AS ticket_id, t.requester_id AS person_id, 0 AS watches
  FROM ticket t WHERE t.id IN :ids
  UNION
  SELECT v.ticket_id, v.person_id, 1 FROM watcher v WHERE v.ticket_id IN :ids
) w JOIN person p ON p.id = w.person_id JOIN {MAIN_ADDRESS} AND a.broken_since IS NULL
ORDER BY p.id, w.watches, w.ticket_id
"""  # noqa: S608 - constants


def hurt(database: Database, tickets: Sequence[int]) -> list[Recipient]:
    """Give whom these tickets concern and a letter reaches: requesters, then watchers; each once.

    Whoever wants no news is among them: it is about their own ticket.
    """
    people: dict[int, Recipient] = {}
    for row in database.all(_HURT, ids=tickets):
        known = people.get(row["person_id"])
        word = "watches" if row["watches"] else "reported"
        if known is None:
            new = (row["person_id"], row["name"], row["address"], (row["ticket_id"],), word)
            people[row["person_id"]] = Recipient(*new)
        elif row["ticket_id"] not in known.tickets and known.reason == word:
            tickets_ = (*known.tickets, row["ticket_id"])
            people[row["person_id"]] = known._replace(tickets=tickets_)
    return list(people.values())
