"""A visit as it hangs on a ticket, `visit.7`; never two of one technician at once.

Whoever fixes one holds its technician's row until the commit (on SQLite the whole file is held), so
of two writers the second sees what the first has fixed.
"""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from deskterm.calendars.slots import Busy, in_the_way
from deskterm.domain.errors import ConflictError
from deskterm.domain.text import storable
from deskterm.domain.visits import FARTHEST, Agreed, VisitState, agreed_of
from deskterm.storage.driver import Database, as_row, json_text, moment
from deskterm.storage.reads.visits import BUSY, busy_of

if TYPE_CHECKING:
    from deskterm.storage.work import Work

UNDONE = "undone"
"""The state of one whose beginning was taken back: its number and sequence stay taken."""
_ANSWERED = {VisitState.FIXED, VisitState.DECLINED}
"""Between these a customer's answer moves it."""


def next_number(database: Database) -> int:
    """Give the number of a new visit."""
    row = database.returned(
        "INSERT INTO counter (name, value) VALUES ('visit', 1) "
        "ON CONFLICT (name) DO UPDATE SET value = counter.value + 1 RETURNING value"
    )
    return int(row["value"])


def sequence_of(database: Database, number: int) -> int:
    """Give how often a visit was changed by now."""
    row = database.one("SELECT sequence FROM visit WHERE id = :id", id=number)
    return int(row["sequence"]) if row else 0


def visit_told(database: Database, entry: int) -> bool:
    """Tell whether a letter has left that was written in the operation of a ledger entry."""
    row = database.one(
        "SELECT 1 AS there FROM outbox o JOIN ledger l ON l.id = :entry "
        "WHERE o.ticket_id = l.subject_id AND o.template IN ('visit', 'visit-stays', 'visit-off') "
        "AND o.state IN ('claimed', 'sent') LIMIT 1",
        entry=entry,
    )
    return row is not None


def read_visit(work: "Work", _: int, name: str) -> object:
    """Give a visit as the ledger keeps it; None where there is none."""
    found = _read(work.spine, int(name))
    return found.kept if found else None


def _read(database: Database, number: int) -> Agreed | None:
    row = database.one("SELECT * FROM visit WHERE id = :id", id=number)
    if row is None or row["state"] == UNDONE:
        return None
    slots = tuple(moment(one) for one in json.loads(row["slots"]))
    return as_row(Agreed, row, slots=slots)


def write_visit(work: "Work", ticket: int, name: str, value: object) -> None:
    """Store a visit; None takes it back. Raises ConflictError where the technician is elsewhere."""
    spine, number = work.spine, int(name)
    if not isinstance(value, Mapping):
        spine.run(
            "UPDATE visit SET state = :state, sequence = sequence + 1 WHERE id = :id",
            state=UNDONE,
            id=number,
        )
        return
    visit, before = agreed_of(value), _read(spine, number)
    if visit.state == VisitState.FIXED:
        _hold_technician(spine, visit.technician)
        check_free(spine, number, visit)
    row = visit._asdict() | {
        "place": storable(visit.place),
        "what": storable(visit.what),
        "until_at": visit.until,
        "slots": json_text(visit.kept["slots"]),
    }
    changed = spine.run(
        "UPDATE visit SET technician = :technician, at = :at, until_at = :until_at, "
        "minutes = :minutes, travel = :travel, site_id = :site_id, place = :place, what = :what, "
        "state = :state, slots = :slots, answer = :answer, sequence = sequence + :raised "
        "WHERE id = :id",
        id=number,
        raised=int(_is_news(before, visit)),
        **row,
    )
    if not changed:
        spine.run(
            "INSERT INTO visit (id, ticket_id, technician, at, until_at, minutes, travel, site_id, "
            "place, what, state, slots, answer, sequence) VALUES (:id, :ticket, :technician, :at, "
            ":until_at, :minutes, :travel, :site_id, :place, :what, :state, :slots, :answer, 0)",
            id=number,
            ticket=ticket,
            **row,
        )


def _is_news(before: Agreed | None, now: Agreed) -> bool:
    """Tell whether a customer's calendar is to know; their own answer they know themselves."""
    if before is None or not {before.state, now.state} <= _ANSWERED:
        return True
    same = before._replace(state=now.state, answer=now.answer, travel=now.travel, slots=now.slots)
    return same != now


def _hold_technician(database: Database, login: str) -> None:
    lock = "" if database.dialect == "sqlite" else " FOR NO KEY UPDATE"
    database.all(f"SELECT login FROM technician WHERE login = :login{lock}", login=login)  # noqa: S608 - constants


def check_free(database: Database, number: int, visit: Agreed) -> None:
    """Raise ConflictError where another visit of the technician leaves no time for this one."""
    assert visit.at is not None
    start, end = visit.at, visit.at + timedelta(minutes=visit.minutes)
    far = timedelta(minutes=FARTHEST)
    rows = database.all(
        f"{BUSY} AND v.technician = :login AND v.id <> :id AND v.at < :end AND v.until_at > :start",
        login=visit.technician,
        id=number,
        start=start - far,
        end=end + far,
    )
    one = Busy(start, end, visit.site_id, visit.travel, -1)
    other = in_the_way(one, map(busy_of, rows))
    if other is not None:
        way = " with the way there" if other.end <= start or end <= other.start else ""
        raise ConflictError(
            f"{visit.technician} has a visit for #{other.ticket} from {_time(other.start)} to "
            f"{_time(other.end)} UTC{way}: choose another time or technician."
        )


def _time(at: datetime) -> str:
    return f"{moment(at):%Y-%m-%d %H:%M}"
