"""Time worked, as it hangs on a ticket (`time.7`): written, read, counted."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from deskterm.domain.errors import ConflictError
from deskterm.domain.text import storable
from deskterm.domain.times import Span, TimeKind, TimeRow, TimeState, Worked, worked_of
from deskterm.storage.driver import Database, Row, as_row, moment
from deskterm.storage.phrases import CALLED
from deskterm.storage.reads.asked import Asked
from deskterm.storage.reads.where import compile_query
from deskterm.triage.query import Query

if TYPE_CHECKING:
    from deskterm.storage.work import Work


_ONE = "SELECT e.id, e.ticket_id, e.technician, e.kind, e.state, e.started_at, e.seconds, e.note, "
_ONE += "e.run_id AS run FROM time_entry e"


class Clock(NamedTuple):
    """A clock that runs."""

    number: int
    ticket: int
    worked: Worked


def next_number(database: Database) -> int:
    """Give the number of a new entry."""
    row = database.returned(
        "INSERT INTO counter (name, value) VALUES ('time', 1) "
        "ON CONFLICT (name) DO UPDATE SET value = counter.value + 1 RETURNING value"
    )
    return int(row["value"])


def read_time(work: "Work", ticket: int, name: str) -> object:
    """Give an entry as the ledger keeps it; None where the ticket has none of that number."""
    row = work.spine.one(f"{_ONE} WHERE e.id = :id AND e.ticket_id = :ticket", id=int(name),
                         ticket=ticket)  # fmt: skip
    return _worked(row).kept if row else None


def write_time(work: "Work", ticket: int, name: str, value: object) -> None:
    """Store an entry; None takes it off the ticket. Raises ConflictError for a second clock."""
    spine, number = work.spine, int(name)
    if value is None:
        spine.later(
            "DELETE FROM time_entry WHERE id = :id AND ticket_id = :ticket",
            id=number,
            ticket=ticket,
        )
        return
    worked = worked_of(value)
    if worked.state == TimeState.RUNNING:
        _only_one(spine, number, worked.technician)
    row = worked._asdict() | {"note": storable(worked.note), "id": number, "ticket": ticket}
    spine.later(
        "INSERT INTO time_entry (id, ticket_id, technician, kind, state, started_at, seconds, "
        "note, run_id) VALUES (:id, :ticket, :technician, :kind, :state, :started_at, :seconds, "
        ":note, :run) ON CONFLICT (id) DO UPDATE SET ticket_id = excluded.ticket_id, "
        "state = excluded.state, seconds = excluded.seconds, note = excluded.note",
        **row,
    )


def _only_one(database: Database, number: int, login: str) -> None:
    """Hold the technician until the commit: of two that start a clock the second sees the first."""
    lock = "" if database.dialect == "sqlite" else " FOR NO KEY UPDATE"
    database.all(f"SELECT login FROM technician WHERE login = :login{lock}", login=login)  # noqa: S608 - constants
    other = running(database, login)
    if other is not None and other.number != number:
        raise ConflictError(
            f"the clock of {login} runs on #{other.ticket}: stop it first (`deskterm time stop`)."
        )


def running(database: Database, login: str) -> Clock | None:
    """Give the clock of a technician that runs, or None."""
    row = database.one(f"{_ONE} WHERE e.state = 'running' AND e.technician = :login", login=login)
    return _clock(row) if row else None


def running_on(database: Database) -> dict[int, list[Clock]]:
    """Give ticket → its clocks that run; there is at most one a technician."""
    found: dict[int, list[Clock]] = {}
    for row in database.all(f"{_ONE} WHERE e.state = 'running' ORDER BY e.id"):
        found.setdefault(row["ticket_id"], []).append(_clock(row))
    return found


def left_running(database: Database, before: datetime, after: datetime) -> list[Clock]:
    """Give the clocks that nobody stops: started long ago, in the future, or by who has left."""
    rows = database.all(
        f"{_ONE} JOIN technician x ON x.login = e.technician WHERE e.state = 'running' "
        "AND (e.started_at < :before OR e.started_at > :after OR NOT x.active) ORDER BY e.id",
        before=before,
        after=after,
    )
    return [_clock(row) for row in rows]


def clocked(
    database: Database, login: str, since: datetime, now: datetime
) -> list[tuple[int, Span]]:
    """Give (ticket, when) of a technician's clocks that ran since then; what runs, until now."""
    rows = database.all(
        f"{_ONE} WHERE e.technician = :login AND e.kind = :clock "
        "AND (e.state = 'running' OR e.started_at >= :day)",
        login=login,
        clock=str(TimeKind.CLOCK),
        day=since,
    )
    found = []
    for row in rows:
        one = _worked(row)
        end = now if one.state == TimeState.RUNNING else one.ended_at
        found.append((int(row["ticket_id"]), Span(one.started_at, end)))
    return found


