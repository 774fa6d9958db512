"""The outbox as technicians see it: what waits, what failed, and each letter for eyes.

A letter is shown as it left, or as it would leave now: headers, text, HTML and files.
"""

from collections.abc import Sequence
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from deskterm.domain import clock
from deskterm.domain.asking import NOW, How
from deskterm.domain.errors import NotFoundError
from deskterm.domain.mail_rows import LetterRow, LettersChanged, LetterShown, Outgoing, Sent
from deskterm.services.outbox.frozen import compose, kept_bytes
from deskterm.services.outbox.public_view import read_edited, read_face
from deskterm.services.outbox.turn import Turn, endless
from deskterm.settings import Settings
from deskterm.storage.driver import Database
from deskterm.storage.outbox import Letter, letter, newest_about
from deskterm.storage.reads.outbox import FAILED, WAITING, Wanted, letters, letters_by_id, standing
from deskterm.storage.store import Store

_SHOWN = 20
"""So many letters of a ticket are shown."""
_EVERY = (*FAILED, *WAITING, "sent", "withdrawn")


class Outbox:
    """Sends letters, shows them and changes what becomes of them."""

    def __init__(self, store: Store, me: str, settings: Settings) -> None:
        from deskterm.services.outbox.changing import Changing

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
