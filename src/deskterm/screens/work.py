"""Work in threads: workers fetch or write, messages carry, handlers on the screen go on.

`load` reads for whoever asks (app, screen or dialog) and a newer load of its group wins. An
`Order` writes: it runs on the app, so that it always reports, also when its screen is gone.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar, cast

from textual import on
from textual.message import Message
from textual.message_pump import MessagePump
from textual.worker import Worker, WorkerState, get_current_worker

from deskterm.domain.errors import DeskError

if TYPE_CHECKING:
    from deskterm.screens.desk import Desk
    from deskterm.screens.host import Host

if TYPE_CHECKING:
    from textual.dom import DOMNode

    Base = DOMNode
else:
    # Not a DOMNode at run time: Textual takes the style of a class from its first DOMNode base.
    Base = MessagePump

T = TypeVar("T")


@dataclass
class Loaded(Message, bubble=False):
    """A thread has read something; `then` draws it."""

    then: Callable[[Any], None]
    value: Any


@dataclass
class LoadFailed(Message, bubble=False):
    """A thread could not read what it was asked for; `otherwise` says so in its own place."""

    error: DeskError
    otherwise: Callable[[DeskError], None] | None


def quiet(error: DeskError) -> None:
    """An `otherwise` for what is simply not shown; a lost database shows in the footer already."""
    del error


class Working(Base):
    """What app, screens and dialogs share: reading from the desk without stopping the keys."""

    @property
    def desk_app(self) -> "Host":
        """The running app as screens know it."""
        return cast("Host", self.app)

    def load(
        self,
        ask: "Callable[[Desk], T]",
        then: Callable[[T], None],
        group: str = "load",
        otherwise: Callable[[DeskError], None] | None = None,
    ) -> None:
        """Call `ask` in a thread, then `then` with its value; a newer load of the group wins.

        A DeskError goes to `otherwise`, or is said in a toast; a lost database shows in every
        footer in any case.
        """
        job = partial(self._asking, ask, then, otherwise)
        self.run_worker(job, thread=True, group=group, exclusive=True, exit_on_error=False)

    def _asking(
        self,
        ask: "Callable[[Desk], T]",
        then: Callable[[T], None],
        otherwise: Callable[[DeskError], None] | None,
    ) -> None:
        worker = get_current_worker()
        answer: Message
        try:
            answer = Loaded(then, ask(self.desk_app.desk))
        except DeskError as error:
            answer = LoadFailed(error, otherwise)
        if not worker.is_cancelled:
            self.post_message(answer)

    @on(Loaded)
    def _go_on(self, message: Loaded) -> None:
        self.desk_app.database_answered()
        message.then(message.value)

    @on(LoadFailed)
    def _say_so(self, message: LoadFailed) -> None:
        lost = self.desk_app.database_lost(message.error)
        if message.otherwise is not None:
            message.otherwise(message.error)
        elif not lost:
            self.desk_app.say_error(message.error)

    @on(Worker.StateChanged)
    def _worker_broke(self, message: Worker.StateChanged) -> None:
        if message.state == WorkerState.ERROR and message.worker.error is not None:
            self.desk_app.say_fault(message.worker.error)
