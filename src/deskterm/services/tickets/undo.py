"""Undo and redo: the inverse of an operation, written if nothing it changed was changed since."""

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from deskterm.domain.errors import Clash, ConflictError, DeskError, NotFoundError, RefusedError
from deskterm.domain.rows import Done
from deskterm.domain.vocabulary import Event
from deskterm.services.tickets.operation import done, ensure_technician
from deskterm.services.tickets.ties import Ties

if TYPE_CHECKING:
    from deskterm.storage.driver import Database, Row
    from deskterm.storage.operations import Standing
    from deskterm.storage.row_kinds import Changes
    from deskterm.storage.subjects import Held
    from deskterm.storage.work import Work

Subject = tuple[str, int]
_EVENTS = {"undo": Event.UNDONE, "redo": Event.REDONE}


class Undo(Ties):
    """Undo of every operation, bulk and merge included, and redo of what was undone."""

    def undo(
        self, operation: str | None = None, *, op_id: str | None = None, dry: bool = False
    ) -> Done:
        """Take an operation back; by default one's own newest that can be taken back.

        What had to be passed over is named in `notes`, and what comes next in `next`. Raises
        ConflictError naming what was changed since and by whom, RefusedError where it was undone
        before. Letters that still wait are withdrawn; those already sent are named in `notes`.
        """
        return self._back("undo", operation, op_id, dry)

    def redo(
        self, operation: str | None = None, *, op_id: str | None = None, dry: bool = False
    ) -> Done:
        """Take the last undo back, or that of an operation: what it took away is there again."""
        return self._back("redo", operation, op_id, dry)

    def _back(self, verb: str, operation: str | None, op_id: str | None, dry: bool) -> Done:
        from deskterm.storage import operations
        from deskterm.storage.work import operation_id

        with self.store.reading() as database:
            if op_id is not None and operations.is_done(database, operation_id(op_id)):
                return self.repeated(verb, operation_id(op_id))
            if operation is not None:
                targets = [_asked_for(verb, operations.standing(database, operation), operation)]
            else:
                targets = operations.own(database, self.me, undone=verb == "redo")
        if not targets:
            raise NotFoundError(f"there is nothing of yours to {verb}.")
        found = self._first(verb, targets, op_id, dry)
        with self.store.reading() as database:
            rest = [] if dry else operations.own(database, self.me, undone=verb == "redo")
            coming = next((one for one in rest if not _final(database, one)), None)
            words = operations.words_of(database, coming) if coming else ""
        return found._replace(next=words)

    def _first(self, verb: str, targets: Sequence[str], op_id: str | None, dry: bool) -> Done:
        """Take back the first that can be, and none that lies below one that cannot."""
        from deskterm.storage import operations

        passed: list[tuple[str, DeskError]] = []
        blocked: set[Subject] = set()
        for target in targets:
            with self.store.reading() as database:
                words = operations.words_of(database, target)
                rows = operations.entries(database, target)
            touched = {(row["kind"], row["subject_id"]) for row in rows}
            if touched & blocked:
                blocked |= touched
                continue
            try:
                found = self._take_back(verb, target, op_id, dry)
            except (ConflictError, RefusedError) as error:
                passed.append((words, error))
                blocked |= touched
                continue
            notes = tuple(f"Passed over: {said}: {error}" for said, error in passed)
            return found._replace(back=words, notes=(*notes, *found.notes))
        raise passed[0][1]

    def _take_back(self, verb: str, target: str, op_id: str | None, dry: bool) -> Done:
        from deskterm.storage import operations
        from deskterm.storage.subjects import NAMED
        from deskterm.storage.ticket.news import withdraw
        from deskterm.storage.work import RepeatedError

        try:
            with self.store.work(self.me, op_id, dry=dry) as work:
                rows = operations.entries(work.spine, target)
                ensure_technician(work.spine, self.me, work)
                operations.claim_back(work, target, verb)
                held, notes = _invert(work, rows)
                if verb == "undo":
                    root = operations.standing(work.spine, target).root
                    notes += _stop_letters(work, root, held)
                    withdraw(work, target)
                else:
                    _leave_later(held, self.letters.wait)
                names = {(row["kind"], row["subject_id"]): row["text"] for row in rows}
                for subject, one in held.items():
                    named = names.get(subject, "") if subject[0] in NAMED else ""
                    one.write(_EVENTS[verb], named, data={"undoes": target})
        except RepeatedError as repeated:
            return self.repeated(verb, repeated.operation_id)
        numbers = sorted(number for kind, number in held if kind == "ticket")
        return done(verb, work, numbers, [], notes)


