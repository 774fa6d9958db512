"""The inverse of an operation, written if nothing it changed was changed since."""

import json
from datetime import timedelta
from typing import TYPE_CHECKING

from deskterm.domain.columns import key_words, stored_words
from deskterm.domain.errors import Clash, ConflictError, NotFoundError, RefusedError
from deskterm.domain.vocabulary import Event

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deskterm.storage.driver import Database, Row
    from deskterm.storage.held_values import Changes
    from deskterm.storage.operations import Standing
    from deskterm.storage.reads.ledger import OutOfSight
    from deskterm.storage.subjects import Held
    from deskterm.storage.work import Work

Subject = tuple[str, int]
_EVENTS = (Event.UNDONE, Event.REDONE)
_QUEUED = ("letter", "errand")
"""Kinds that leave by themselves."""


def asked_for(verb: str, standing: "Standing", operation: str) -> str:
    """Give what an undo or redo of an operation takes back; raises RefusedError."""
    if verb == "undo" and standing.undone:
        if operation == standing.tip:
            raise RefusedError("that was an undo: take it back with `deskterm redo`.")
        raise RefusedError("it was undone before.")
    if verb == "redo" and not standing.undone:
        raise RefusedError("it was not undone: there is nothing to redo.")
    return str(standing.tip)


def final(database: "Database", operation: str) -> bool:
    """Tell whether there is nothing in an operation that could be taken back."""
    from deskterm.storage import operations

    try:
        _wanted(operations.entries(database, operation))
    except (RefusedError, NotFoundError):
        return True
    return False


def not_seen(gone: "Sequence[OutOfSight]", operation: str) -> RefusedError:
    """Give the refusal to take back what whoever did it does not see any more, and who can."""
    one = gone[0]
    others = f" and {len(gone) - 1} more" if len(gone) > 1 else ""
    where = f"was handed to {one.group}" if one.group else "went to a group or client"
    who = f"whoever is in {one.group}" if one.group else "whoever sees it"
    if one.members:
        who = f"{_few(one.members)} of {one.group}"
    return RefusedError(
        f"#{one.ticket}{others} {where}, and you no longer see it: {who}, or a manager, can take "
        f"that back (`deskterm undo {operation}`)."
    )


def _wanted(rows: "Sequence[Row]") -> tuple[Subject, ...]:
    """Give the subjects that are put back, in order; raises RefusedError where one cannot be."""
    from deskterm.storage.subjects import FINAL, SUBJECTS

    wanted: dict[Subject, None] = {}
    for row in rows:
        kind = row["kind"]
        if kind in FINAL:
            raise RefusedError(f"it cannot be undone: {FINAL[kind]}")
        if kind == "ticket" or row["changes"] != "{}":
            if kind not in SUBJECTS:
                raise RefusedError(f"a change to a {kind} cannot be undone.")
            if not row["subject_id"]:  # many rows under one subject: when the first has its turn
                wanted.pop((kind, 0), None)
            wanted[kind, row["subject_id"]] = None
    if not wanted:
        raise RefusedError("there is nothing in it to take back.")
    return tuple(wanted)


def invert(work: "Work", rows: "Sequence[Row]") -> "tuple[dict[Subject, Held], list[str]]":
    """Put back what the entries changed; raises ConflictError naming what changed since."""
    from deskterm.storage import subjects
    from deskterm.storage.held_row import HeldRow

    wanted = _wanted(rows)
    locked = subjects.hold_subjects(work, wanted)
    held = {one: locked[one] for one in wanted}  # what was made last is taken away first
    clashes: list[Clash] = []
    kinds: list[str] = []
    notes: list[str] = []
    for row in rows:
        subject = (row["kind"], row["subject_id"])
        if subject not in held:
            continue
        changes = {key: (pair[0], pair[1]) for key, pair in json.loads(row["changes"]).items()}
        changes = subjects.back_of(work, row["kind"], row["event"], changes)
        found = _restore(work, held[subject], row, changes)
        one = held[subject]
        if isinstance(one, HeldRow) and not found:
            one.come_back()
        if found and row["kind"] in _QUEUED and row["event"] in _EVENTS:
            notes.append(f"{row['kind']} {row['subject_id']} had already left.")
            del held[subject]
        else:
            clashes += found
            kinds += [row["kind"]] if found else []
    if clashes:
        raise _changed_since(clashes, [subjects.SUBJECTS[kind].clash for kind in kinds])
    _check_named(work, rows, held)
    return held, notes


