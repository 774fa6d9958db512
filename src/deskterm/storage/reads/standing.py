"""Reads for "why is this on top" and "take the next one"."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from deskterm.calendars.history import is_paused
from deskterm.domain.errors import NotFoundError
from deskterm.domain.rows import BoardRow
from deskterm.domain.standing import ClockRow, PieceRow, Standing
from deskterm.domain.vocabulary import OPEN_STATES, State
from deskterm.storage.driver import Database, moment_or_none
from deskterm.storage.reads import board
from deskterm.storage.ticket.clocks import past_of, read_promises
from deskterm.triage.ranking import key, reasons
from deskterm.triage.ranking import reason as impact_reason
from deskterm.triage.taking import Taker

if TYPE_CHECKING:
    from deskterm.calendars.history import Past, Pause
    from deskterm.calendars.promise import Promises, Span

_EXPERIENCE = 2_000
"""Newest tickets of a technician that are looked at for what they have solved."""


def standing(database: Database, number: int, now: datetime) -> Standing:
    """Give where a ticket stands and why; raises NotFoundError."""
    rows = board.rows(database, [number])
    if not rows:
        raise NotFoundError(f"there is no ticket #{number}.")
    row = rows[0]
    is_open = row.state in OPEN_STATES
    return Standing(
        row.id,
        row.subject,
        _before(database, row) + 1 if is_open else None,
        _count(database, "is_open = TRUE"),
        tuple(_reasons(database, row, now)),
        tuple(_clocks(database, row, now)),
    )


def _count(database: Database, condition: str, **params: object) -> int:
    row = database.one(f"SELECT count(*) AS n FROM ticket WHERE {condition}", **params)  # noqa: S608 - constants
    return int(row["n"]) if row else 0


def _before(database: Database, row: BoardRow) -> int:
    """How many open tickets the board shows above this one."""
    stands = key(row)
    return _count(
        database,
        "is_open = TRUE AND (line, rank_at, -impact, opened_at, id) "
        "< (:line, :rank, :impact, :opened, :id)",
        **dict(zip(("line", "rank", "impact", "opened", "id"), stands, strict=True)),
    )


def _reasons(database: Database, row: BoardRow, now: datetime) -> list[str]:
    """Give why it stands there; where a problem touches so many people, which one."""
    found = reasons(row, now)
    plain = f"{row.impact} people"
    if plain in found:
        known = database.one(
            "SELECT t.people, min(x.problem_id) AS problem FROM ticket t "
            "LEFT JOIN problem_ticket x ON x.ticket_id = t.id WHERE t.id = :id GROUP BY t.people",
            id=row.id,
        )
        if known is not None and known["problem"] is not None:
            words = impact_reason(known["people"], row.impact, f"P{known['problem']}")
            found[found.index(plain)] = words
    return found


def _clocks(database: Database, row: BoardRow, now: datetime) -> list[ClockRow]:
    from deskterm.calendars.promise import PICKUP, SOLUTION, Span
    from deskterm.storage.desk_settings import values

    promises = read_promises(database)
    past = past_of(database, [row.id], now)[row.id]
    texts = values(database)
    found = []
    judged = _judged(database, row.id)
    for kind, ended in ((PICKUP, row.picked_at), (SOLUTION, _solved_at(database, row.id))):
        target = promises.targets[kind, row.urgent]
        if target is not None:
            text = str(texts[f"promise.{kind}{'_urgent' if row.urgent else ''}"])
            span = Span(past.start(row.opened_at), target, _pauses(past, ended or now))
            one = _clock(promises, row, (kind, text), span, (ended, now))
            found.append(_as_judged(one, judged[kind]))
    return found


def _judged(database: Database, number: int) -> dict[str, datetime | None]:
    """Give kind of promise → its deadline as it is kept beside the ticket."""
    row = database.returned(
        "SELECT pickup_due AS pickup, solution_due AS solution FROM ticket WHERE id = :id",
        id=number,
    )
    return {kind: moment_or_none(row[kind]) for kind in ("pickup", "solution")}


def _as_judged(clock: ClockRow, due: datetime | None) -> ClockRow:
    """Give a clock with the deadline it is judged by: what is finished is not judged anew."""
    if due is None or clock.state == "paused":
        return clock
    state = clock.state
    if clock.ended_at is not None:
        state = "kept" if clock.ended_at <= due else "missed"
    return clock._replace(due_at=due, state=state)


def _pauses(past: "Past", until: datetime) -> "tuple[Pause, ...]":
    return tuple(pause for pause in past.pauses if pause.start < until)


def _clock(
    promises: "Promises",
    row: BoardRow,
    named: tuple[str, str],
    span: "Span",
    ended: tuple[datetime | None, datetime],
) -> ClockRow:
    from deskterm.calendars.promise import due_at, segments
    from deskterm.domain.errors import UsageError

    end, now = ended
    stands = end is None and is_paused(row.state, row.waiting_for, row.approval)
    try:
        due = None if stands else due_at(span, promises.calendar)
    except (UsageError, OverflowError):
        due = None
    pieces = tuple(
        PieceRow(*piece, round(piece.counted.total_seconds()))
        for piece in segments(span, promises.calendar, end or now)
    )
    state = "paused" if stands else "running"
    if end is not None:
        state = "kept" if due is None or end <= due else "missed"
    return ClockRow(*named, state, due, end, sum(piece.counted for piece in pieces), pieces)


def _solved_at(database: Database, number: int) -> datetime | None:
    """When the work was said to be done, or the ticket ended without that."""
    row = database.one("SELECT state, solved_at, closed_at FROM ticket WHERE id = :id", id=number)
    if row is None or row["state"] in (State.NEW, State.OPEN, State.WAITING):
        return None
    return moment_or_none(row["solved_at"]) or moment_or_none(row["closed_at"])


def taker(database: Database, me: str, rows: Sequence[BoardRow]) -> Taker:
    """Give what is known of a technician who takes one of these tickets."""
    groups = database.all(
        "SELECT g.name FROM membership m JOIN desk_group g ON g.id = m.group_id "
        "WHERE m.login = :me",
        me=me,
    )
    gave = database.all(
        "SELECT id FROM ticket WHERE from_assignee = :me AND id IN :ids",
        me=me,
        ids=[row.id for row in rows],
    )
    solved = database.all(
        "SELECT c.path, count(*) AS n FROM (SELECT category_id FROM ticket WHERE assignee = :me "
        "AND outcome = 'solved' ORDER BY id DESC LIMIT :most) AS own "
        "JOIN category c ON c.id = own.category_id GROUP BY c.path",
        me=me,
        most=_EXPERIENCE,
    )
    return Taker(
        {row["name"] for row in groups},
        {row["id"] for row in gave},
        {row["path"]: row["n"] for row in solved},
    )
