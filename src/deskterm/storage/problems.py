"""Problems and announcements, made and changed as held rows.

A ticket's link to a problem is a part of the ticket (`problem.7`, `storage/ticket/parts.py`); who
was told of it is a part of the problem (`told.12`).
"""

from collections.abc import Mapping

from deskterm.domain.clock import to_text
from deskterm.domain.errors import ConflictError, NotFoundError
from deskterm.domain.problems import COLUMNS, ProblemState, check
from deskterm.domain.text import storable
from deskterm.domain.vocabulary import Event
from deskterm.storage.held_row import HeldRow
from deskterm.storage.reads.releases import check_proven, of_problem
from deskterm.storage.work import Work

_NEW: dict[str, object] = {
    **dict.fromkeys(COLUMNS, ""),
    "state": str(ProblemState.SUSPECTED),
    "severity": "normal",
    "site_id": None,
    "category_id": None,
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


def locked(work: Work, number: int) -> HeldRow:
    """Give a problem held for change; raises NotFoundError."""
    row = HeldRow(work, "problem", number)
    if not row.exists:
        raise NotFoundError(f"there is no problem P{number}; see `deskterm problem list`.")
    return row


def told(work: Work, number: int, people: Mapping[int, str]) -> None:
    """Keep that people (number → name) were told of a problem, with its ledger entry."""
    row = locked(work, number)
    for person in people:
        row.put(f"told.{person}", to_text(work.at))
    row.write(Event.MAIL, f"Told {len(people)} owners of devices that fit.")


def announce(work: Work, given: Mapping[str, object]) -> int:
    """Store an announcement with its ledger entry; gives its number."""
    row = HeldRow(work, "announcement", None)
    row.set(**given)
    row.write(Event.OPENED, row["text"])
    return row.number


def end_announcement(work: Work, number: int) -> None:
    """End an announcement with its ledger entry."""
    row = HeldRow(work, "announcement", number)
    row.set(ended_at=work.at)
    row.write(Event.CLOSED)


def _storable(given: Mapping[str, object]) -> dict[str, object]:
    odd = set(given) - set(COLUMNS)
    if odd:
        raise KeyError(min(odd))
    return {k: storable(v) if isinstance(v, str) else v for k, v in given.items()}
