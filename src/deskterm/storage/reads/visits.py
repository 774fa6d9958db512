"""Reads of visits: a ticket's, a day's, whoever is busy when."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta

from deskterm.calendars.slots import Busy
from deskterm.domain.visits import FARTHEST, OPEN, VisitRow, VisitState
from deskterm.storage.driver import Database, Row, as_row, moment
from deskterm.storage.phrases import CALLED, NOT_UNDONE
from deskterm.storage.reads.asked import desk_zone, zone_named

_LIVES = "COALESCE(t.merged_into, t.id)"
"""For a visit's ticket `t`: the ticket that lives on."""
_OF_TICKET = (
    "v.ticket_id IN (SELECT id FROM ticket WHERE id = :id "
    "UNION ALL SELECT id FROM ticket WHERE merged_into = :id)"
)
"""A ticket's own visits and those of what was merged into it."""
_VISITS = f"""
SELECT v.id, s.id AS ticket_id, v.technician, v.at, v.until_at, v.minutes, v.travel, v.place,
  v.what, v.state, v.answer, v.slots, v.sequence, s.subject, s.state AS ticket_state,
  COALESCE(i.name, '') AS site, {CALLED} AS requester, COALESCE(p.phone, '') AS phone,
  (v.at IS NOT NULL AND EXISTS (SELECT 1 FROM absence b WHERE b.login = v.technician
    AND b.from_at < v.until_at AND b.until_at > v.at)) AS off
FROM visit v CROSS JOIN ticket t CROSS JOIN ticket s
LEFT JOIN site i ON i.id = v.site_id LEFT JOIN person p ON p.id = s.requester_id
WHERE t.id = v.ticket_id AND s.id = {_LIVES} AND v.state <> 'undone'
"""  # noqa: S608 - constants
"""CROSS JOIN keeps SQLite from beginning with the tickets."""
_LEFT = (
    f"{_VISITS} AND v.ticket_id IN (SELECT id FROM ticket WHERE id IN :ids "  # noqa: S608 - constants
    "UNION ALL SELECT id FROM ticket WHERE merged_into IN :ids) AND v.state IN :states "
    "ORDER BY v.at IS NULL, v.at, v.id"
)
BUSY = (
    "SELECT v.at, v.until_at, v.site_id, v.travel, v.ticket_id FROM visit v WHERE v.state = 'fixed'"
)
"""Visits that take time, for `busy_of`."""


def busy_of(row: Row) -> Busy:
    """Give when and where a visit is."""
    start, end = moment(row["at"]), moment(row["until_at"])
    return Busy(start, end, row["site_id"], row["travel"], row["ticket_id"])


def visits(
    database: Database,
    *,
    start: datetime | None = None,
    end: datetime | None = None,
    technician: str | None = None,
    states: Sequence[str] = OPEN,
    limit: int = 1000,
) -> list[VisitRow]:
    """Give visits of these states, by time; those that are only offered come last.

    With a time: those that lie in it, at least in part; then what is only offered is left out.
    """
    conditions = ["v.state IN :states"]
    params: dict[str, object] = {"states": list(states), "most": limit}
    for name, condition, value in (
        ("start", "v.until_at > :start", start),
        ("end", "v.at < :end", end),
        ("technician", "v.technician = :technician", technician),
    ):
        if value is not None:
            conditions.append(condition)
            params[name] = value
    rows = database.all(
        f"{_VISITS} AND {' AND '.join(conditions)} ORDER BY v.at IS NULL, v.at, v.id LIMIT :most",
        **params,
    )
    return [visit_of(row) for row in rows]


def visits_of(database: Database, ticket: int) -> list[VisitRow]:
    """Give every visit of a ticket and of what was merged into it, the open ones first."""
    rows = database.all(
        f"{_VISITS} AND {_OF_TICKET} ORDER BY v.state NOT IN ('offered', 'fixed'), v.id DESC",
        id=ticket,
    )
    return [visit_of(row) for row in rows]


def left(database: Database, tickets: Sequence[int]) -> list[VisitRow]:
    """Give the visits of these tickets, and of what was merged into them, that are not over."""
    rows = database.all(_LEFT, ids=tickets, states=list(OPEN))
    return [visit_of(row) for row in rows]


def within(database: Database, login: str, start: datetime, end: datetime) -> list[VisitRow]:
    """Give a technician's visits within a time, those too of which a time in it is offered."""
    fixed = visits(database, start=start, end=end, technician=login, states=("fixed",))
    asked = visits(database, technician=login, states=("offered",))
    return [*fixed, *(one for one in asked if any(start <= at < end for at in one.slots))]


def visit(database: Database, number: int) -> VisitRow | None:
    """Give one visit by its number, or None."""
    row = database.one(f"{_VISITS} AND v.id = :id", id=number)
    return visit_of(row) if row else None


def visit_of(row: Row) -> VisitRow:
    """Give a visit from what is stored."""
    slots = tuple(moment(one) for one in json.loads(row["slots"]))
    return as_row(VisitRow, row, slots=slots)


