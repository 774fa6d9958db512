"""Running errands: each is done once, tried again where that helps, given up aloud (semantics §9).

A program is asked while no transaction is open. Who asks holds the errand for a while; what a
program did whose answer was lost is asked again under the same operation, which it knows.

A tracker's program gets one line and gives one line, so long and no longer. Which program that is
stands in the machine's settings, by name: a row in a shared database can run nothing here.
"""

import os
import shlex
import shutil
import socket
import subprocess
import sys
import tempfile
from datetime import timedelta
from typing import IO
from uuid import uuid4, uuid5

from deskterm.domain import clock
from deskterm.domain.mail_rows import Asked
from deskterm.domain.text import clean
from deskterm.domain.trackers import Answer, Errands, Fate, Kind, read_answer
from deskterm.domain.vocabulary import Event
from deskterm.services.child import end, listen, plain
from deskterm.services.outbox.sending import GIVE_UP, RETRIES
from deskterm.services.outbox.turn import Turn
from deskterm.services.rhythm import OPERATIONS
from deskterm.services.trackers import taking, words
from deskterm.settings import Settings
from deskterm.storage import errands, problems, trackers
from deskterm.storage.driver import Database
from deskterm.storage.errands import Errand
from deskterm.storage.leases import drop_lease, put_lease, read_lease
from deskterm.storage.outbox import Times
from deskterm.storage.reads import problems as reads
from deskterm.storage.store import Store
from deskterm.storage.work import RepeatedError
from deskterm.triage.leaks import sentence

LIMIT = 60.0
"""Seconds that a program may take for one answer."""
_MOST = 5_000_000
"""Bytes of an answer."""
_NO_PROGRAM = 900
"""Seconds that a tracker is left alone whose program is not to be found."""
_US = "deskterm"


def ask(command: str, request: str, seconds: float = LIMIT) -> Answer:
    """Give what the program answers to one line; what went wrong is an answer too."""
    argv = _arguments(command)
    if argv is None:
        what = command.split()[0][:60] if command.split() else "an empty command"
        return Answer(Fate.PAUSED, reason=f"{what} is not to be found here", pause=_NO_PROGRAM)
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as complaints:
        given.write(request.encode("utf-8", "replace") + b"\n")
        given.seek(0)
        return _run(argv, (given, complaints), seconds)


def _arguments(command: str) -> list[str] | None:
    """Give the program and its arguments; our own name is this very program."""
    try:
        argv = shlex.split(command)
    except ValueError:
        return None
    if argv and argv[0] == _US:
        return [sys.executable, "-m", _US, *argv[1:]]
    found = shutil.which(argv[0]) if argv else None
    return [found, *argv[1:]] if found else None


def _run(argv: list[str], files: tuple[IO[bytes], IO[bytes]], seconds: float) -> Answer:
    given, complaints = files
    try:
        process = subprocess.Popen(
            argv,
            stdin=given,
            stdout=subprocess.PIPE,
            stderr=complaints,
            env=plain(os.environ),
            start_new_session=True,
        )
    except OSError as error:
        return Answer(
            Fate.PAUSED, reason=f"{argv[0]} could not be run: {error.strerror}", pause=_NO_PROGRAM
        )
    with process:
        said, trouble = listen(process, seconds, _MOST)
        if trouble:
            end(process)
        code = process.wait()
    if trouble:
        return Answer(Fate.LATER, reason=f"its program was {trouble}")
    line = next((one for one in said.decode("utf-8", "replace").split("\n") if one.strip()), "")
    if line:
        return read_answer(line)
    complaints.seek(0)
    told = complaints.read(2_000).decode("utf-8", "replace").strip().split("\n")[-1]
    why = clean(told, one_line=True)[:200] or "it said nothing"
    return Answer(Fate.LATER, reason=f"its program ended with {code}: {why}")


_HELD = timedelta(seconds=LIMIT + 60)
"""So long an errand is held by whoever asks: longer than its program may take."""
_FOR_EVER, _WRONG = timedelta(days=3_650), timedelta(hours=1)
_LONGEST = timedelta(seconds=RETRIES[-1]) + _WRONG


