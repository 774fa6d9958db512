"""How far long work has come: one line on stderr, only where that is a terminal."""

import sys
import time


class Bar:
    """A progress line, rewritten at most ten times a second."""

    def __init__(self, what: str, total: int) -> None:
        self.what = what
        self.total = total
        self._last = 0.0
        self._on = sys.stderr.isatty()

    def show(self, done: int, total: int = 0) -> None:
        """Show how many are done; a total given here wins."""
        self.total = total or self.total
        now = time.monotonic()
        if not self._on or (now - self._last < 0.1 and done < self.total):
            return
        self._last = now
        share = min(1.0, done / self.total) if self.total else 0.0
        filled = int(share * 24)
        line = f"\r{self.what} [{'#' * filled}{'.' * (24 - filled)}] {done} of {self.total} "
        sys.stderr.write(line if self.total else f"\r{self.what} {done} ")
        sys.stderr.flush()

    def end(self) -> None:
        """Take the line away."""
        if self._on:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
