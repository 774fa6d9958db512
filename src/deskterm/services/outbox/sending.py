"""Sending: every letter once, tried again where that helps, given up aloud (semantics.md §2)."""

import os
import socket
from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from time import monotonic
from uuid import uuid4, uuid5

from deskterm.domain import clock
from deskterm.domain.errors import DatabaseError
from deskterm.domain.mail_rows import Sent
from deskterm.domain.patterns import pattern
from deskterm.domain.vocabulary import Event
from deskterm.mail.smtp import Answer, Fate
from deskterm.services.inbox.broken import count_failure
from deskterm.services.inbox.rules import read_rules
from deskterm.services.outbox import pauses
from deskterm.services.outbox.account import LETTER_SECONDS, Transport, transport
from deskterm.services.outbox.claims import Claimed, Claims
from deskterm.services.outbox.public_view import read_edited, read_face
from deskterm.services.outbox.turn import Turn
from deskterm.services.rhythm import OPERATIONS
from deskterm.settings import Settings
from deskterm.storage import outbox
from deskterm.storage.desk_settings import value
from deskterm.storage.driver import Database
from deskterm.storage.store import Store
from deskterm.storage.ticket.hold import hold
from deskterm.storage.work import RepeatedError, Work

RETRIES = (60, 300, 900, 3_600, 14_400)
"""Seconds to the next try: 1, 5, 15 and 60 minutes, then every 4 hours."""
GIVE_UP = timedelta(days=3)
_NOBODY = pattern(r"\b5\.1\.(?:1|2|3|6|10)\b")
"""The server knows that nobody has this address (RFC 3463)."""
Accepted = dict[tuple[int, ...], str]
"""Letters that a server took while the database could not be told → their hash."""