def _asked_for(verb: str, standing: "Standing", operation: str) -> str:
    """Give what an undo or redo of an operation takes back; raises RefusedError."""
    if verb == "undo" and standing.undone:
        if operation == standing.tip:
            raise RefusedError("that was an undo: take it back with `deskterm redo`.")
        raise RefusedError("it was undone before.")
    if verb == "redo" and not standing.undone:
        raise RefusedError("it was not undone: there is nothing to redo.")
    return str(standing.tip)


def _final(database: "Database", operation: str) -> bool:
    from deskterm.storage import operations

    try:
        _wanted(operations.entries(database, operation))
    except RefusedError:
        return True
    return False


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
            wanted[kind, row["subject_id"]] = None
    if not wanted:
        raise RefusedError("there is nothing in it to take back.")
    return tuple(wanted)


def _invert(work: "Work", rows: "Sequence[Row]") -> "tuple[dict[Subject, Held], list[str]]":
    """Put back what the entries changed; raises ConflictError naming what changed since."""
    from deskterm.storage import subjects

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
        if found and row["kind"] == "letter" and row["event"] in _EVENTS.values():
            notes.append(f"letter {row['subject_id']} had already left.")
            del held[subject]
        else:
            clashes += found
            kinds += [row["kind"]] if found else []
    if clashes:
        named = ", ".join(f"{one.field} (now {one.now!r}, by {one.by})" for one in clashes)
        advice = " ".join(dict.fromkeys(subjects.SUBJECTS[kind].clash for kind in kinds))
        raise ConflictError(
            f"it cannot be undone: changed since were {named}. {advice}", tuple(clashes)
        )
    return held, notes


def _restore(work: "Work", held: "Held", row: "Row", changes: "Changes") -> list[Clash]:
    """Put back what one entry changed; gives what stands in the way."""
    from deskterm.storage.operations import changed_by
    from deskterm.storage.subjects import called

    clashes = []
    for key, (before, after) in changes.items():
        now = held.get(key)
        if now == after:
            held.restore(key, before)
            continue
        by = changed_by(work.spine, (row["kind"], row["subject_id"]), row["id"], key)
        name = f"{called(row['kind'], row['subject_id'], row['text'], [key])} {key}"
        clashes.append(Clash(name, after, now, by))
    return clashes


def _stop_letters(work: "Work", root: str, held: "dict[Subject, Held]") -> list[str]:
    """Withdraw the operation's letters that still wait; give a note on those that left."""
    from deskterm.storage.operations import letters_of
    from deskterm.storage.subjects import hold_subjects

    waiting, left = letters_of(work.spine, root)
    fresh = [("letter", number) for number in waiting if ("letter", number) not in held]
    for subject, letter in hold_subjects(work, fresh).items():
        letter.restore("state", "withdrawn")
        held[subject] = letter
    if not left:
        return []
    more = f" and {len(left) - 5} more" if len(left) > 5 else ""
    return [f"a letter had already left to {', '.join(left[:5])}{more}."]


def _leave_later(held: "dict[Subject, Held]", wait: timedelta) -> None:
    """Letters that are queued again wait as new ones do, so that another undo still stops them."""
    from deskterm.domain.clock import now, to_text

    for (kind, _), one in held.items():
        if kind == "letter" and one.get("state") == "queued":
            one.restore("not_before", to_text(now() + wait))
