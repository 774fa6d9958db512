"""The uses of solutions and their counts.

A use is `[who, when, worked]` under the key `use.<ticket>` of the solution's ledger entries; the
counts `worked` and `failed` follow from writing it.
"""

from datetime import datetime
from typing import Any

from deskterm.domain.clock import to_text
from deskterm.domain.errors import NotFoundError
from deskterm.storage.driver import Database, Row, moment
from deskterm.storage.work import Work

Use = list[Any]


def read_use(database: Database, number: int, ticket: int) -> Use | None:
    """Give who used a solution on a ticket, when, and whether it worked; None where nobody did."""
    row = database.one(
        "SELECT actor, at, worked FROM solution_use "
        "WHERE solution_id = :id AND ticket_id = :ticket ORDER BY id DESC LIMIT 1",
        id=number,
        ticket=ticket,
    )
    if row is None:
        return None
    worked = None if row["worked"] is None else bool(row["worked"])
    return [row["actor"], to_text(moment(row["at"])), worked]


def write_use(work: Work, number: int, ticket: int, use: Use | None) -> Use | None:
    """Set the one use of a solution on a ticket (None takes it away) and correct the counts."""
    spine = work.spine
    before = read_use(spine, number, ticket)
    spine.run(
        "DELETE FROM solution_use WHERE solution_id = :id AND ticket_id = :ticket",
        id=number,
        ticket=ticket,
    )
    if use is not None:
        spine.run(
            "INSERT INTO solution_use (solution_id, ticket_id, actor, at, worked) "
            "VALUES (:id, :ticket, :actor, :at, :worked)",
            id=number,
            ticket=ticket,
            actor=use[0],
            at=use[1] if isinstance(use[1], datetime) else moment(use[1]),
            worked=use[2],
        )
    spine.run(
        "UPDATE solution SET worked = worked + :worked, failed = failed + :failed WHERE id = :id",
        worked=_count(use, True) - _count(before, True),
        failed=_count(use, False) - _count(before, False),
        id=number,
    )
    return read_use(spine, number, ticket)


def _count(use: Use | None, worked: bool) -> int:
    return int(use is not None and use[2] is worked)


def lock(work: Work, number: int) -> Row:
    """Give a solution's row, locked on PostgreSQL; raises NotFoundError."""
    lock = "" if work.spine.dialect == "sqlite" else " FOR UPDATE"
    row = work.spine.one(
        "SELECT id, title, confidence, version, worked, failed, audience, resolution, tip "  # noqa: S608 - constants
        f"FROM solution WHERE id = :id{lock}",
        id=number,
    )
    if row is None:
        raise NotFoundError(f"there is no solution S{number}; see `deskterm solution list`.")
    return row
