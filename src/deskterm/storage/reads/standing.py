"""Reads for "why is this on top" and "take the next one"."""

from collections.abc import Sequence
from datetime import datetime

from deskterm.domain.errors import NotFoundError
from deskterm.domain.rows import BoardRow
from deskterm.domain.standing import Standing
from deskterm.domain.vocabulary import OPEN_STATES
from deskterm.storage.driver import Database
from deskterm.storage.reads import board
from deskterm.storage.reads.clocks import promised
from deskterm.triage.ranking import key, reasons
from deskterm.triage.ranking import reason as impact_reason
from deskterm.triage.taking import Taker

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
        *promised(database, row.id, now),
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
