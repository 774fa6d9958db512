"""Running orders: in a thread, never exclusive, always reported, safe to ask again."""

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from textual import on
from textual.message import Message

from deskterm.domain.errors import ConflictError, DatabaseError, DeskError
from deskterm.screens.order import Order
from deskterm.screens.reports import sentence
from deskterm.screens.work import Working

if TYPE_CHECKING:
    from deskterm.domain.rows import Done


@dataclass
class Wrote(Message, bubble=False):
    """A write is in the ledger."""

    order: Order
    done: "Done"


@dataclass
class WriteFailed(Message, bubble=False):
    """A write was refused, clashed or could not be stored."""

    order: Order
    error: DeskError


class Orders(Working):
    """The part of the app that writes; quitting waits for it."""

    def write(self, order: Order) -> None:
        """Run an order in a thread; its end is told by a toast or a dialog."""
        self.desk_app.writing += 1
        job = partial(self._writing_order, order)
        self.run_worker(job, thread=True, group="write", exit_on_error=False)

    def _writing_order(self, order: Order) -> None:
        try:
            done = order.run(self.desk_app.desk, order.how)
        except DeskError as error:
            self.post_message(WriteFailed(order, error))
        else:
            self.post_message(Wrote(order, done))

    @on(Wrote)
    def _report(self, message: Wrote) -> None:
        app = self.desk_app
        app.database_answered()
        app.say(*sentence(message.order.said, message.done))
        if message.order.then is not None:
            message.order.then(message.done)
        app.desk_changed()
        app.wrote()

    @on(WriteFailed)
    def _report_failure(self, message: WriteFailed) -> None:
        if isinstance(message.error, ConflictError | DatabaseError):
            self._ask_again(message.order, message.error)
        else:
            self.desk_app.say_error(message.error)
        self.desk_app.wrote()

    def _ask_again(self, order: Order, error: DeskError) -> None:
        from deskterm.screens.dialogs.ask import AgainDialog

        def decided(yes: bool | None) -> None:
            if yes:
                self.write(order.anyway() if isinstance(error, ConflictError) else order)
            else:
                self.desk_app.desk_changed()

        self.app.push_screen(AgainDialog(order.said, error), decided)
