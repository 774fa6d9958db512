"""Sending beside everything else: a mail server that is slow or silent holds up only itself."""

import threading
from collections.abc import Callable

from deskterm.domain.mail_rows import Sent
from deskterm.services.outbox.outbox import Outbox
from deskterm.services.outbox.turn import SECONDS, Turn

PATIENCE = SECONDS
"""Seconds that a turn is waited for."""


class Aside:
    """One turn of the outbox at a time, in a thread of its own, waited for only so long.

    A turn that is still under way is asked about again later; its result is told once.
    """

    def __init__(self, outbox: Outbox, turn: Callable[[], Turn] = Turn) -> None:
        self._outbox = outbox
        self._turn = turn
        self._thread: threading.Thread | None = None
        self._sent = Sent()
        self._over = False
        self._failed: BaseException | None = None

    @property
    def busy(self) -> bool:
        """Whether a turn is under way, or its result was not told yet."""
        return self._thread is not None

    def send(self) -> tuple[Sent, bool]:
        """Give (what a turn did, whether letters are still due); nothing while one goes on.

        Raises what the turn raised.
        """
        if self._thread is None:
            self._sent, self._over, self._failed = Sent(), False, None
            self._thread = threading.Thread(target=self._run, name="outbox", daemon=True)
            self._thread.start()
        self._thread.join(PATIENCE)
        if self._thread.is_alive():
            return Sent(), False
        self._thread = None
        if self._failed is not None:
            raise self._failed
        return self._sent, self._over

    def wait(self) -> None:
        """Wait until no turn is under way."""
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        turn = self._turn()
        try:
            self._sent = self._outbox.send(turn=turn)
            self._over = turn.over
        except BaseException as error:  # noqa: BLE001 - raised again where the result is asked for
            self._failed = error
