"""What goes on by itself while the app is open: changes by others, and the jobs."""

from threading import Event, Lock
from typing import TYPE_CHECKING

from textual.worker import get_current_worker

from deskterm.domain.errors import DatabaseError, DeskError

if TYPE_CHECKING:
    from collections.abc import Callable

    from deskterm.domain.mail_rows import JobsDone, Outgoing
    from deskterm.screens.desk import Desk, Watch
    from deskterm.screens.work import Working

LISTEN = 0.25
"""Seconds the feed of changes is asked to wait at a time."""
RETRY = 1.0
"""Seconds until a lost database is tried again."""
JOBS_EVERY = 4.0
"""Seconds between two looks at inbox and outbox."""


class Watching:
    """What listens and works in the background of an app; `show` draws how the jobs stand."""

    def __init__(self, app: "Working", show: "Callable[[str, bool], None]") -> None:
        self._app = app
        self._show = show
        self._at_jobs = Lock()
        self._ended = Event()
        self._watch: Watch | None = None
        """The mailboxes that are kept going."""
        self._machines: int | None = None
        """Mails of machines without a ticket, as they were last counted."""
        self._jobs_due = False
        """Somebody asked for the jobs while they were being done."""

    def start(self) -> None:
        """Start to listen, and to run the jobs."""
        self._app.desk_app.desk.store.told_waiting = self._waits
        self._app.run_worker(self._listen, thread=True, group="listen", exit_on_error=False)
        self._app.set_interval(JOBS_EVERY, self._look_at_jobs)
        self._app.desk_app.presence.start()

    def stop(self) -> None:
        """Let the listening thread end."""
        self._ended.set()

    # --- changes by others: called in the threads that wait and listen ---------------------

    def _listen(self) -> None:
        worker, app = get_current_worker(), self._app
        changes = app.desk_app.desk.changes
        while not (worker.is_cancelled or self._ended.is_set()):
            try:
                if changes.wait(LISTEN) and not worker.is_cancelled:
                    app.call_later(self._hear)
            except DatabaseError as error:
                app.call_later(app.desk_app.database_lost, error)
                self._ended.wait(RETRY)

    def _hear(self) -> None:
        """Somebody, perhaps this app, changed something; or the database answers again."""
        self._app.desk_app.database_answered()
        self._app.desk_app.desk_changed(heard=True)

    def _waits(self, who: str) -> None:
        """A write waits for somebody else's; `who` holds the lock."""
        self._app.call_later(self._app.desk_app.edges.show_trouble, f"{who} is writing, waiting")

    # --- jobs -------------------------------------------------------------------------------

    def _look_at_jobs(self) -> None:
        """Do the jobs, or do them again at once where they are being done: mail never waits."""
        self._jobs_due = self._at_jobs.locked()
        if not self._jobs_due:
            self._app.load(self._run_jobs, self._show_jobs, "jobs", self._jobs_failed)

    def _run_jobs(self, desk: "Desk") -> "JobsDone":
        """Keep the mailboxes going and run what is due, where this process holds the lease."""
        with self._at_jobs:
            if self._watch is None:
                self._watch = desk.mailboxes.watch(self._mail_came)
            self._watch.keep()
            return desk.jobs.run_once()

    def _mail_came(self) -> None:
        """Called in the thread of a mailbox that has brought mail, which waits to be processed."""
        self._app.call_later(self._look_at_jobs)

    def _show_jobs(self, done: "JobsDone") -> None:
        self._show(jobs_words(done), in_trouble(done))
        if self._machines is not None and done.of_machines > self._machines:
            self._app.desk_app.say(
                "A machine's mail came that belongs to no ticket: see the inbox."
            )
        self._machines = done.of_machines
        if self._jobs_due or done.more:
            self._look_at_jobs()

    def _jobs_failed(self, error: DeskError) -> None:
        del error
        self._show("work ✗", True)


def jobs_words(done: "JobsDone") -> str:
    """Say how the jobs stand: who does them, and what is wrong with the mail."""
    work = "work ✓" if done.held else "work ✓ (another desk)"
    number = done.of_machines
    machines = f" · {number} by machine{'s' * (number > 1)}" if number else ""
    mail = mail_stands(done.outgoing, inbound_words(done))
    if mail == "mail ✓" and not done.takes_mail:
        mail = "no mailbox"
    return f"{work} {mail}{machines}"


def in_trouble(done: "JobsDone") -> bool:
    """Tell whether a person should look at the mail."""
    out = done.outgoing
    return bool(out.paused or out.failed or inbound_words(done))


def inbound_words(done: "JobsDone") -> str:
    """Say what is wrong with mail that comes in; nothing where all is well."""
    if done.mailboxes:
        return done.mailboxes
    number = done.held_back
    return f"{number} not understood" if number else ""


def mail_stands(out: "Outgoing", inbound: str) -> str:
    """Say in a few words how mail stands, both ways; what is wrong comes first."""
    from deskterm.domain.mail_rows import mail_words

    words = mail_words(out)
    if not inbound:
        return words
    return f"mail ✗ {inbound}" if words == "mail ✓" else f"{words}; {inbound}"
