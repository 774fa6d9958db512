"""Problems, made and changed as held rows.

A ticket's link to a problem is a part of the ticket (`problem.7`, `storage/ticket/parts.py`); who
was told of it is a part of the problem (`told.12`).
"""

from collections.abc import Mapping, Sequence

from deskterm.domain.errors import ConflictError
from deskterm.domain.problems import COLUMNS, ProblemState, check
from deskterm.domain.text import storable
from deskterm.domain.vocabulary import Event
from deskterm.storage.driver import Database
from deskterm.storage.held_row import HeldRow
from deskterm.storage.reads.problems import there_is_none
from deskterm.storage.reads.releases import check_proven, of_problem
from deskterm.storage.work import Work

_NEW: dict[str, object] = {
    **dict.fromkeys(COLUMNS, ""),
    "state": str(ProblemState.SUSPECTED),
    "severity": "normal",
    "site_id": None,
    "category_id": None,
    "organisation_id": None,
}


def create(work: Work, given: Mapping[str, object]) -> int:
    """Store a new problem with its ledger entry; gives its number."""
    values = {**_NEW, **_storable(given)}
    check(values)
    row = HeldRow(work, "problem", None)
    row.set(**values)
    row.write(Event.OPENED)
    return row.number


def change(
    work: Work,
    number: int,
    given: Mapping[str, object],
    seen: int | None = None,
    words: str = "",
) -> bool:
    """Change columns of a problem, the ledger says these words; False where nothing differs.

    Raises ConflictError where it is no longer at the version `seen`.
    """
    row = locked(work, number)
    if seen is not None and row.version != seen:
        raise ConflictError(
            f"P{number} was changed meanwhile (version {seen} was seen, now it is "
            f"{row.version}). Look at it again, then decide."
        )
    row.set(**_storable(given))
    check(
        {name: row[name] for name in COLUMNS},
        planned=of_problem(work.spine, number, shipped=False),
        shipped=of_problem(work.spine, number, shipped=True),
    )
    if not row.changed:
        return False
    if row["state"] == ProblemState.VERIFIED and not str(row["reason"]).strip():
        check_proven(work.spine, number)
    row.write(Event.EDITED, words)
    return True


def told_people(database: Database, number: int) -> list[int]:
    """Give who was told of a problem before they called."""
    rows = database.all(
        "SELECT person_id FROM problem_told WHERE problem_id = :id ORDER BY 1", id=number
    )
    return [row["person_id"] for row in rows]


def told_words(database: Database, number: int, people: Sequence[int]) -> dict[int, str]:
    """Give of those of these people who were told of a problem which words."""
    rows = database.all(
        "SELECT person_id, wording FROM problem_told WHERE problem_id = :id AND person_id IN :ids",
        id=number,
        ids=people,
    )
    return {row["person_id"]: row["wording"] for row in rows}


def locked(work: Work, number: int) -> HeldRow:
    """Give a problem held for change; raises NotFoundError."""
    row = HeldRow(work, "problem", number)
    if not row.exists:
        raise there_is_none(number)
    return row


def _storable(given: Mapping[str, object]) -> dict[str, object]:
    odd = set(given) - set(COLUMNS)
    if odd:
        raise KeyError(min(odd))
    return {k: storable(v) if isinstance(v, str) else v for k, v in given.items()}
