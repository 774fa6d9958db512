"""Reading that nobody waits for any more ends at once.

Whoever waits has a `Stop` and says `now()`; whoever reads long says how its reading is broken off
(`while_reading`), and between two steps asks whether it is still wanted (`check`).
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from threading import Lock

from deskterm.domain.errors import DeskError

STOPPED = "nobody waits for it any more."
_here: ContextVar["Stop | None"] = ContextVar("stop", default=None)


class StoppedError(DeskError):
    """Nobody waits for this reading any more."""


class Stop:
    """Whether somebody still waits for what one thread reads."""

    def __init__(self) -> None:
        self.stopped = False
        self._lock = Lock()
        self._break_off: Callable[[], None] | None = None

    @property
    def reading(self) -> bool:
        """True while something is being read that can be broken off."""
        return self._break_off is not None

    def now(self) -> None:
        """Nobody waits any more: what is being read is broken off."""
        with self._lock:
            self.stopped = True
            if self._break_off is not None:
                self._break_off()

    @contextmanager
    def here(self) -> Iterator[None]:
        """Let it hold for all that this thread reads within the block."""
        token = _here.set(self)
        try:
            yield
        finally:
            _here.reset(token)

    @contextmanager
    def broken_off_by(self, break_off: Callable[[], None]) -> Iterator[None]:
        """Name what ends the reading of the block; raises StoppedError where it is over.

        Also where the last statement had ended before: `break_off` may still be on its way.
        """
        with self._lock:
            before, self._break_off = self._break_off, break_off
        try:
            check()
            yield
            check()
        finally:
            with self._lock:
                self._break_off = before


@contextmanager
def while_reading(break_off: Callable[[], None]) -> Iterator[None]:
    """Let the reading of the block be broken off by `break_off`, called in another thread."""
    stop = _here.get()
    if stop is None:
        yield
        return
    with stop.broken_off_by(break_off):
        yield


def check() -> None:
    """Raise StoppedError where nobody waits for this thread's reading any more."""
    stop = _here.get()
    if stop is not None and stop.stopped:
        raise StoppedError(STOPPED)
