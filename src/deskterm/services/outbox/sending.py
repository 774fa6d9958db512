"""Sending: every letter once, tried again where that helps, given up aloud (semantics.md §2)."""

import os
import shlex
import socket
import subprocess
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid5

from deskterm import paths
from deskterm.domain import clock
from deskterm.domain.errors import RefusedError
from deskterm.domain.mail_rows import Sent
from deskterm.domain.vocabulary import Event
from deskterm.mail.maildir import deliver
from deskterm.mail.public import DeskFace
from deskterm.mail.smtp import Account, Answer, Fate, SmtpSender
from deskterm.mail.tokens import verp_address
from deskterm.services.inbox.process import OPERATIONS
from deskterm.services.outbox.claims import Claimed, Claims
from deskterm.services.outbox.public_view import read_edited, read_face
from deskterm.settings import Settings
from deskterm.storage.driver import Database, moment
from deskterm.storage.spine import hold
from deskterm.storage.store import Store
from deskterm.storage.work import RepeatedError

RETRIES = (60, 300, 900, 3_600, 14_400)
"""Seconds to the next try: 1, 5, 15 and 60 minutes, then every 4 hours."""
GIVE_UP = timedelta(days=3)
PAUSE = timedelta(minutes=15)
AWAY = timedelta(minutes=1)
MOST_AN_HOUR = 3_000
"""By SMTP: more looks like a loop, and waits for a person."""
_PAUSED = "mail pause"
_ROUNDS = 100_000


