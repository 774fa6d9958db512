"""What goes on by itself while the app is open: changes by others, and the jobs."""

from dataclasses import dataclass
from threading import Event, Lock
from typing import TYPE_CHECKING

from textual import on
from textual.message import Message
from textual.worker import get_current_worker

from deskterm.domain.errors import DatabaseError, DeskError
from deskterm.domain.mail_rows import mail_words
from deskterm.screens.work import Working

if TYPE_CHECKING:
    from deskterm.domain.mail_rows import JobsDone, Outgoing
    from deskterm.screens.desk import Desk, Watch

LISTEN = 0.25
"""Seconds the feed of changes is asked to wait at a time."""
RETRY = 2.0
"""Seconds until a lost database is tried again."""
JOBS_EVERY = 4.0
"""Seconds between two looks at inbox and outbox."""


@dataclass
class Heard(Message, bubble=False):
    """Somebody, perhaps this app, changed something; or the database answers again."""


@dataclass
class Lost(Message, bubble=False):
    """The feed of changes lost the database."""

    error: DatabaseError


@dataclass
class Waiting(Message, bubble=False):
    """A write waits for somebody else's; `who` holds the lock."""

    who: str


@dataclass
class MailCame(Message, bubble=False):
    """A mailbox has brought mail, which waits to be processed."""


class Watching(Working):
    """The part of the app that listens and works in the background."""

    _watch: "Watch | None" = None
    _jobs_due = False
    """Somebody asked for the jobs while they were being done."""

    def start_watching(self) -> None:
        """Start to listen, and to run the jobs."""
        self.desk_app.desk.store.told_waiting = self._waits
        self._at_jobs = Lock()
        self._stop_listening = Event()
        self.run_worker(self._listen, thread=True, group="listen", exit_on_error=False)
        self.set_interval(JOBS_EVERY, self._look_at_jobs)

    def stop_watching(self) -> None:
        """Let the listening thread end."""
        if hasattr(self, "_stop_listening"):
            self._stop_listening.set()

    def _listen(self) -> None:
        worker, stop = get_current_worker(), self._stop_listening
        changes = self.desk_app.desk.changes
        while not (worker.is_cancelled or stop.is_set()):
            try:
                if changes.wait(LISTEN) and not worker.is_cancelled:
                    self.post_message(Heard())
            except DatabaseError as error:
                self.post_message(Lost(error))
                stop.wait(RETRY)

    @on(Heard)
    def _hear(self) -> None:
        self.desk_app.database_answered()
        self.desk_app.desk_changed()

    @on(Lost)
    def _lose(self, message: Lost) -> None:
        self.desk_app.database_lost(message.error)

    def _waits(self, who: str) -> None:
        """Called in the thread that waits."""
        self.post_message(Waiting(who))

    @on(Waiting)
    def _say_waiting(self, message: Waiting) -> None:
        self.desk_app.show_trouble(f"{message.who} is writing, waiting")

    @on(MailCame)
    def _look_at_jobs(self) -> None:
        """Do the jobs, or do them again at once where they are being done: mail never waits."""
        self._jobs_due = self._at_jobs.locked()
        if not self._jobs_due:
            self.load(self._run_jobs, self._show_jobs, "jobs", self._jobs_failed)

    def _run_jobs(self, desk: "Desk") -> "JobsDone":
        """Keep the mailboxes going and run what is due, where this process holds the lease."""
        with self._at_jobs:
            if self._watch is None:
                self._watch = desk.mailboxes.watch(self._mail_came)
            self._watch.keep()
            return desk.jobs.run_once()

    def _mail_came(self) -> None:
        """Say so from the thread of a mailbox."""
        self.post_message(MailCame())

    def _show_jobs(self, done: "JobsDone") -> None:
        self.desk_app.show_jobs(jobs_words(done), in_trouble(done))
        if self._jobs_due or done.more:
            self._look_at_jobs()

    def _jobs_failed(self, error: DeskError) -> None:
        del error
        self.desk_app.show_jobs("work ✗", True)


def jobs_words(done: "JobsDone") -> str:
    """Say how the jobs stand: who does them, and what is wrong with the mail."""
    work = "work ✓" if done.held else "work ✓ (another desk)"
    return f"{work} {mail_stands(done.outgoing, inbound_words(done))}"


def in_trouble(done: "JobsDone") -> bool:
    """Tell whether a person should look at the mail."""
    out = done.outgoing
    return bool(out.paused or out.failed or inbound_words(done))


def inbound_words(done: "JobsDone") -> str:
    """Say what is wrong with mail that comes in; nothing where all is well."""
    if done.mailboxes:
        return done.mailboxes
    number = done.processed.quarantined
    return f"{number} not understood" if number else ""


def mail_stands(out: "Outgoing", inbound: str) -> str:
    """Say in a few words how mail stands, both ways; what is wrong comes first."""
    words = mail_words(out)
    if not inbound:
        return words
    return f"mail ✗ {inbound}" if words == "mail ✓" else f"{words}; {inbound}"
