"""A technician answers by mail: proven by the token of their own letter and their address (§1.3).

Words alone are a public answer; orders at the top (`!note`, `!solve …`) are done as the technician.
Whatever cannot be done changes nothing and is kept as an internal note that says why.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from deskterm.domain.errors import DeskError, RefusedError
from deskterm.domain.verbs import Reply
from deskterm.domain.vocabulary import Event
from deskterm.mail.forward import is_forward
from deskterm.mail.orders import Letter, quotes_us, read_orders, requests_of
from deskterm.mail.reply import new_words
from deskterm.services.inbox.arrived import Filed, Mail
from deskterm.services.inbox.notes import remark, remember
from deskterm.services.inbox.opening import new_files
from deskterm.services.tickets.act import Act
from deskterm.services.tickets.files import keep_files
from deskterm.services.tickets.operation import Tickets
from deskterm.storage.driver import Database
from deskterm.storage.outbox import notes_in
from deskterm.storage.ticket.hold import Hold
from deskterm.storage.work import Work

_QUOTES = (
    "it still holds our letter, in which something may be internal: nothing was sent. Write above "
    "the line and leave the rest below it."
)
"""Nothing that the desk wrote to a technician may leave with their answer."""


_NEAREST = 5
"""Message-IDs of what a mail answers that are looked up."""


class OrderError(DeskError):
    """What a technician's mail asks for cannot be done: it is filed again, as a note."""

    exit_code = 5


class Staff:
    """Files one technician's mail on a held ticket."""

    def __init__(self, tickets: Tickets, held: Hold, login: str, data: dict[str, object]) -> None:
        self._act = Act(tickets.letters, data=data)
        self._held = held
        self._login = login
        self._data = data

    def file(self, mail: Mail, reason: str) -> Filed:
        """Do what it asks for and keep what it says; raises OrderError, and then nothing counts."""
        own = new_words(mail.parsed).text
        with _acting(self._held.work, self._login):
            if mail.refused:
                self._data["refused_order"] = mail.refused
                entry = self._held.write(Event.NOTED, own, data=self._data)
            else:
                entry = self._obey(own, mail)
            keep_files(self._held.work, self._held.id, entry, new_files(mail.parsed.files))
        remember(self._held.work, self._held.id, mail)
        remark(self._held, self._data)
        return Filed("reply", reason, self._held.id)

    def _obey(self, own: str, mail: Mail) -> int:
        quoted = is_forward(mail.parsed)
        try:
            letter = read_orders(own, inside=_answers_note(self._held.work.spine, mail))
            tells = letter.public or self._used(letter)
            if tells and (quoted or quotes_us(letter.words)):
                raise RefusedError(_QUOTES)
            for asked in requests_of(letter):
                self._act.do(self._held, asked)
            return self._say(letter)
        except DeskError as error:
            raise OrderError(str(error)) from error

    def _say(self, letter: Letter) -> int:
        """Write down the words; gives the entry that the mail's files go with."""
        words = letter.words
        if letter.public and words:
            return self._act.do(self._held, Reply(words))
        notes = [one.rest for one in letter.orders if one.verb == "note" and one.rest]
        text = "\n\n".join([*notes, *([words] if words and not self._used(letter) else [])])
        return self._held.write(Event.NOTED, text or "(by mail)", data=self._data)

    def _used(self, letter: Letter) -> bool:
        """Whether the words below were the resolution already."""
        return any(one.verb == "solve" and not one.rest for one in letter.orders)


def _answers_note(database: Database, mail: Mail) -> bool:
    """Tell whether a mail answers a letter about an internal note: then it is one itself."""
    nearest = (*mail.parsed.in_reply_to, *reversed(mail.parsed.references))
    for one in nearest[:_NEAREST]:
        notes = notes_in(database, one)
        if notes is not None:
            return notes > 0
    return False


@contextmanager
def _acting(work: Work, login: str) -> Iterator[None]:
    """Let the entries written inside be that technician's own acts."""
    before, work.actor = work.actor, login
    try:
        yield
    finally:
        work.actor = before
