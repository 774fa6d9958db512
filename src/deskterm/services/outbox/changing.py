"""What technicians do with letters: try again, stop one, pause and resume; each can be undone."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from deskterm.domain import clock
from deskterm.domain.errors import ConflictError, RefusedError
from deskterm.domain.mail_rows import LetterRow, LettersChanged
from deskterm.domain.text import header_safe, storable
from deskterm.domain.vocabulary import Event
from deskterm.services.outbox import pauses
from deskterm.services.tickets.operation import ensure_technician
from deskterm.storage import outbox
from deskterm.storage.desk_settings import read_all, write
from deskterm.storage.driver import moment
from deskterm.storage.reads.ledger import subjects_of
from deskterm.storage.reads.outbox import FAILED, Wanted, letters, letters_by_id
from deskterm.storage.store import Store
from deskterm.storage.ticket.hold import hold
from deskterm.storage.work import RepeatedError, Work

_ALL = 100_000
Change = Callable[[Work, LetterRow], None]


class Changing:
    """Changes letters; each verb takes `op_id` and `dry`."""

    def __init__(self, store: Store, me: str) -> None:
        self._store = store
        self._me = me

    def retry(
        self, numbers: Sequence[int] = (), *, op_id: str | None = None, dry: bool = False
    ) -> LettersChanged:
        """Queue failed letters again, and let waiting ones be tried now; all failed where none is
        named. Raises NotFoundError, RefusedError.
        """
        return self._each("retry", numbers, _again, op_id, dry)

    def withdraw(
        self, numbers: Sequence[int], *, op_id: str | None = None, dry: bool = False
    ) -> LettersChanged:
        """Stop letters that have not left; an internal note on the ticket says so."""
        return self._each("withdraw", numbers, _stop, op_id, dry)

    def pause(self, reason: str = "", *, op_id: str | None = None, dry: bool = False) -> str:
        """Stop all letters until somebody resumes; gives the reason that everybody sees."""
        given = header_safe(storable(reason))[:200]
        why = f"stopped by {self._me}" + (f": {given}" if given else "")
        with self._working("mail pause", op_id, dry) as work:
            _set_held(work, why)
        return why

    def resume(self, *, op_id: str | None = None, dry: bool = False) -> None:
        """Go on sending: the technician's stop, the account's pause and the fuse are taken away."""
        with self._working("mail resume", op_id, dry) as work:
            _set_held(work, None)
            pauses.resume(work.spine, work.at)

    def _each(
        self, kind: str, numbers: Sequence[int], change: Change, op_id: str | None, dry: bool
    ) -> LettersChanged:
        wanted = tuple(dict.fromkeys(numbers))
        try:
            with self._working(f"mail {kind}", op_id, dry) as work:
                rows = (
                    letters_by_id(work.spine, wanted)
                    if wanted
                    else letters(work.spine, Wanted(FAILED, limit=_ALL))
                )
                for row in rows:
                    change(work, row)
                after = letters_by_id(work.spine, tuple(row.id for row in rows))
                done = LettersChanged(work.id, after, dry)
        except RepeatedError as repeated:
            return self._before(repeated.operation_id)
        return done

    def _before(self, operation: str) -> LettersChanged:
        """Tell what an operation that was done before had done."""
        with self._store.reading() as database:
            found = letters_by_id(database, subjects_of(database, operation, "letter"))
        return LettersChanged(operation, found, repeated=True)

    @contextmanager
    def _working(self, kind: str, op_id: str | None, dry: bool) -> Iterator[Work]:
        with self._store.work(self._me, op_id, dry=dry) as work:
            work.claim(kind)
            ensure_technician(work.spine, self._me, work)
            yield work


def undo(work: Work, number: int, changes: dict[str, tuple[Any, Any]]) -> None:
    """Put a letter back; raises ConflictError where it went on meanwhile."""
    if not changes:
        return
    values = {name: _value(name, before) for name, (before, _) in changes.items()}
    after = str(changes["state"][1]) if "state" in changes else "queued"
    if not outbox.change(work.spine, number, after, values):
        raise ConflictError(f"letter {number} is no longer {after}: it has gone on meanwhile.")


def _again(work: Work, row: LetterRow) -> None:
    if row.state == "failed":
        values: dict[str, Any] = {"attempts": 0, "created_at": work.at}
        changes: dict[str, Any] = {"state": ("failed", "queued")}
    elif row.state == "queued":
        values, changes = {}, {}
    else:
        raise RefusedError(
            f"letter {row.id} is {row.state}: only failed and waiting ones are tried again."
        )
    changes["not_before"] = (clock.to_text(row.not_before), clock.to_text(work.at))
    _move(work, row, {**values, **_after(changes)})
    work.record(("letter", row.id), "mail", changes=changes)


def _stop(work: Work, row: LetterRow) -> None:
    if row.state not in ("queued", "failed"):
        why = "it is being sent" if row.state == "claimed" else f"it is {row.state}"
        raise RefusedError(f"letter {row.id} cannot be stopped: {why}.")
    changes = {"state": (row.state, "withdrawn")}
    _move(work, row, _after(changes))
    work.record(("letter", row.id), "mail", changes=changes)
    if row.ticket_id is not None:
        held = hold(work, [row.ticket_id])[row.ticket_id]
        held.write(Event.NOTED, f"The letter to {row.recipient} was stopped before it left.")


def _after(changes: dict[str, tuple[Any, Any]]) -> dict[str, Any]:
    return {name: _value(name, after) for name, (_, after) in changes.items()}


def _value(name: str, value: Any) -> Any:
    return moment(value) if name == "not_before" else value


def _move(work: Work, row: LetterRow, values: dict[str, Any]) -> None:
    """Change a letter that is still as it was read; raises RefusedError where a sender has it."""
    if not outbox.change(work.spine, row.id, row.state, values):
        raise RefusedError(f"letter {row.id} is being sent just now.")


def _set_held(work: Work, why: str | None) -> None:
    before = read_all(work.spine).get(pauses.HELD)
    write(work.spine, pauses.HELD, why)
    changes = {pauses.HELD: (before, why)} if before != why else {}
    work.record(("setting", 0), Event.EDITED, changes=changes)
