"""What was done: the ledger read, and its operations taken back and redone."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from deskterm.domain.asking import NOW, How
from deskterm.domain.errors import ConflictError, DeskError, NotFoundError, RefusedError
from deskterm.domain.rows import Done, EntryRow
from deskterm.domain.verbs import Merge
from deskterm.domain.vocabulary import Event
from deskterm.services.tickets.operation import done, ensure_technician
from deskterm.services.tickets.undo import (
    Subject,
    asked_for,
    final,
    invert,
    leave_later,
    not_seen,
    stop_letters,
)
from deskterm.storage.reads.held import (
    Opening,
    merge_of,
    merged_beside,
    merged_later,
    openings,
)
from deskterm.storage.reads.ledger import Names, names_in, newest, out_of_sight
from deskterm.storage.ticket.hold import survivor

if TYPE_CHECKING:
    from deskterm.services.letters import Letters
    from deskterm.services.tickets.operation import Tickets
    from deskterm.storage.driver import Row
    from deskterm.storage.subjects import Held
    from deskterm.storage.work import Work

_EVENTS = {"undo": Event.UNDONE, "redo": Event.REDONE}


class Ledger:
    """The ledger as the desk uses it: read, named, and its operations taken back or redone."""

    def __init__(self, tickets: "Tickets") -> None:
        self._tickets = tickets
        self.store = tickets.store
        self.me = tickets.me

    def undo(self, operation: str | None = None, how: How = NOW) -> Done:
        """Take an operation back; by default one's own newest that can be taken back.

        What had to be passed over is named in `notes`, and what comes next in `next`. Raises
        ConflictError naming what was changed since and by whom, RefusedError where it was undone
        before. Letters that still wait are withdrawn; those already sent are named in `notes`.
        """
        return self._back("undo", operation, how)

    def redo(self, operation: str | None = None, how: How = NOW) -> Done:
        """Take the last undo back, or that of an operation: what it took away is there again."""
        return self._back("redo", operation, how)

    def unmerge(self, number: int, how: How = NOW) -> Done:
        """Take the merge of this ticket back, exactly (semantics 3); raises RefusedError.

        What was merged together with it stays merged: it is merged again, and `notes` say so.
        """
        from deskterm.storage.operations import letters_of

        with self.store.reading() as database:
            goal = survivor(database, number)
            operation = merge_of(database, number)
            if operation is None:
                raise RefusedError(f"#{number} is not merged into another ticket.")
            later = merged_later(database, number, operation)
            beside = merged_beside(database, number, operation)
            told = bool(letters_of(database, operation)[1])
        if later:
            raise RefusedError(
                f"#{number} was merged into a ticket that was merged on: take the merge of "
                f"#{later[-1]} back first (ticket unmerge {later[-1]})."
            )
        found = self.undo(operation, how)
        return self._merged_again(found, beside, Merge(goal, told), how) if beside else found

    def _merged_again(self, found: Done, beside: Sequence[int], asked: Merge, how: How) -> Done:
        """Merge those again whose merge was taken back only because it was one operation."""
        named = ", ".join(f"#{one}" for one in beside)
        note = f"{named} {'stays' if len(beside) == 1 else 'stay'} merged into #{asked.into}."
        if not how.dry and not found.repeated:
            try:
                self._tickets.do(beside, asked, How(across=True))
            except DeskError as error:
                note = f"{named} could not be merged into #{asked.into} again: {error}"
        mine = tuple(one for one in found.subjects if one not in {("ticket", n) for n in beside})
        return found._replace(subjects=mine, notes=(*found.notes, note), next="")

    def log(
        self, tickets: Sequence[int] | None, operation: str | None, limit: int
    ) -> list[dict[str, Any]]:
        """Give entries, newest first: of some tickets, of an operation, or all."""
        with self.store.reading() as database:
            return newest(database, limit, operation=operation, tickets=tickets)

    def openings(self, entries: Iterable[EntryRow]) -> Mapping[int, Opening]:
        """Give, by ledger entry, what was said when each ticket of a timeline was opened."""
        numbers = [entry.id for entry in entries if entry.event == Event.OPENED]
        with self.store.reading() as database:
            return openings(database, numbers)

    def names(self, entries: Iterable[EntryRow]) -> Names:
        """Give the names behind the numbers that the entries' changes hold; see `names_in`."""
        with self.store.reading() as database:
            return names_in(database, entries)

    def _back(self, verb: str, operation: str | None, how: How) -> Done:
        from deskterm.storage import operations
        from deskterm.storage.work import operation_id

        with self.store.reading() as database:
            if how.op_id is not None:
                wanted = operation_id(how.op_id)
                if operations.is_done(database, wanted):
                    return self._tickets.repeated(verb, wanted)
            if operation is not None:
                targets = [asked_for(verb, operations.standing(database, operation), operation)]
            else:
                targets = operations.own(database, self.me, undone=verb == "redo")
        if not targets:
            raise NotFoundError(f"there is nothing of yours to {verb}.")
        found = self._first(verb, targets, how)
        with self.store.reading() as database:
            rest = [] if how.dry else operations.own(database, self.me, undone=verb == "redo")
            coming = next((one for one in rest if not final(database, one)), None)
            words = operations.words_of(database, coming) if coming else ""
        return found._replace(next=words)

    def _first(self, verb: str, targets: Sequence[str], how: How) -> Done:
        """Take back the first that can be, and none that lies below one that cannot."""
        from deskterm.storage import operations

        passed: list[tuple[str, DeskError]] = []
        blocked: set[Subject] = set()
        for target in targets:
            with self.store.reading() as database:
                gone = out_of_sight(database, target)
                words = operations.words_of(database, target, [one.ticket for one in gone])
                rows = () if gone else operations.entries(database, target)
            touched = {(row["kind"], row["subject_id"]) for row in rows}
            touched |= {("ticket", one.ticket) for one in gone}
            if touched & blocked:
                blocked |= touched
                continue
            try:
                if gone:
                    raise not_seen(gone, target)
                found = self._take_back(verb, target, how)
            except (ConflictError, RefusedError) as error:
                passed.append((words, error))
                blocked |= touched
                continue
            notes = tuple(f"Passed over: {said}: {error}" for said, error in passed)
            return found._replace(back=words, notes=(*notes, *found.notes))
        raise passed[0][1]

    def _take_back(self, verb: str, target: str, how: How) -> Done:
        from deskterm.storage import operations
        from deskterm.storage.subjects import NAMED
        from deskterm.storage.ticket.news import withdraw
        from deskterm.storage.work import RepeatedError

        try:
            with self.store.work(self.me, how.op_id, dry=how.dry) as work:
                rows = operations.entries(work.spine, target)
                ensure_technician(work.spine, self.me, work)
                operations.claim_back(work, target, verb)
                held, notes = invert(work, rows)
                if verb == "undo":
                    root = operations.standing(work.spine, target).root
                    notes += stop_letters(work, root, held)
                    notes += _promises_stay(work, root, held, rows)
                    withdraw(work, target)
                else:
                    leave_later(held, self._tickets.letters.wait)
                names = {(row["kind"], row["subject_id"]): row["text"] for row in rows}
                for subject, one in held.items():
                    named = names.get(subject, "") if subject[0] in NAMED else ""
                    one.write(_EVENTS[verb], named, data={"undoes": target})
                _tell_visits(self._tickets.letters, work, held, rows)
        except RepeatedError as repeated:
            return self._tickets.repeated(verb, repeated.operation_id)
        numbers = sorted(number for kind, number in held if kind == "ticket")
        return done(verb, work, numbers, [], notes)


def _tell_visits(
    letters: "Letters", work: "Work", held: "Mapping[Subject, Held]", rows: "Sequence[Row]"
) -> None:
    """Whoever was invited, or told that nobody comes, hears how it is now (G3)."""
    if any('"visit.' in row["changes"] for row in rows):
        from deskterm.services.visit_answers import told_again

        told_again(letters, work, held, rows)


def _promises_stay(
    work: "Work", root: str, held: "Mapping[Subject, Held]", rows: "Sequence[Row]"
) -> list[str]:
    """What was promised stays where it was told (F5)."""
    if not any(kind == "problem" for kind, _ in held):
        return []
    from deskterm.services.promised import kept_by_undo

    return kept_by_undo(work, root, held, rows)
