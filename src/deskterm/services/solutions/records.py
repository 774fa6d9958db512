"""Solutions in an SQLModel session: locked, changed, every change kept in the ledger."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from deskterm.domain.asking import How
from deskterm.domain.clock import to_text
from deskterm.domain.errors import Clash, ConflictError, NotFoundError
from deskterm.domain.vocabulary import Confidence, Event
from deskterm.storage.driver import Database
from deskterm.storage.reads.ledger import changes_since
from deskterm.storage.row_kinds import ROW_KINDS
from deskterm.storage.work import Work

if TYPE_CHECKING:
    from deskterm.models import Solution

COLUMNS = ROW_KINDS["solution"].columns
"""What an edit may change and an undo restores."""


def held(work: Work, number: int) -> "Solution":
    """Give a solution locked for change; raises NotFoundError."""
    from sqlmodel import select

    from deskterm.models import Solution

    found = work.session.exec(
        select(Solution).where(Solution.id == number).with_for_update()
    ).one_or_none()
    if found is None:
        raise NotFoundError(f"there is no solution S{number}; see `deskterm solution list`.")
    return found


def create(work: Work, columns: dict[str, Any]) -> int:
    """Store a new draft with its ledger entry; gives its number."""
    from deskterm.models import Solution

    solution = Solution(
        **columns,
        confidence=str(Confidence.DRAFT),
        created_at=work.at,
        updated_at=work.at,
    )
    work.session.add(solution)
    work.session.flush()
    changes = {
        name: (None, _plain(getattr(solution, name)))
        for name in COLUMNS
        if getattr(solution, name) not in (None, "")
    }
    number = int(solution.id or 0)
    work.record(("solution", number), Event.OPENED, changes=changes, version=solution.version)
    return number


def apply(
    work: Work,
    solution: "Solution",
    columns: Mapping[str, object],
    verb: str,
    note: str = "",
    *,
    always: bool = False,
) -> bool:
    """Change columns and write the entry; False where nothing differs and it need not be said."""
    changes = {}
    for name, value in columns.items():
        before = getattr(solution, name)
        if before != value:
            changes[name] = (_plain(before), _plain(value))
            setattr(solution, name, value)
    if not changes and not always:
        return False
    solution.version += 1
    solution.updated_at = work.at
    work.session.add(solution)
    work.record(
        ("solution", int(solution.id or 0)),
        Event.EDITED,
        note,
        changes=changes,
        data={"verb": verb},
        version=solution.version,
    )
    return True


def check_seen(work: Work, solution: "Solution", how: How) -> None:
    """Raise ConflictError naming the fields that somebody changed since it was seen."""
    number = int(solution.id or 0)
    seen = (how.seen or {}).get(number, solution.version)
    if seen == solution.version:
        return
    clashes = _clashes_since(work.spine, number, seen)
    if clashes or how.strict:
        fields = ", ".join(f"{one.field} by {one.by}" for one in clashes) or "no field"
        raise ConflictError(
            f"S{number} was changed meanwhile: {fields} (version {seen} was seen, now it is "
            f"{solution.version}). Look at it again, then decide.",
            clashes,
        )


def _clashes_since(database: Database, number: int, version: int) -> tuple[Clash, ...]:
    found: dict[str, Clash] = {}
    for actor, changes in changes_since(database, ("solution", number), version):
        for field, (before, after) in changes.items():
            if not field.startswith("use."):
                seen = found[field].seen if field in found else before
                found[field] = Clash(field, seen, after, actor)
    return tuple(found.values())


def _plain(value: Any) -> Any:
    return to_text(value) if hasattr(value, "tzinfo") else value
