"""Problems and announcements written by plain SQL: every change with before → after, undoable.

A ticket's link to a problem is a part of the ticket (`problem.7`, `storage/ticket/parts.py`); who
was told of it is a part of the problem (`told.12`).
"""

from collections.abc import Mapping
from typing import Any

from deskterm.domain.clock import to_text
from deskterm.domain.errors import Clash, ConflictError, NotFoundError
from deskterm.domain.problems import COLUMNS, ProblemState, check
from deskterm.domain.text import storable
from deskterm.domain.vocabulary import Event
from deskterm.storage.driver import moment
from deskterm.storage.ticket.impact import touch
from deskterm.storage.work import Work

_NEW: dict[str, Any] = {
    **dict.fromkeys(COLUMNS, ""),
    "state": str(ProblemState.SUSPECTED),
    "severity": "normal",
    "site_id": None,
    "category_id": None,
}


def create(work: Work, given: Mapping[str, Any]) -> int:
    """Store a new problem with its ledger entry; gives its number."""
    values = {**_NEW, **_storable(given)}
    check(values)
    row = work.spine.one(
        f"INSERT INTO problem ({', '.join(COLUMNS)}, version, created_at, updated_at) "  # noqa: S608 - constants
        f"VALUES ({', '.join(':' + name for name in COLUMNS)}, 1, :now, :now) RETURNING id",
        **values,
        now=work.at,
    )
    number = int(row["id"])  # type: ignore[index]  # RETURNING always gives the row
    changes = {name: (None, values[name]) for name in COLUMNS if values[name] not in (None, "")}
    work.record(("problem", number), Event.OPENED, changes=changes, version=1)
    return number


def change(work: Work, number: int, given: Mapping[str, Any], seen: int | None = None) -> bool:
    """Change columns of a problem; False where nothing differs.

    Raises ConflictError where it is no longer at the version `seen`.
    """
    current = locked(work, number)
    if seen is not None and current["version"] != seen:
        raise ConflictError(
            f"P{number} was changed meanwhile (version {seen} was seen, now it is "
            f"{current['version']}). Look at it again, then decide."
        )
    values = {k: v for k, v in _storable(given).items() if current[k] != v}
    check({**current, **values})
    if not values:
        return False
    changes = {name: (current[name], value) for name, value in values.items()}
    version = _store(work, number, values, current["version"])
    touch(work, number)
    work.record(("problem", number), Event.EDITED, changes=changes, version=version)
    return True


def locked(work: Work, number: int) -> dict[str, Any]:
    """Give a problem's columns and version, locked for change; raises NotFoundError."""
    lock = "" if work.spine.dialect == "sqlite" else " FOR UPDATE"
    row = work.spine.one(
        f"SELECT version, {', '.join(COLUMNS)} FROM problem WHERE id = :id{lock}",  # noqa: S608 - constants
        id=number,
    )
    if row is None:
        raise NotFoundError(f"there is no problem P{number}; see `deskterm problem list`.")
    return {name: row[name] for name in ("version", *COLUMNS)}


def told(work: Work, number: int, people: Mapping[int, str]) -> None:
    """Keep that people (number → name) were told of a problem, with its ledger entry."""
    for person in people:
        _write_told(work, number, person, to_text(work.at))
    version = locked(work, number)["version"]
    work.record(
        ("problem", number),
        Event.MAIL,
        f"Told {len(people)} owners of devices that fit.",
        changes={f"told.{person}": (None, to_text(work.at)) for person in people},
        version=version,
    )


