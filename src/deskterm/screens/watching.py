"""What goes on by itself while the app is open: changes by others, and the jobs."""

from dataclasses import dataclass
from threading import Event
from typing import TYPE_CHECKING, Any

from textual import on
from textual.message import Message
from textual.worker import get_current_worker

from deskterm.domain.errors import DatabaseError, DeskError
from deskterm.screens.work import Working

if TYPE_CHECKING:
    from deskterm.screens.desk import Desk

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
class JobsRan(Message, bubble=False):
    """The jobs were looked at: what they say of themselves."""

    status: Any


class Watching(Working):
    """The part of the app that listens and works in the background."""

    def start_watching(self) -> None:
        """Start to listen, and to run the jobs."""
        self._stop_listening = Event()
        self.run_worker(self._listen, thread=True, group="listen", exit_on_error=False)
        self.set_interval(JOBS_EVERY, self._look_at_jobs)
        self._look_at_jobs()

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

    def _look_at_jobs(self) -> None:
        self.load(_run_jobs, self._show_jobs, "jobs", self._jobs_failed)

    def _show_jobs(self, status: Any) -> None:
        self.desk_app.show_jobs(str(status))

    def _jobs_failed(self, error: DeskError) -> None:
        self.desk_app.show_jobs(f"work ✗ {error}")


def _run_jobs(desk: "Desk") -> Any:
    """Run what is due, where this process holds the lease; says how work and mail stand."""
    return desk.jobs.run_once()
