"""Running orders: in a thread, never exclusive, always reported, safe to ask again."""

from functools import partial
from typing import TYPE_CHECKING

from deskterm.domain.errors import AcrossClientsError, ConflictError, DatabaseError, DeskError
from deskterm.screens.order import sentence

if TYPE_CHECKING:
    from deskterm.domain.rows import Done
    from deskterm.screens.order import Order
    from deskterm.screens.work import Working


class Orders:
    """The orders of an app. Each is reported, also where its screen is gone; quitting waits."""

    def __init__(self, app: "Working") -> None:
        self._app = app
        self._writing = 0
        self._leaving = False

    def write(self, order: "Order") -> None:
        """Run an order in a thread; its end is said, or asked about in a dialog."""
        self._writing += 1
        job = partial(self._run, order)
        self._app.run_worker(job, thread=True, group="write", exit_on_error=False)

    def _run(self, order: "Order") -> None:
        try:
            done = order.run(self._app.desk_app.desk, order.how)
        except DeskError as error:
            self._app.call_later(self._report_failure, order, error)
        else:
            self._app.call_later(self._report, order, done)

    def _report(self, order: "Order", done: "Done") -> None:
        self._app.desk_app.database_answered()
        self._app.desk_app.say(*sentence(order.said, done))
        if order.then is not None:
            order.then(done)
        self._app.desk_app.desk_changed()
        self._reported()

    def _report_failure(self, order: "Order", error: DeskError) -> None:
        if isinstance(error, ConflictError | DatabaseError | AcrossClientsError):
            self._ask_again(order, error)
        else:
            self._app.desk_app.say_error(error)
        self._reported()

    def _ask_again(self, order: "Order", error: DeskError) -> None:
        from deskterm.screens.dialogs.ask import AgainDialog

        def decided(yes: bool | None) -> None:
            if yes and isinstance(error, AcrossClientsError):
                self.write(order.across())
            elif yes:
                self.write(order.anyway() if isinstance(error, ConflictError) else order)
            else:
                self._app.desk_app.desk_changed()

        self._app.app.push_screen(AgainDialog(order.said, error), decided)

    # --- leaving --------------------------------------------------------------------------

    def leave(self) -> None:
        """Quit; a write under way is finished and reported first."""
        self._leaving = True
        if self._writing:
            self._app.desk_app.say("Finishing what is being written …")
        else:
            self._app.app.exit()

    def _reported(self) -> None:
        """Count an order as reported; quit now if that was waited for."""
        self._writing -= 1
        if self._leaving and self._writing == 0:
            self._app.app.exit()