def hidden_from(database: Database, group: int | None, ticket: int) -> list[str]:
    """Give whose clock runs on a ticket of a restricted group that they are not in."""
    if database.dialect == "sqlite":
        return []
    rows = database.all(
        "SELECT e.technician FROM time_entry e JOIN desk_group g ON g.id = :group AND g.restricted "
        "WHERE e.ticket_id = :ticket AND e.state = 'running' AND NOT EXISTS (SELECT 1 "
        "FROM membership m WHERE m.group_id = g.id AND m.login = e.technician)",
        group=group,
        ticket=ticket,
    )
    return [row["technician"] for row in rows]


def is_active(database: Database, login: str) -> bool:
    """Tell whether a technician still works here."""
    row = database.one("SELECT active FROM technician WHERE login = :login", login=login)
    return bool(row and row["active"])


def _clock(row: Row) -> Clock:
    return Clock(row["id"], row["ticket_id"], _worked(row))


def _worked(row: Row) -> Worked:
    return as_row(Worked, row, started_at=moment(row["started_at"]))


_ROWS = f"""
SELECT e.id, e.ticket_id, e.technician, e.kind, e.state, e.started_at, e.seconds, e.note,
  t.subject, {CALLED} AS requester, COALESCE(o.name, '') AS organisation,
  COALESCE(s.name, '') AS service
FROM time_entry e JOIN ticket t ON t.id = e.ticket_id
LEFT JOIN person p ON p.id = t.requester_id LEFT JOIN organisation o ON o.id = p.organisation_id
LEFT JOIN service s ON s.id = t.service_id
"""  # noqa: S608 - constants
MOST = 100_000
"""Entries that are read at once."""


class Sought(NamedTuple):
    """Which entries are looked for; what is left open is all the same."""

    states: Sequence[str] = (TimeState.BOOKED,)
    start: datetime | None = None
    end: datetime | None = None
    technician: str = ""
    tickets: Sequence[int] | None = None
    numbers: Sequence[int] | None = None


def entries(database: Database, sought: Sought, query: Query, asked: Asked) -> list[TimeRow]:
    """Give entries of time in the order of their days; raises QueryError."""
    conditions = ["e.state IN :states"]
    params: dict[str, object] = {"states": list(sought.states), "most": MOST}
    for name, condition, value in (
        ("start", "e.started_at >= :start", sought.start),
        ("end", "e.started_at < :end", sought.end),
        ("technician", "e.technician = :technician", sought.technician or None),
        ("tickets", "e.ticket_id IN :tickets", sought.tickets),
        ("numbers", "e.id IN :numbers", sought.numbers),
    ):
        if value is not None:
            conditions.append(condition)
            params[name] = value
    if query.where is not None:
        where = compile_query(database, query, asked)
        conditions.append(where.condition)
        params |= where.params
    rows = database.all(
        f"{_ROWS} WHERE {' AND '.join(conditions)} ORDER BY e.started_at, e.id LIMIT :most",
        **params,
    )
    return [as_row(TimeRow, row, started_at=moment(row["started_at"])) for row in rows]
