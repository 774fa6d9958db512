"""The uses of solutions and their counts.

A use is `[who, when, worked]` under the key `use.<ticket>` of the solution's ledger entries. The
counts `worked` and `failed` follow from writing it, and so does `faded`: what its votes count at
the moment of the last one, so that nobody reads all of them to tell what they count now.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from deskterm.domain.clock import to_text
from deskterm.domain.errors import NotFoundError
from deskterm.storage.driver import Database, Row, moment
from deskterm.storage.work import Work
from deskterm.triage.proof import Faded, counted

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
        "UPDATE solution SET worked = worked + :worked, failed = failed + :failed, "
        "faded = :faded WHERE id = :id",
        worked=_count(use, True) - _count(before, True),
        failed=_count(use, False) - _count(before, False),
        faded=_faded_after(spine, number, before, use),
        id=number,
    )
    return read_use(spine, number, ticket)


def _faded_after(spine: Database, number: int, before: Use | None, use: Use | None) -> str:
    """Give what its votes count now that one was written: a new one is added to what was kept."""
    row = spine.one("SELECT faded FROM solution WHERE id = :id", id=number)
    kept = _read(row["faded"]) if row else None
    if (before is None or before[2] is None) and kept is not None:
        if use is None or use[2] is None:
            return _text(kept)
        at = use[1] if isinstance(use[1], datetime) else moment(use[1])
        return _text(kept.and_one(at, use[2]))
    votes = votes_of(spine, [number]).get(number)
    return _text(counted(votes)) if votes else ""


def votes_of(database: Database, numbers: Sequence[int]) -> dict[int, list[tuple[datetime, bool]]]:
    """Give when each of some solutions worked or did not, oldest first, by number."""
    found: dict[int, list[tuple[datetime, bool]]] = {}
    for row in database.all(
        "SELECT solution_id, at, worked FROM solution_use "
        "WHERE worked IS NOT NULL AND solution_id IN :ids ORDER BY at, id",
        ids=numbers,
    ):
        votes = found.setdefault(row["solution_id"], [])
        votes.append((moment(row["at"]), bool(row["worked"])))
    return found


def faded_of(
    database: Database, numbers: Sequence[int], now: datetime
) -> Mapping[int, tuple[float, float]]:
    """Give how much counts as worked and as failed of some solutions; without a vote left out."""
    rows = database.all(
        "SELECT id, faded FROM solution WHERE id IN :ids AND faded <> ''", ids=numbers
    )
    found = {row["id"]: kept.by(now) for row in rows if (kept := _read(row["faded"]))}
    return {number: (one.worked, one.failed) for number, one in found.items()}


def refresh(database: Database, numbers: Iterable[int] | None = None) -> None:
    """Count the votes of solutions anew (None: of all), for what was written in bulk."""
    if numbers is None:
        numbers = [row["id"] for row in database.all("SELECT id FROM solution")]
    votes = votes_of(database, list(numbers))
    database.many(
        "UPDATE solution SET faded = :faded WHERE id = :id",
        [{"id": number, "faded": _text(counted(said))} for number, said in votes.items()],
    )


def _text(kept: Faded) -> str:
    return json.dumps([kept.worked, kept.failed, to_text(kept.at)])


def _read(text: str) -> Faded | None:
    if not text:
        return None
    worked, failed, at = json.loads(text)
    return Faded(worked, failed, moment(at))


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