class Sending:
    """One run over the letters that are due."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store = store
        self._settings = settings
        self._smtp: SmtpSender | None = None
        self._holder = f"{socket.gethostname()}:{os.getpid()}"[:200]

    def run(self, at_once: bool = False) -> Sent:
        """Send what is due; `at_once` also what waits for more to join it. Gives what was done."""
        now = clock.now()
        with self._store.reading() as database:
            paused = self._pause(database, now)
            if paused and not at_once:
                return Sent(paused=paused)
            face, edited = read_face(database), read_edited(database)
            claims = Claims(self._holder, now, at_once)
            send = self._transport(face)
            total = Sent()
            try:
                for _ in range(_ROUNDS):
                    letters = claims.take(database, face, edited)
                    if not letters:
                        break
                    total = self._round(database, letters, send, total)
                    if total.paused:
                        break
            finally:
                if self._smtp is not None:
                    self._smtp.close()
        return total

    def _round(
        self,
        database: Database,
        letters: list[Claimed],
        send: Callable[[Claimed], Answer],
        total: Sent,
    ) -> Sent:
        """Send some claimed letters, writing down each answer at once."""
        for letter in letters:
            if total.paused:
                self._put_back(database, letter, Answer(Fate.PAUSED, total.paused))
                continue
            answer = Answer(Fate.REFUSED, letter.refused) if letter.refused else send(letter)
            total = self._settle(database, letter, answer, total)
        return total

    def _settle(self, database: Database, letter: Claimed, answer: Answer, total: Sent) -> Sent:
        now = clock.now()
        if answer.fate == Fate.SENT:
            _set(database, letter, "state = 'sent', sent_at = :now, error = ''", now=now)
            return total._replace(sent=total.sent + len(letter.ids))
        waits = now - letter.created_at < GIVE_UP
        if answer.fate == Fate.PAUSED or (answer.fate == Fate.UNREACHABLE and waits):
            self._put_back(database, letter, answer)
            pause = _begin_pause(database, answer, now)
            return total._replace(later=total.later + len(letter.ids), paused=pause)
        if answer.fate == Fate.LATER and waits:
            self._put_back(database, letter, answer)
            return total._replace(later=total.later + len(letter.ids))
        self._note(letter, answer.reason)
        _set(database, letter, "state = 'failed', error = :why", why=answer.reason)
        return total._replace(failed=total.failed + len(letter.ids))

    def _put_back(self, database: Database, letter: Claimed, answer: Answer) -> None:
        """Queue a letter again with the same bytes and id, later each time."""
        wait = RETRIES[min(letter.attempts, len(RETRIES)) - 1]
        _set(
            database,
            letter,
            "state = 'queued', not_before = :later, error = :why",
            later=clock.now() + timedelta(seconds=wait),
            why=answer.reason,
        )

    def _note(self, letter: Claimed, reason: str) -> None:
        """Tell the technicians on the ticket that somebody did not get their letter."""
        if letter.ticket is None:
            return
        operation = str(uuid5(OPERATIONS, f"letter {letter.ids[0]} {letter.created_at}"))
        try:
            with self._store.work("desk", operation) as work:
                work.claim("mail failed")
                held = hold(work, [letter.ticket])[letter.ticket]
                held.write(Event.NOTED, f"No letter reached {letter.recipient}: {reason}")
        except RepeatedError:
            return

    def _transport(self, face: DeskFace) -> Callable[[Claimed], Answer]:
        account = self._account()
        if account is None:
            named = str(self._settings["outgoing"])
            folder = Path(named).expanduser() if named else paths.outgoing_maildir()
            return lambda letter: _into_maildir(folder, letter)
        sender = self._smtp = SmtpSender(account)

        def send(letter: Claimed) -> Answer:
            return sender.send(letter.raw, _envelope_from(letter, face), letter.recipient)

        return send

    def _account(self) -> Account | None:
        settings = self._settings
        if not settings["smtp_host"]:
            return None
        return Account(
            host=str(settings["smtp_host"]),
            port=int(settings["smtp_port"]),
            security=str(settings["smtp_security"]),
            user=str(settings["smtp_user"]),
            password=_password(str(settings["smtp_password_command"])),
        )

    def _pause(self, database: Database, now: datetime) -> str:
        """Give why nothing is sent now, where that is so."""
        row = database.one("SELECT holder, until FROM lease WHERE name = :name", name=_PAUSED)
        if row is not None and moment(row["until"]) > now:
            return str(row["holder"])
        if not self._settings["smtp_host"]:
            return ""
        row = database.one(
            "SELECT count(*) AS n FROM outbox WHERE state = 'sent' AND not_before > :hour",
            hour=now - timedelta(hours=1),
        )
        if row is not None and row["n"] >= MOST_AN_HOUR:
            return (
                f"{row['n']} letters within an hour: is that a loop? `deskterm mail send` goes on"
            )
        return ""


def _envelope_from(letter: Claimed, face: DeskFace) -> str:
    """Give where a bounce goes: nowhere for an acknowledgement, else to the letter's own address.

    Letters that travel as one are known by the first of them.
    """
    if letter.acknowledges:
        return ""
    if not face.verp:
        return face.address
    return verp_address(face.address, letter.ids[0], face.secret)


def _into_maildir(folder: Path, letter: Claimed) -> Answer:
    seconds = int(letter.created_at.timestamp())
    try:
        deliver(folder, f"{seconds}.L{letter.ids[0]}.{letter.sha256[:16]}.deskterm", letter.raw)
    except OSError as error:
        return Answer(Fate.LATER, f"{folder}: {error.strerror}")
    return Answer(Fate.SENT)


def _set(database: Database, letter: Claimed, what: str, **values: object) -> None:
    """Change a claimed letter and those that travel with it, in one transaction."""
    database.begin(write=True)
    try:
        for number in letter.ids:
            database.run(
                f"UPDATE outbox SET {what}, holder = NULL, held_until = NULL WHERE id = :id",  # noqa: S608 - constants
                id=number,
                **values,
            )
        database.commit()
    finally:
        database.rollback()


def _begin_pause(database: Database, answer: Answer, now: datetime) -> str:
    """Write down for everybody that nothing is sent for a while; gives the reason."""
    away = answer.fate == Fate.UNREACHABLE
    what = "the mail server cannot be reached" if away else "the mail server refuses this account"
    reason = f"{what}: {answer.reason}"
    database.run(
        "INSERT INTO lease (name, holder, until) VALUES (:name, :why, :until) "
        "ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until",
        name=_PAUSED,
        why=reason,
        until=now + (AWAY if away else PAUSE),
    )
    return reason


def _password(command: str) -> str:
    """Give what the password command prints; never a shell, never in a message."""
    if not command:
        return ""
    try:
        done = subprocess.run(
            shlex.split(command), capture_output=True, timeout=60, check=True, text=True
        )
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        raise RefusedError(
            f"smtp_password_command failed ({type(error).__name__}): run it by hand to see why."
        ) from None
    return done.stdout.strip("\r\n")
