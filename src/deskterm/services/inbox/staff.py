"""A technician answers by mail: proven by the token of their own letter and their address (§1.3).

Words alone are a public answer; orders at the top (`!note`, `!solve …`) are done as the technician.
Whatever cannot be done changes nothing and is kept as an internal note that says why.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from deskterm.domain import clock, lifecycle
from deskterm.domain.errors import DeskError, RefusedError, UsageError
from deskterm.domain.vocabulary import Event, Outcome, Proof, State, WaitingFor
from deskterm.mail.forward import is_forward
from deskterm.mail.orders import Letter, Order, quotes_us, read_orders
from deskterm.mail.reply import new_words
from deskterm.services.inbox.arrived import Filed, Mail
from deskterm.services.inbox.notes import remark, remember
from deskterm.services.inbox.opening import new_files
from deskterm.services.tickets import Tickets
from deskterm.services.tickets.care import close, solve, verify
from deskterm.services.tickets.files import keep_files
from deskterm.storage.driver import Database
from deskterm.storage.names import login_of
from deskterm.storage.reads.asked import desk_zone
from deskterm.storage.ticket.hold import Hold
from deskterm.storage.work import Work
from deskterm.triage.moments import later

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

    def __init__(self, tickets: Tickets, held: Hold, login: str, data: dict[str, Any]) -> None:
        self._letters = tickets.letters
        self._tickets = tickets
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
            for order in letter.orders:
                self._do(order, letter.words)
            return self._say(letter)
        except DeskError as error:
            raise OrderError(str(error)) from error

    def _say(self, letter: Letter) -> int:
        """Write down the words; gives the entry that the mail's files go with."""
        words = letter.words
        if letter.public and words:
            lifecycle.check("reply", self._held["state"], self._held.id)
            return self._tickets.replied(self._held, words, data=self._data)
        notes = [one.rest for one in letter.orders if one.verb == "note" and one.rest]
        text = "\n\n".join([*notes, *([words] if words and not self._used(letter) else [])])
        return self._held.write(Event.NOTED, text or "(by mail)", data=self._data)

    def _used(self, letter: Letter) -> bool:
        """Whether the words below were the resolution already."""
        return any(one.verb == "solve" and not one.rest for one in letter.orders)

    def _do(self, order: Order, words: str) -> None:
        doing: dict[str, Callable[[str, str], None]] = {
            "take": self._take,
            "assign": self._assign,
            "wait": self._wait,
            "solve": self._solve,
            "verify": self._verify,
            "close": self._close,
        }
        if order.verb in doing:
            lifecycle.check(order.verb, self._held["state"], self._held.id)
            doing[order.verb](order.rest, words)

    def _take(self, _: str, __: str) -> None:
        self._give(self._login)

    def _assign(self, rest: str, _: str) -> None:
        to = rest.strip()
        if not to:
            raise UsageError("to whom? Write `!assign me` or `!assign LOGIN`.")
        self._give(self._login if to == "me" else login_of(self._held.work.spine, to))

    def _give(self, login: str) -> None:
        self._held.set(assignee=login)
        if self._held["state"] == State.NEW:
            self._held.set(state=State.OPEN)
        self._held.write(Event.ASSIGNED, data=self._data)

    def _wait(self, rest: str, _: str) -> None:
        held = self._held
        until = later(rest, clock.now(), desk_zone(held.work.spine)) if rest.strip() else None
        held.set(state=State.WAITING, waiting_for=WaitingFor.CUSTOMER, waiting_until=until)
        entry = held.write(Event.WAITING, public=True, data=self._data)
        self._letters.write(held, "waiting", entry)

    def _solve(self, rest: str, words: str) -> None:
        entry = solve(self._held, rest or words, None)
        self._letters.write(self._held, "solved", entry)

    def _verify(self, rest: str, _: str) -> None:
        result = rest.strip() or Proof.OK
        if result not in (Proof.OK, Proof.FAILED):
            raise UsageError("write `!verify ok` or `!verify failed`.")
        verify(self._held, "craft", result, "")

    def _close(self, rest: str, _: str) -> None:
        first, _, reason = rest.partition(" ")
        if first not in tuple(Outcome):
            first, reason = Outcome.SOLVED, rest
        entry = close(self._held, first, reason.strip())
        if first != Outcome.SPAM:
            self._letters.write(self._held, "closed", entry)


def _answers_note(database: Database, mail: Mail) -> bool:
    """Tell whether a mail answers a letter about an internal note: then it is one itself."""
    nearest = (*mail.parsed.in_reply_to, *reversed(mail.parsed.references))
    for one in nearest[:_NEAREST]:
        row = database.one(
            "SELECT o.id, (SELECT count(*) FROM outbox s JOIN notice n ON n.letter_id = s.id "
            "JOIN ledger l ON l.id = n.entry_id WHERE NOT l.public AND l.text <> '' "
            "AND (s.id = o.id OR s.sha256 = o.sha256)) AS notes "
            "FROM outbox o WHERE o.message_id = :id",
            id=f"<{one}>",
        )
        if row is not None:
            return int(row["notes"]) > 0
    return False


@contextmanager
def _acting(work: Work, login: str) -> Iterator[None]:
    """Let the entries written inside be that technician's own acts."""
    before, work.actor = work.actor, login
    try:
        yield
    finally:
        work.actor = before
