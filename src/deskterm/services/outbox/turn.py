"""How much one turn of sending may take, so that mail that comes in never waits behind letters."""

from collections.abc import Callable
from time import monotonic

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