def undo(work: Work, number: int, changes: dict[str, tuple[Any, Any]]) -> None:
    """Restore what one ledger entry changed; raises ConflictError where it changed since.

    A problem that was made by mistake keeps its number, as one that will not be fixed.
    """
    current = locked(work, number)
    if "title" in changes and changes["title"][0] is None:
        changes = {"state": (str(ProblemState.WONT_FIX), changes["state"][1])}
    back: dict[str, tuple[Any, Any]] = {}
    for key, (before, after) in changes.items():
        now = _told(work, number, key) if key.startswith("told.") else current[key]
        if now != after:
            raise ConflictError(
                f"it cannot be undone: P{number}: {key} (now {str(now)[:60]!r}) changed since. "
                "Change it back by hand.",
                (Clash(f"P{number} {key}", after, now, "somebody"),),
            )
        if key.startswith("told."):
            _write_told(work, number, int(key.removeprefix("told.")), before)
        back[key] = (after, before)
    values = {key: before for key, (_, before) in back.items() if key in COLUMNS}
    touch(work, number)
    version = _store(work, number, values, current["version"]) if values else current["version"]
    work.record(("problem", number), Event.UNDONE, changes=back, version=version)


def announce(work: Work, given: Mapping[str, Any]) -> int:
    """Store an announcement with its ledger entry; gives its number."""
    values = {"site_id": None, "problem_id": None, "until_at": None, **given}
    row = work.spine.one(
        "INSERT INTO announcement (text, site_id, problem_id, actor, from_at, until_at) "
        "VALUES (:text, :site, :problem, :actor, :now, :until) RETURNING id",
        text=storable(values["text"]),
        site=values["site_id"],
        problem=values["problem_id"],
        actor=work.actor,
        now=work.at,
        until=values["until_at"],
    )
    number = int(row["id"])  # type: ignore[index]
    changes = {"ended_at": (to_text(work.at), None)}
    work.record(("announcement", number), Event.OPENED, values["text"], changes=changes)
    return number


def end_announcement(work: Work, number: int) -> None:
    """End an announcement with its ledger entry."""
    _end(work, number, to_text(work.at))
    changes = {"ended_at": (None, to_text(work.at))}
    work.record(("announcement", number), Event.CLOSED, changes=changes)


def undo_announcement(work: Work, number: int, changes: dict[str, tuple[Any, Any]]) -> None:
    """Let an announcement run again, or end one that was made by mistake."""
    before, after = changes["ended_at"]
    row = work.spine.one("SELECT ended_at FROM announcement WHERE id = :id", id=number)
    now = None if row is None or row["ended_at"] is None else to_text(moment(row["ended_at"]))
    if now != after:
        raise ConflictError(f"it cannot be undone: announcement {number} was ended or begun since.")
    _end(work, number, before)
    work.record(("announcement", number), Event.UNDONE, changes={"ended_at": (after, before)})


def _end(work: Work, number: int, at: str | None) -> None:
    work.spine.run(
        "UPDATE announcement SET ended_at = :at WHERE id = :id",
        at=None if at is None else moment(at),
        id=number,
    )


def _told(work: Work, number: int, key: str) -> str | None:
    row = work.spine.one(
        "SELECT at FROM problem_told WHERE problem_id = :id AND person_id = :person",
        id=number,
        person=int(key.removeprefix("told.")),
    )
    return to_text(moment(row["at"])) if row else None


def _write_told(work: Work, number: int, person: int, at: str | None) -> None:
    spine = work.spine
    if at is None:
        spine.run(
            "DELETE FROM problem_told WHERE problem_id = :id AND person_id = :person",
            id=number,
            person=person,
        )
        return
    spine.run(
        "INSERT INTO problem_told (problem_id, person_id, at) VALUES (:id, :person, :at)",
        id=number,
        person=person,
        at=moment(at),
    )


def _store(work: Work, number: int, values: Mapping[str, Any], version: int) -> int:
    sets = [*(f"{name} = :{name}" for name in values), "version = :version", "updated_at = :now"]
    work.spine.run(
        f"UPDATE problem SET {', '.join(sets)} WHERE id = :id",  # noqa: S608 - COLUMNS only
        **values,
        version=version + 1,
        now=work.at,
        id=number,
    )
    return version + 1


def _storable(given: Mapping[str, Any]) -> dict[str, Any]:
    odd = set(given) - set(COLUMNS)
    if odd:
        raise KeyError(min(odd))
    return {k: storable(v) if isinstance(v, str) else v for k, v in given.items()}
