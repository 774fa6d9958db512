"""What technicians do with letters: try again, stop one, pause and resume; each can be undone."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from deskterm.domain.asking import NOW, How
from deskterm.domain.errors import RefusedError
from deskterm.domain.mail_rows import LetterRow, LettersChanged
from deskterm.domain.text import header_safe, storable
from deskterm.domain.vocabulary import Event
from deskterm.services.outbox import pauses
from deskterm.services.tickets.operation import ensure_technician, repeated
from deskterm.storage.held_row import HeldRow
from deskterm.storage.outbox import begin_again
from deskterm.storage.reads.outbox import FAILED, Wanted, letters, letters_by_id
from deskterm.storage.store import Store
from deskterm.storage.subjects import HeldSettings
from deskterm.storage.ticket.hold import hold
from deskterm.storage.work import RepeatedError, Work

_ALL = 100_000
Change = Callable[[Work, LetterRow], None]


class Changing:
    """Changes letters; each verb takes how it is asked for."""

    def __init__(self, store: Store, me: str) -> None:
        self._store = store
        self._me = me

    def retry(self, numbers: Sequence[int] = (), how: How = NOW) -> LettersChanged:
        """Queue failed letters again, and let waiting ones be tried now; all failed where none is
        named. Raises NotFoundError, RefusedError.
        """
        return self._each("retry", numbers, _again, how)

    def withdraw(self, numbers: Sequence[int], how: How = NOW) -> LettersChanged:
        """Stop letters that have not left; an internal note on the ticket says so."""
        return self._each("withdraw", numbers, _stop, how)

    def pause(self, reason: str = "", how: How = NOW) -> str:
        """Stop all letters until somebody resumes; gives the reason that everybody sees."""
        given = header_safe(storable(reason))[:200]
        why = f"stopped by {self._me}" + (f": {given}" if given else "")
        with self._working("mail pause", how) as work:
            _set_held(work, why)
        return why

    def resume(self, how: How = NOW) -> None:
        """Go on sending: the technician's stop, the account's pause and the fuse are taken away."""
        with self._working("mail resume", how) as work:
            _set_held(work, None)
            pauses.resume(work.spine, work.at)

    def _each(self, kind: str, numbers: Sequence[int], change: Change, how: How) -> LettersChanged:
        wanted = tuple(dict.fromkeys(numbers))
        try:
            with self._working(f"mail {kind}", how) as work:
                rows = (
                    letters_by_id(work.spine, wanted)
                    if wanted
                    else letters(work.spine, Wanted(FAILED, limit=_ALL))
                )
                for row in rows:
                    change(work, row)
                after = letters_by_id(work.spine, tuple(row.id for row in rows))
                done = LettersChanged(work.id, after, how.dry)
        except RepeatedError as repeated:
            return self._before(repeated.operation_id)
        return done

    def _before(self, operation: str) -> LettersChanged:
        """Tell what an operation that was done before had done."""
        before = repeated(self._store, "mail", operation)
        with self._store.reading() as database:
            found = letters_by_id(database, before.of("letter"))
        return LettersChanged(operation, found, repeated=True)

    @contextmanager
    def _working(self, kind: str, how: How) -> Iterator[Work]:
        with self._store.work(self._me, how.op_id, dry=how.dry) as work:
            work.claim(kind)
            ensure_technician(work.spine, self._me, work)
            yield work


def _again(work: Work, row: LetterRow) -> None:
    if row.state not in ("failed", "queued"):
        raise RefusedError(
            f"letter {row.id} is {row.state}: only failed and waiting ones are tried again."
        )
    letter = _held(work, row)
    if row.state == "failed":
        letter.set(state="queued")
        begin_again(work.spine, row.id, work.at)
    else:
        letter.attest("state")
    letter.set(not_before=work.at)
    letter.write("mail")


def _stop(work: Work, row: LetterRow) -> None:
    if row.state not in ("queued", "failed"):
        why = "it is being sent" if row.state == "claimed" else f"it is {row.state}"
        raise RefusedError(f"letter {row.id} cannot be stopped: {why}.")
    letter = _held(work, row)
    letter.set(state="withdrawn")
    letter.write("mail")
    if row.ticket_id is not None:
        held = hold(work, [row.ticket_id])[row.ticket_id]
        held.write(Event.NOTED, f"The letter to {row.recipient} was stopped before it left.")


def _held(work: Work, row: LetterRow) -> HeldRow:
    """Hold a letter that is still as it was read; raises RefusedError where a sender has it."""
    letter = HeldRow(work, "letter", row.id)
    if letter["state"] != row.state:
        raise RefusedError(f"letter {row.id} is being sent just now.")
    return letter


def _set_held(work: Work, why: str | None) -> None:
    settings = HeldSettings(work)
    settings.restore(pauses.HELD, why)
    settings.write(Event.EDITED)