def _changed_since(clashes: "Sequence[Clash]", advice: "Sequence[str]") -> ConflictError:
    """Give the error that names what changed since, and says what to do with each kind of it."""
    named = ", ".join(f"{one.field} (now {stored_words(one.now)}, by {one.by})" for one in clashes)
    return ConflictError(
        f"it cannot be undone: changed since were {named}. {' '.join(dict.fromkeys(advice))}",
        tuple(clashes),
    )


def _check_named(work: "Work", rows: "Sequence[Row]", held: "dict[Subject, Held]") -> None:
    """Refuse where something would name again what is gone since, by another operation."""
    from deskterm.storage.reads.rows import lacks
    from deskterm.storage.subjects import called

    asked: dict[tuple[str, str, int | str], Row] = {}
    for row in rows:
        one = held.get((row["kind"], row["subject_id"]))
        for key in json.loads(row["changes"]) if one is not None else ():
            value = one.get(key) if one is not None and "." not in key else None
            if isinstance(value, int | str) and not isinstance(value, bool):
                asked[row["kind"], key, value] = row
    for (kind, key, value), row in asked.items():
        gone = lacks(work.spine, kind, key, value)
        if gone and not _comes_back(held, gone, value):
            subject = called(row["kind"], row["subject_id"], row["text"], [key])
            raise RefusedError(f"the {gone} that {subject} would have again is gone meanwhile.")


def _comes_back(held: "dict[Subject, Held]", kind: str, key: int | str) -> bool:
    """Tell whether the same operation brings back a row of that number or name."""
    from deskterm.storage.held_row import HeldNames, HeldRow

    one = held.get((kind, key if isinstance(key, int) else 0))
    row = one.row(str(key)) if isinstance(one, HeldNames) else one
    return isinstance(row, HeldRow) and row.exists


def _restore(work: "Work", held: "Held", row: "Row", changes: "Changes") -> list[Clash]:
    """Put back what one entry changed; gives what stands in the way."""
    from deskterm.storage.operations import changed_by
    from deskterm.storage.reads.ledger import named
    from deskterm.storage.subjects import called

    clashes = []
    for key, (before, after) in changes.items():
        now = held.get(key)
        if now == after:
            held.restore(key, before)
            continue
        by = changed_by(work.spine, (row["kind"], row["subject_id"]), row["id"], key)
        name = f"{called(row['kind'], row['subject_id'], row['text'], [key])} {key_words(key)}"
        clashes.append(Clash(name, after, named(work.spine, key, now), by))
    return clashes


def stop_letters(work: "Work", root: str, held: "dict[Subject, Held]") -> list[str]:
    """Withdraw the operation's letters and errands that still wait; give a note on those gone."""
    from deskterm.storage.errands import of_operation
    from deskterm.storage.operations import letters_of
    from deskterm.storage.subjects import hold_subjects

    waiting, left = letters_of(work.spine, root)
    errands, asked = of_operation(work.spine, root)
    wanted = [("letter", number) for number in waiting] + [("errand", one) for one in errands]
    fresh = [one for one in wanted if one not in held]
    for subject, queued in hold_subjects(work, fresh).items():
        queued.restore("state", "withdrawn")
        held[subject] = queued
    notes = [f"a letter had already left to {_few(left)}."] if left else []
    return notes + ([f"it was already said to {_few(asked)}."] if asked else [])


def _few(names: "Sequence[str]") -> str:
    return ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")


def leave_later(held: "dict[Subject, Held]", wait: timedelta) -> None:
    """What is queued again waits as new letters do, so that another undo still stops it."""
    from deskterm.domain.clock import now, to_text

    for (kind, _), one in held.items():
        if kind in _QUEUED and one.get("state") == "queued":
            one.restore("not_before", to_text(now() + wait))
