"""The outbox as technicians see it: what waits, what failed; tried again, withdrawn, paused.

A letter is shown as it left, or as it would leave now: headers, text, HTML and files.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from deskterm.domain import clock
from deskterm.domain.asking import NOW, How
from deskterm.domain.errors import NotFoundError, RefusedError
from deskterm.domain.mail_rows import LetterRow, LettersChanged, LetterShown, Outgoing, Sent
from deskterm.domain.text import header_safe, storable
from deskterm.domain.vocabulary import Event
from deskterm.services.outbox import pauses
from deskterm.services.outbox.frozen import compose, kept_bytes
from deskterm.services.outbox.public_view import read_edited, read_face
from deskterm.services.outbox.turn import Turn, endless
from deskterm.services.tickets.operation import ensure_technician, repeated
from deskterm.settings import Settings
from deskterm.storage.driver import Database
from deskterm.storage.held_row import HeldRow
from deskterm.storage.outbox import Letter, begin_again, letter, newest_about
from deskterm.storage.reads.outbox import FAILED, WAITING, Wanted, letters, letters_by_id, standing
from deskterm.storage.store import Store
from deskterm.storage.subjects import HeldSettings
from deskterm.storage.ticket.hold import hold
from deskterm.storage.work import RepeatedError, Work

_SHOWN = 20
"""So many letters of a ticket are shown."""
_EVERY = (*FAILED, *WAITING, "sent", "withdrawn")


class Outbox:
    """Sends letters, shows them and changes what becomes of them."""

    def __init__(self, store: Store, me: str, settings: Settings) -> None:
        self._store = store
        self._me = me
        self._settings = settings
        self._accepted: dict[tuple[int, ...], str] = {}
        self._changing = Changing(store, me)

    def send(self, at_once: bool = False, go_on: bool = False, turn: Turn | None = None) -> Sent:
        """Send the letters that are due; `at_once` also those that wait for more to join them.

        `go_on` first takes away whatever stops them; `turn` says when to stop, without it no
        letter is left that is due.
        """
        from deskterm.services.outbox.sending import Sending

        if go_on:
            self.resume()
        return Sending(self._store, self._settings, self._accepted).run(turn or endless(), at_once)

    def queue(
        self,
        sent: bool = False,
        limit: int = 200,
        *,
        failed: bool = False,
        ticket: int | None = None,
        recipient: str = "",
    ) -> list[LetterRow]:
        """Give the letters that wait or failed, failed first, then the newest.

        With `sent` all of them, with `failed` only those; of one ticket or recipient where named.
        """
        states = _EVERY if sent else FAILED if failed else (*WAITING, *FAILED)
        with self._store.reading() as database:
            return letters(database, Wanted(states, ticket, recipient, limit))

    def standing(self) -> Outgoing:
        """Give how the outbox stands: what waits, what failed, whether and why nothing is sent."""
        from deskterm.services.outbox.pauses import pause

        with self._store.reading() as database:
            waiting, failed, why = standing(database)
            paused = pause(database, clock.now())
        return Outgoing(
            waiting,
            failed,
            why,
            paused.reason if paused else "",
            paused.until if paused else None,
        )

    def retry(self, numbers: Sequence[int] = (), how: How = NOW) -> LettersChanged:
        """Queue failed letters again, all of them where none is named; waiting ones leave now."""
        return self._changing.retry(numbers, how)

    def withdraw(self, numbers: Sequence[int], how: How = NOW) -> LettersChanged:
        """Stop letters that have not left; raises RefusedError where one has."""
        return self._changing.withdraw(numbers, how)

    def pause(self, reason: str = "", how: How = NOW) -> str:
        """Stop all letters until somebody resumes; gives the reason that everybody sees."""
        return self._changing.pause(reason, how)

    def resume(self, how: How = NOW) -> None:
        """Go on sending, whatever had stopped it."""
        self._changing.resume(how)

    def letter(self, number: int) -> LetterShown:
        """Give one letter as it left or would leave now; raises NotFoundError."""

        with self._store.reading() as database, database.snapshot():
            return shown(database, number)

    def preview(self, ticket: int) -> list[LetterShown]:
        """Give the letters of a ticket, newest last: frozen ones as they left."""

        with self._store.reading() as database, database.snapshot():
            numbers = newest_about(database, ticket, _SHOWN)
            if not numbers:
                raise NotFoundError(f"no letter was written about #{ticket}.")
            return [shown(database, number) for number in reversed(numbers)]


def shown(database: Database, number: int) -> LetterShown:
    """Give a letter; raises NotFoundError, or DeskError and LookupError if it cannot be written."""
    (row,) = letters_by_id(database, (number,))
    stored = letter(database, number)
    if stored is None:
        raise LookupError(f"letter {number} is gone")
    raw, frozen = _bytes(database, stored)
    message = message_from_bytes(raw, policy=default)
    return LetterShown(
        row=row,
        headers=tuple((name, str(value)) for name, value in message.items()),
        text=_part(message, "plain"),
        html=_part(message, "html"),
        files=tuple(_file(part) for part in message.iter_attachments()),
        frozen=frozen,
    )


def _bytes(database: Database, stored: Letter) -> tuple[bytes, bool]:
    kept = kept_bytes(database, stored)
    if kept:
        return kept, True
    return compose(database, [stored], read_face(database), read_edited(database)), False


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return str(part.get_content()) if part is not None else ""


def _file(part: EmailMessage) -> tuple[str, str, int]:
    body = part.get_payload(decode=True)
    size = len(body) if isinstance(body, bytes) else 0
    return part.get_filename() or "", part.get_content_type(), size


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