class Sending:
    """One run over the letters that are due."""

    def __init__(self, store: Store, settings: Settings, accepted: Accepted) -> None:
        self._store = store
        self._settings = settings
        self._accepted = accepted
        self._holder = f"{socket.gethostname()}:{os.getpid()}"[:150] + f":{uuid4().hex[:12]}"
        self._smtp = bool(settings["smtp_host"])

    def run(self, turn: Turn, at_once: bool = False) -> Sent:
        """Send what is due until the turn is over; `at_once` also what waits for more to join it.

        A person who sends at once tries a refused account again; what a person stopped, or what
        looks like a loop, waits for `resume`.
        """
        with self._store.reading(long=True) as database:
            kept = str(value(database, "mail.folder"))
            self._smtp = bool(self._settings["smtp_host"]) and not kept
            self._remember(database)
            why = self._why_not(database, at_once, kept)
            if why:
                return Sent(paused=why)
            face, edited = read_face(database), read_edited(database)
            way = transport(self._settings, face, kept)
            claims = Claims(self._holder, at_once)
            total = Sent()
            try:
                for groups in claims.groups(database):
                    allowed = groups[: self._allowed(database)]
                    if allowed and not turn.goes_on():
                        break
                    take = partial(claims.take, database, allowed, face, edited)
                    letters = self._store.tried(take)
                    total = self._round(database, letters, (way, claims, turn), total)
                    if turn.over:
                        break
                    if not total.paused and len(allowed) < len(groups):
                        total = total._replace(paused=pauses.trip(database))
                    if total.paused:
                        break
            finally:
                way.close()
        return total

    def _why_not(self, database: Database, at_once: bool, kept: str) -> str:
        now = clock.now()
        paused = pauses.pause(database, now)
        if paused is not None and not (at_once and paused.passes):
            return paused.reason
        elsewhere = not (self._smtp or kept or self._settings["outgoing"])
        if elsewhere and pauses.sends_by_smtp(database, now):
            return "this desk sends by SMTP, but smtp_host is not set here"
        return ""

    def _allowed(self, database: Database) -> int:
        return pauses.allowance(database, clock.now()) if self._smtp else 10**9

    def _remember(self, database: Database) -> None:
        """Write down what a server took while the disk was full; raises DatabaseError again."""
        for numbers in list(self._accepted):
            outbox.sent(database, numbers, clock.now())
            self._accepted.pop(numbers, None)

    def _round(
        self,
        database: Database,
        letters: Sequence[Claimed],
        how: tuple[Transport, Claims, Turn],
        total: Sent,
    ) -> Sent:
        """Send some claimed letters, writing down each answer at once."""
        way, claims, turn = how
        for letter in letters:
            if total.paused or not turn.goes_on():
                self._give_back(database, letter)
                continue
            mine = self._still_mine(database, letter, claims)
            if mine is None:
                continue
            turn.tried()
            answer = Answer(Fate.REFUSED, mine.refused) if mine.refused else way.send(mine)
            total = self._settle(database, mine, answer, total)
        return total

    def _still_mine(self, database: Database, letter: Claimed, claims: Claims) -> Claimed | None:
        """Give the letter with time enough to send it, or None where another sender took it."""
        if letter.until - monotonic() > LETTER_SECONDS + 60:
            return letter
        return claims.renew(database, letter)

    def _settle(self, database: Database, letter: Claimed, answer: Answer, total: Sent) -> Sent:
        answer = self._meant(database, letter, answer)
        if answer.fate == Fate.SENT:
            self._took(database, letter)
            return total._replace(sent=total.sent + len(letter.ids))
        if answer.fate in (Fate.LATER, Fate.UNREACHABLE) and _given_up(letter):
            self._fail(letter, f"given up after {GIVE_UP.days} days: {answer.reason}")
            return total._replace(failed=total.failed + len(letter.ids))
        if answer.fate == Fate.REFUSED:
            self._fail(letter, answer.reason)
            return total._replace(failed=total.failed + len(letter.ids))
        self._put_back(database, letter, answer)
        total = total._replace(later=total.later + len(letter.ids))
        if answer.fate == Fate.LATER:
            return total
        return total._replace(paused=pauses.begin(database, answer, clock.now()))

    def _meant(self, database: Database, letter: Claimed, answer: Answer) -> Answer:
        """Tell what a policy's refusal means: the account's, or this letter's.

        Where the server took others since this one was first tried, it is the letter; without
        this one recipient's filter would stop everybody's letters again and again for three days.
        """
        if answer.fate != Fate.BLOCKED:
            return answer
        if letter.attempts > 1 and outbox.others_left_since(
            database, letter.created_at, letter.recipient
        ):
            return Answer(Fate.REFUSED, answer.reason)
        return Answer(Fate.PAUSED, f"the mail server refuses us by policy ({answer.reason})")

    def _took(self, database: Database, letter: Claimed) -> None:
        """Write down that it left; kept in mind where the database cannot be told now."""
        try:
            outbox.sent(database, letter.ids, clock.now())
        except DatabaseError:
            self._accepted[letter.ids] = letter.sha256
            raise
        if self._smtp:
            pauses.note_smtp(database, clock.now())

    def _put_back(self, database: Database, letter: Claimed, answer: Answer) -> None:
        """Queue a letter again with the same bytes and id, later each time."""
        wait = RETRIES[min(letter.attempts, len(RETRIES)) - 1]
        later = clock.now() + timedelta(seconds=wait)
        outbox.put_back(database, letter.ids, self._holder, later, answer.reason)

    def _give_back(self, database: Database, letter: Claimed) -> None:
        """Queue a letter again that was not tried."""
        outbox.give_back(database, letter.ids, self._holder)

    def _fail(self, letter: Claimed, reason: str) -> None:
        """Give a letter up and tell the technicians on the ticket, as one operation."""
        operation = str(uuid5(OPERATIONS, f"letter {letter.ids[0]} {letter.created_at}"))
        try:
            with self._store.work("desk", operation) as work:
                work.claim("mail failed")
                if not outbox.fail(work.spine, letter.ids, self._holder, reason):
                    return
                for number in letter.ids:
                    change = {"state": ("claimed", "failed")}
                    work.record(("letter", number), "mail", reason, data={"change": change})
                given_up = bool(_NOBODY.search(reason)) and _count(work, letter, reason)
                if letter.ticket is not None and not letter.for_technician:
                    held = hold(work, [letter.ticket])[letter.ticket]
                    told = f"No letter reached {letter.recipient}: {reason}"
                    if given_up:
                        told += "\nNo more letters go there: ask for another address."
                    held.write(Event.NOTED, told, data={"undelivered": letter.recipient})
        except RepeatedError:
            return


def _count(work: Work, letter: Claimed, reason: str) -> bool:
    """Count an address that does not exist like a bounce; gives whether it is given up by it."""
    return count_failure(work, letter.recipient, reason, read_rules(work.spine))


def _given_up(letter: Claimed) -> bool:
    """Tell whether three days are over; a clock that jumped ahead gives up nothing untried."""
    return clock.now() - letter.created_at >= GIVE_UP and letter.attempts > len(RETRIES)