def open_visit(database: Database, ticket: int) -> int | None:
    """Give the number of a ticket's open visit: one that is fixed before one that is offered."""
    row = database.one(
        f"SELECT v.id FROM visit v WHERE {_OF_TICKET} AND v.state IN :states "  # noqa: S608 - constants
        "ORDER BY v.state = :first DESC, v.at, v.id LIMIT 1",
        id=ticket,
        states=list(OPEN),
        first=str(VisitState.FIXED),
    )
    return int(row["id"]) if row else None


def busy(database: Database, technician: str, start: datetime, end: datetime) -> list[Busy]:
    """Give when a technician is at visits or off; also the times offered for other visits."""
    rows = database.all(
        f"{BUSY} AND v.technician = :login AND v.at < :end AND v.until_at > :start",
        login=technician,
        start=start,
        end=end,
    )
    away = database.all(
        "SELECT from_at, until_at FROM absence "
        "WHERE login = :login AND from_at < :end AND until_at > :start",
        login=technician,
        start=start,
        end=end,
    )
    off = [Busy(moment(row["from_at"]), moment(row["until_at"])) for row in away]
    return [*map(busy_of, rows), *_offered(database, technician), *off]


def _offered(database: Database, technician: str) -> list[Busy]:
    rows = database.all(
        "SELECT ticket_id, minutes, site_id, travel, slots FROM visit "
        "WHERE technician = :login AND state = :state",
        login=technician,
        state=str(VisitState.OFFERED),
    )
    return [
        Busy(
            moment(at),
            moment(at) + timedelta(minutes=row["minutes"]),
            row["site_id"],
            row["travel"],
            row["ticket_id"],
        )
        for row in rows
        for at in json.loads(row["slots"])
    ]


def is_off(database: Database, technician: str, start: datetime, end: datetime) -> datetime | None:
    """Give until when a technician is off who is off within these times, or None."""
    row = database.one(
        "SELECT max(until_at) AS until_at FROM absence "
        "WHERE login = :login AND from_at < :end AND until_at > :start",
        login=technician,
        start=start,
        end=end,
    )
    return moment(row["until_at"]) if row and row["until_at"] else None


def travel_to(database: Database, site: int | None) -> int:
    """Give the minutes of the way to a site; none to nowhere in particular."""
    row = database.one("SELECT travel FROM site WHERE id = :id", id=site) if site else None
    return int(row["travel"]) if row else 0


def site_name(database: Database, site: int | None) -> str:
    """Give the name of a site; empty for none."""
    row = database.one("SELECT name FROM site WHERE id = :id", id=site) if site else None
    return str(row["name"]) if row else ""


def where_is(database: Database, person: int | None) -> tuple[int | None, str]:
    """Give (site, room) of a person."""
    row = database.one("SELECT site_id, location FROM person WHERE id = :id", id=person)
    return (row["site_id"], row["location"]) if row else (None, "")


def offered_last(database: Database, ticket: int) -> int | None:
    """Give the ledger entry that last offered times for a ticket's visit that is still offered."""
    number = open_visit(database, ticket)
    visit = database.one(
        "SELECT ticket_id FROM visit WHERE id = :id AND state = 'offered'", id=number
    )
    if visit is None:
        return None
    rows = database.all(
        "SELECT l.id, l.data FROM ledger l WHERE l.kind = 'ticket' AND l.subject_id IN :tickets "  # noqa: S608 - constants
        f"AND l.event = 'visit' AND {NOT_UNDONE} ORDER BY l.id DESC",
        tickets=[ticket, visit["ticket_id"]],
    )
    told = ((row["id"], json.loads(row["data"]).get("verb")) for row in rows)
    return next((int(entry) for entry, verb in told if verb == "offered"), None)


def slots_of(database: Database, entry: int) -> list[datetime]:
    """Give the times that a ledger entry offered, in the zone in which its letter named them."""
    row = database.one("SELECT data FROM ledger WHERE id = :id", id=entry)
    told = json.loads(row["data"]).get("visit", {}) if row else {}
    zone = zone_named(told["zone"]) if told.get("zone") else desk_zone(database)
    return [moment(one).astimezone(zone) for one in told.get("slots", ())]


def about_ticket(database: Database, ticket: int) -> tuple[str | None, int | None, str]:
    """Give (owner, site, room): who has a ticket, where its requester works."""
    row = database.one(
        "SELECT t.assignee, p.site_id, COALESCE(p.location, '') AS location "
        "FROM ticket t LEFT JOIN person p ON p.id = t.requester_id WHERE t.id = :id",
        id=ticket,
    )
    return (row["assignee"], row["site_id"], row["location"]) if row else (None, None, "")


def starting(database: Database, now: datetime, ahead: timedelta) -> list[VisitRow]:
    """Give visits for which it is time to leave, and those that ended within the last day."""
    rows = database.all(
        f"{_VISITS} AND v.state = 'fixed' AND v.at < :soon AND v.until_at > :late "
        "ORDER BY v.at, v.id LIMIT 1000",
        soon=now + ahead + timedelta(minutes=FARTHEST),
        late=now - timedelta(days=1),
    )
    return [
        row
        for row in map(visit_of, rows)
        if row.at is not None and row.at - timedelta(minutes=row.travel) - ahead <= now
    ]