class Running:
    """One run over the errands that are due."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store = store
        self._commands = {str(name): str(one) for name, one in settings["trackers"].items()}
        self._wait = timedelta(seconds=settings["undo_seconds"])
        self._holder = f"{socket.gethostname()}:{os.getpid()}"[:150] + f":{uuid4().hex[:12]}"
        self._seen: set[int] = set()

    def run(self, turn: Turn, problem: int | None = None) -> Asked:
        """Do what is due until the turn is over; of one problem whatever waits, at once."""
        if not self._commands:
            return Asked()
        taking.queue_updates(self._store, list(self._commands), self._wait)
        total = Asked()
        with self._store.reading(long=True) as database:
            while turn.goes_on():
                errand = self._claim(database, problem)
                if errand is None:
                    break
                turn.tried()
                total = total.then(self._do(database, errand))
        return total

    def _claim(self, database: Database, problem: int | None) -> Errand | None:
        """Hold the next errand, with the line that is to be sent; None: nothing is due."""
        now = clock.now()
        free = [one for one in self._commands if problem or not paused(database, one)]
        due = now + _FOR_EVER if problem is not None else now
        times = Times(now, due, now + _WRONG, now + _LONGEST)
        database.begin(write=True)
        try:
            errand = errands.claim(
                database,
                errands.Wanted(free, self._seen, problem),
                times,
                self._holder,
                now + _HELD,
            )
            if errand is not None:
                errand = _frozen(database, errand)
            database.commit()
        finally:
            database.rollback()
        if errand is not None:
            self._seen.add(errand.id)
        return errand

    def _do(self, database: Database, errand: Errand) -> Asked:
        if not errand.request:
            return self._give_up(errand, self._unsaid(database, errand))
        answer = ask(self._commands[errand.tracker], errand.request)
        if answer.fate == Fate.DONE:
            if read_lease(database, _lease(errand.tracker)) is not None:
                end_pause(database, errand.tracker)
            news = taking.take(self._store, errand, answer, self._holder)
            return Asked(done=1, news=news)
        return self._not_done(database, errand, answer)

    def _not_done(self, database: Database, errand: Errand, answer: Answer) -> Asked:
        now, old = clock.now(), clock.now() - errand.created_at
        if answer.fate == Fate.REFUSED:
            return self._give_up(errand, answer.reason)
        tried_out = old >= GIVE_UP and errand.attempts > len(RETRIES)
        if answer.fate == Fate.LATER and tried_out and errand.kind != Kind.READ:
            return self._give_up(errand, f"given up after {GIVE_UP.days} days: {answer.reason}")
        wait = timedelta(seconds=RETRIES[min(errand.attempts, len(RETRIES)) - 1])
        if answer.fate == Fate.PAUSED:
            wait = timedelta(seconds=answer.pause)
            put_lease(database, _lease(errand.tracker), answer.reason, now + wait)
        errands.put_back(database, errand.id, self._holder, now + wait, answer.reason)
        return Asked(later=1)

    def _unsaid(self, database: Database, errand: Errand) -> str:
        """Give why an errand has no line that may leave."""
        if trackers.one(database, errand.problem_id, errand.tracker) is None:
            return "the problem is followed there no more"
        view = reads.view(database, errand.problem_id)
        found = (
            words.leaks_of(database, view, errand.words)
            if errand.kind == Kind.COMMENT
            else words.fresh_leaks(database, view, errand.tracker)
        )
        return f"it names {sentence(found)}: edit it, or `deskterm problem track P{view.id} --yes`"

    def _give_up(self, errand: Errand, reason: str) -> Asked:
        """Give an errand up and say so on its problem, as one operation."""
        name = f"errand {errand.id} {errand.created_at} {errand.attempts}"
        try:
            with self._store.work("desk", str(uuid5(OPERATIONS, name))) as work:
                work.claim("tracker failed")
                if not errands.fail(work.spine, errand.id, self._holder, reason):
                    return Asked()
                change = {"state": ("claimed", "failed")}
                work.record(("errand", errand.id), "mail", reason, data={"change": change})
                row = problems.locked(work, errands.of_now(work.spine, errand).problem_id)
                told = f"{errand.tracker} was not told ({errand.kind}): {reason}"
                row.write(Event.NOTED, told, data={"tracker": errand.tracker})
        except RepeatedError:
            return Asked()
        return Asked(failed=1)


def _frozen(database: Database, errand: Errand) -> Errand:
    """Give the errand with the line that is sent at every try; without one where it may not leave.

    What names people or machines stays here, unless a person said yes to it.
    """
    if errand.request:
        return errand
    tracked = trackers.one(database, errand.problem_id, errand.tracker)
    if tracked is None:
        return errand
    view = reads.view(database, errand.problem_id)
    if not errand.anyway and errand.kind == Kind.COMMENT:
        leaking = bool(words.leaks_of(database, view, errand.words))
    else:
        checked = errand.kind in (Kind.OPEN, Kind.UPDATE) and not errand.anyway
        leaking = checked and bool(words.fresh_leaks(database, view, errand.tracker))
    if leaking:
        return errand
    before = errands.last_request(database, errand.problem_id, errand.tracker)
    line = words.request(errand, view, tracked, before)
    errands.freeze(database, errand.id, line)
    return errand._replace(request=line)


def paused(database: Database, tracker: str) -> str:
    """Give why a tracker is left alone now; empty: it is not."""
    lease = read_lease(database, _lease(tracker))
    now = clock.now()
    return lease.holder if lease and now < lease.until <= now + _LONGEST else ""


def end_pause(database: Database, tracker: str) -> None:
    """Ask a tracker again that was left alone."""
    drop_lease(database, _lease(tracker))


def standing(database: Database) -> Errands:
    """Give how the queue stands, for whoever looks."""
    waiting, failed, why = errands.standing(database)
    names = trackers.names(database)
    waits = [f"{one}: {reason}" for one in names if (reason := paused(database, one))]
    return Errands(waiting, failed, why, tuple(waits))


def _lease(tracker: str) -> str:
    return f"tracker {tracker}"
