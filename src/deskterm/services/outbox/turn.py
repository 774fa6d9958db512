"""How much one turn of sending may take, and how it is done aside: new mail never waits for it."""

import threading
from collections.abc import Callable
from time import monotonic
from typing import Generic, TypeVar

LETTERS = 200
SECONDS = 2.0


class Turn:
    """Counts down one turn: so many letters or so many seconds, whichever ends first."""

    def __init__(
        self,
        letters: float = LETTERS,
        seconds: float = SECONDS,
        now: Callable[[], float] = monotonic,
    ) -> None:
        self._left = letters
        self._now = now
        self._until = now() + seconds
        self.over = False
        """Whether it ended with letters still due."""

    def goes_on(self) -> bool:
        """Tell whether one more letter may be tried; where not, the turn is over."""
        self.over = self.over or self._left <= 0 or self._now() >= self._until
        return not self.over

    def tried(self) -> None:
        """Count one letter."""
        self._left -= 1


def endless() -> Turn:
    """Give a turn that ends when no letter is due: somebody asked for it and waits."""
    return Turn(float("inf"), float("inf"))


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
