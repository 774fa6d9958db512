"""Work beside everything else: a server that is slow or silent holds up only its own queue."""

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from deskterm.services.outbox.turn import SECONDS, Turn

PATIENCE = SECONDS
"""Seconds that a turn is waited for."""
Did = TypeVar("Did")


class Aside(Generic[Did]):
    """One turn of a queue at a time, in a thread of its own, waited for only so long.

    A turn that is still under way is asked about again later; its result is told once.
    """

    def __init__(
        self, name: str, work: Callable[[Turn], Did], nothing: Did, turn: Callable[[], Turn] = Turn
    ) -> None:
        self._name = name
        self._work = work
        self._nothing = nothing
        self._turn = turn
        self._thread: threading.Thread | None = None
        self._did = nothing
        self._over = False
        self._failed: BaseException | None = None

    @property
    def busy(self) -> bool:
        """Whether a turn is under way, or its result was not told yet."""
        return self._thread is not None

    def run(self) -> tuple[Did, bool]:
        """Give (what a turn did, whether more is still due); nothing while one goes on.

        Raises what the turn raised.
        """
        if self._thread is None:
            self._did, self._over, self._failed = self._nothing, False, None
            self._thread = threading.Thread(target=self._go, name=self._name, daemon=True)
            self._thread.start()
        self._thread.join(PATIENCE)
        if self._thread.is_alive():
            return self._nothing, False
        self._thread = None
        if self._failed is not None:
            raise self._failed
        return self._did, self._over

    def wait(self) -> None:
        """Wait until no turn is under way."""
        if self._thread is not None:
            self._thread.join()

    def _go(self) -> None:
        turn = self._turn()
        try:
            self._did = self._work(turn)
            self._over = turn.over
        except BaseException as error:  # noqa: BLE001 - raised again where the result is asked for
            self._failed = error
