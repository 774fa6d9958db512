"""The uses of solutions, their counts, and undo of whatever was done to a solution.

A use is `[who, when, worked]` under the key `use.<ticket>` of the solution's ledger entries; the
counts `worked` and `failed` follow from writing it. Loaded by undo, so it needs no SQLModel.
"""

from datetime import datetime
from typing import Any

from deskterm.domain.clock import to_text
from deskterm.domain.errors import Clash, ConflictError, NotFoundError
from deskterm.domain.vocabulary import Confidence, Event
from deskterm.storage.driver import Database, Row, moment
from deskterm.storage.work import Work

COLUMNS = (
    "title",
    "symptoms",
    "environment",
    "cause",
    "resolution",
    "tip",
    "confidence",
    "audience",
    "category_id",
    "fixed_in",
    "owner",
    "review_by",
    "published_at",
)
"""What an edit may change and an undo restores."""

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


def undo(work: Work, number: int, changes: dict[str, tuple[Any, Any]]) -> None:
    """Restore what one ledger entry changed; raises ConflictError where it changed since."""
    current = _current(work, number)
    values: dict[str, Any] = {}
    back: dict[str, tuple[Any, Any]] = {}
    if _is_creation(changes):
        changes = {"confidence": (str(Confidence.ARCHIVED), changes["confidence"][1])}
    for key, (before, after) in changes.items():
        now = current.get(key) if not key.startswith("use.") else _use_of(work, number, key)
        if now != after:
            raise _conflict(number, key, after, now)
        if key.startswith("use."):
            write_use(work, number, int(key.removeprefix("use.")), before)
        else:
            values[key] = before
        back[key] = (after, before)
    version = _store(work, number, values, current["version"]) if values else current["version"]
    work.record(("solution", number), Event.UNDONE, changes=back, version=version)


def _is_creation(changes: dict[str, tuple[Any, Any]]) -> bool:
    return "confidence" in changes and changes["confidence"][0] is None


def _use_of(work: Work, number: int, key: str) -> Use | None:
    return read_use(work.spine, number, int(key.removeprefix("use.")))


def _current(work: Work, number: int) -> dict[str, Any]:
    lock = "" if work.spine.dialect == "sqlite" else " FOR UPDATE"
    row = work.spine.one(
        f"SELECT version, {', '.join(COLUMNS)} FROM solution WHERE id = :id{lock}",  # noqa: S608 - constants
        id=number,
    )
    if row is None:
        return {"version": 0}
    found = {name: row[name] for name in ("version", *COLUMNS)}
    published = found["published_at"]
    found["published_at"] = None if published is None else to_text(moment(published))
    return found


def _store(work: Work, number: int, values: dict[str, Any], version: int) -> int:
    if values.get("published_at") is not None:
        values = {**values, "published_at": moment(values["published_at"])}
    names = [name for name in COLUMNS if name in values]
    sets = [*(f"{name} = :{name}" for name in names), "version = :version", "updated_at = :now"]
    work.spine.run(
        f"UPDATE solution SET {', '.join(sets)} WHERE id = :id",  # noqa: S608 - COLUMNS only
        **{name: values[name] for name in names},
        version=version + 1,
        now=work.at,
        id=number,
    )
    return version + 1


def _conflict(number: int, key: str, seen: Any, now: Any) -> ConflictError:
    shown = "a rating" if key.startswith("use.") else f"{key} (now {str(now)[:60]!r})"
    return ConflictError(
        f"it cannot be undone: S{number}: {shown} changed since. Change it back by hand.",
        (Clash(f"S{number} {key}", seen, now, "somebody"),),
    )


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
