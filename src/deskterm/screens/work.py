"""Work in threads: workers fetch or write, then their owner goes on, among its own messages.

`load` reads for whoever asks (app, screen or dialog) and a newer load of its group wins. An
`Order` writes: it runs on the app, so that it always reports, also when its screen is gone; `keep`
writes the small things that are not reported.
"""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, TypeVar, cast

from textual import on
from textual.message_pump import MessagePump
from textual.worker import Worker, WorkerState

from deskterm.domain.errors import DeskError
from deskterm.domain.stopping import Stop

if TYPE_CHECKING:
    from deskterm.screens.desk import Desk
    from deskterm.screens.host import Host, Reads

if TYPE_CHECKING:
    from textual.dom import DOMNode

    Base = DOMNode
else:
    # Not a DOMNode at run time: Textual takes the style of a class from its first DOMNode base.
    Base = MessagePump

T = TypeVar("T")


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
        then: Callable[[T], object],
        group: str = "load",
        otherwise: Callable[[DeskError], None] | None = None,
    ) -> None:
        """Call `ask` in a thread, then `then` with its value; a newer load of the group wins.

        What nobody waits for any more is broken off where it reads long (`stopping`).
        A DeskError goes to `otherwise`, or is said; a lost database shows in every
        footer in any case.
        """
        stop_reading(self, group)
        stop = _loads(self)[group] = Stop()
        asking = partial(_asking, self, ask, then, otherwise, stop)
        _: Worker[None] = self.run_worker(
            partial(_awaited, asking, stop), group=group, exclusive=True, exit_on_error=False
        )

    def keep(
        self,
        write: "Callable[[Desk], T]",
        then: "Callable[[T], object] | None" = None,
        otherwise: Callable[[DeskError], None] | None = None,
    ) -> None:
        """Write in a thread what nobody is told of: a draft, a mark as seen, an answer of a run.

        Nothing newer takes its place, and it is done also where its owner goes away meanwhile.
        """
        job = partial(_keeping, self, write, then, otherwise)
        self.app.run_worker(job, thread=True, group="keep", exit_on_error=False)

    @on(Worker.StateChanged)
    def _worker_broke(self, message: Worker.StateChanged) -> None:
        """Say that the program itself went wrong; nothing was lost."""
        if message.state == WorkerState.ERROR and message.worker.error is not None:
            error = message.worker.error
            self.log.error(error)
            fault = f"deskterm made a mistake ({type(error).__name__}: {error})."
            self.desk_app.say(fault, "error")


def _loads(owner: Working) -> dict[str, Stop]:
    """Group → its newest load."""
    found: dict[str, Stop] = owner.__dict__.setdefault("_loads", {})
    return found


def look_up(
    owner: "Reads",
    ask: "Callable[[Desk], T]",
    then: Callable[[T], object],
    group: str = "load",
    otherwise: Callable[[DeskError], None] | None = None,
) -> None:
    """`load` what a key goes on with, a dialog mostly: keys typed behind wait, and go there."""
    owner.load(ask, then, group, otherwise)
    asking = cast("Working", owner)
    asking.desk_app.typed.await_answer(_loads(asking)[group])


def stop_reading(owner: Working, *groups: str) -> None:
    """Let it hear nothing more of what these groups of loads (or all) read; what is read ends."""
    loads = _loads(owner)
    for group in groups or tuple(loads):
        if group in loads:
            loads.pop(group).now()


async def _awaited(asking: Callable[[], None], stop: Stop) -> None:
    """Await what asks in a thread; where this is cancelled the thread is told to stop."""
    try:
        await asyncio.get_running_loop().run_in_executor(None, asking)
    except BaseException:  # also where the program itself went wrong
        stop.now()
        raise


def _asking(
    owner: Working,
    ask: "Callable[[Desk], T]",
    then: Callable[[T], object],
    otherwise: Callable[[DeskError], None] | None,
    stop: Stop,
) -> None:
    """Ask in this thread; the owner goes on with the answer among its own messages."""
    try:
        with stop.here():
            value = ask(owner.desk_app.desk)
    except DeskError as error:
        go_on = partial(_not_read, owner.desk_app, error, otherwise)
    else:
        go_on = partial(_read, owner.desk_app, then, value)
    if not owner.call_later(_go_on, stop, go_on):
        stop.now()  # it is gone


def _go_on(stop: Stop, go_on: Callable[[], None]) -> None:
    """Go on, unless something newer was asked meanwhile; then nobody waits for it any more."""
    if not stop.stopped:
        go_on()
        stop.now()


def _keeping(
    owner: Working,
    write: "Callable[[Desk], T]",
    then: Callable[[T], object] | None,
    otherwise: Callable[[DeskError], None] | None,
) -> None:
    """Write in this thread; that it could not be is said also where the owner is gone."""
    host, app = owner.desk_app, owner.app
    try:
        value = write(host.desk)
    except DeskError as error:
        app.call_later(_not_read, host, error, otherwise)
    else:
        if then is not None:
            owner.call_later(_read, host, then, value)


def _read(host: "Host", then: Callable[[T], object], value: T) -> None:
    host.database_answered()
    then(value)


def _not_read(
    host: "Host", error: DeskError, otherwise: Callable[[DeskError], None] | None
) -> None:
    lost = host.database_lost(error)
    if otherwise is not None:
        otherwise(error)
    elif not lost:
        host.say_error(error)
