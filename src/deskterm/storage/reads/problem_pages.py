"""What is known of a problem besides its facts: what it cost, what was done to it, its releases."""

import json
from datetime import datetime, timedelta

from deskterm.domain.problems import LIVE, state_words
from deskterm.domain.vocabulary import Event
from deskterm.reports.cost import Bill, Cost, Rates, Spent, bill
from deskterm.reports.pack import Costly
from deskterm.reports.problem_page import Happened, ProblemPage
from deskterm.reports.queue import Case, Hurt
from deskterm.storage.desk_settings import values
from deskterm.storage.driver import Database, Row, as_row, moment, moment_or_none
from deskterm.storage.phrases import NOT_UNDONE, OF_TICKET
from deskterm.storage.reads.problems import view
from deskterm.storage.targets import desk_calendar
from deskterm.storage.trackers import tracked

_SPENT = """
SELECT t.id, t.requester_id, t.opened_at, t.worked, t.people, t.cannot_work,
  coalesce(t.solved_at, t.first_closed_at) AS ended_at
FROM problem_ticket x JOIN ticket t ON t.id = x.ticket_id
WHERE x.problem_id = :id AND t.merged_into IS NULL AND {whose} ORDER BY t.id
"""
_WHOSE = f"(CAST(:client AS bigint) IS NULL OR {OF_TICKET} = :client)"
_NAMES = {
    "site_id": "site",
    "category_id": "category",
    "organisation_id": "client",
    "measure_on": "measure on",
}


def page(database: Database, number: int, now: datetime) -> ProblemPage:
    """Give all that is known of a problem; raises NotFoundError."""
    known = view(database, number)
    spent = cost(database, number, known.measure_cost, now)
    there = tuple(tracked(database, [number]))
    past = history(database, number)
    return ProblemPage(known, spent, releases(database, number), past, there)


def cost(
    database: Database,
    number: int,
    measure_cost: str,
    now: datetime,
    when: tuple[datetime, datetime] | None = None,
    client: int | None = None,
) -> Bill:
    """Give what a problem has cost so far; hours lost are business hours until it was solved.

    `when` counts only tickets opened from its first until before its second instant, `client` only
    those that belong to it.
    """
    known = values(database)
    calendar = desk_calendar(database)
    rows = database.all(_SPENT.format(whose=_WHOSE), id=number, client=client)
    if when is not None:
        rows = [row for row in rows if when[0] <= moment(row["opened_at"]) < when[1]]

    def lost(row: Row) -> float | None:
        if row["people"] is None and row["cannot_work"] is None:
            return None
        many = row["people"] or int(bool(row["cannot_work"]))
        ended = moment_or_none(row["ended_at"]) or now
        passed = calendar.business_time_between(moment(row["opened_at"]), ended)
        return float(many * (passed / timedelta(hours=1)))

    spent = [
        Spent(
            row["id"],
            row["requester_id"],
            moment(row["opened_at"]),
            row["worked"] / 3600,
            lost(row),
        )
        for row in rows
    ]
    rates = Rates(float(known["cost.technician_hour"]), float(known["cost.customer_hour"]))
    return bill(spent, rates, calendar.zone, now, measure_cost)


def costly(
    database: Database,
    when: tuple[datetime, datetime],
    now: datetime,
    most: int,
    client: int | None = None,
) -> list[Costly]:
    """Give the problems whose tickets of a time have cost most: money, else hours, else tickets.

    With a client only its own tickets, of problems that are its or nobody's.
    """
    rows = database.all(
        "SELECT p.id, p.title, p.state, count(*) AS n FROM problem p "  # noqa: S608 - constants
        "JOIN problem_ticket x ON x.problem_id = p.id JOIN ticket t ON t.id = x.ticket_id "
        "WHERE t.opened_at >= :low AND t.opened_at < :high AND t.merged_into IS NULL "
        f"AND {_WHOSE} AND (CAST(:client AS bigint) IS NULL OR p.organisation_id IS NULL "
        "OR p.organisation_id = :client) "
        "GROUP BY p.id, p.title, p.state ORDER BY n DESC, p.id LIMIT :most",
        low=when[0],
        high=when[1],
        most=4 * most,
        client=client,
    )
    found = [
        Costly(
            row["id"],
            row["title"],
            state_words(row["state"]),
            cost(database, row["id"], "", now, when, client).whole,
        )
        for row in rows
    ]
    found.sort(key=lambda one: _dear(one.cost), reverse=True)
    return found[:most]


def _dear(one: Cost) -> tuple[float, float, int]:
    return one.money or 0.0, one.worked + one.lost, one.tickets


def history(database: Database, number: int, limit: int = 200) -> tuple[Happened, ...]:
    """Give what was done to a problem itself, the newest first; its tickets have their own."""
    rows = database.all(
        "SELECT at, actor, event, text, changes FROM ledger "
        "WHERE kind = 'problem' AND subject_id = :id ORDER BY id DESC LIMIT :some",
        id=number,
        some=limit,
    )
    return tuple(
        Happened(moment(row["at"]), row["actor"], row["event"], row["text"], _changes(row))
        for row in rows
    )


def _changes(row: Row) -> tuple[tuple[str, str, str], ...]:
    found = json.loads(row["changes"])
    return tuple(
        (_NAMES.get(key, key.replace("_", " ")), _words(key, old), _words(key, new))
        for key, (old, new) in found.items()
        if "." not in key
    )


def _words(key: str, value: object) -> str:
    text = "" if value is None else str(value)
    return state_words(text) if key == "state" else text


def releases(database: Database, number: int) -> tuple[str, ...]:
    """Give the releases that fix a problem, each with where it stands, the newest first."""
    rows = database.all(
        "SELECT r.name, r.shipped_at, r.withdrawn_at FROM release_problem f "
        "JOIN release r ON r.id = f.release_id WHERE f.problem_id = :id ORDER BY r.id DESC",
        id=number,
    )
    return tuple(f"{row['name']} ({_stands(row)})" for row in rows)


def _stands(row: Row) -> str:
    if row["withdrawn_at"] is not None:
        return "withdrawn"
    return "shipped" if row["shipped_at"] is not None else "planned"


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
