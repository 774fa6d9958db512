"""Reads of time worked: of a ticket, of a period, what is proposed, what runs."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from deskterm.domain.times import TimeRow, TimeState
from deskterm.storage.driver import Database, as_row, moment
from deskterm.storage.phrases import CALLED
from deskterm.storage.reads.asked import Asked
from deskterm.storage.reads.where import compile_query
from deskterm.triage.query import Query

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
