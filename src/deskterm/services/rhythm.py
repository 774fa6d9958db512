"""How often a job looks: the jobs come round more often than most of them have something to do."""

from datetime import datetime, timedelta


class Rhythm:
    """Lets something be done once in a while, whoever asks and however often."""

    def __init__(self, every: timedelta) -> None:
        self._every = every
        self._last: datetime | None = None

    def due(self, now: datetime) -> bool:
        """Tell whether it is time again, and count from now; also where the clock was put back."""
        if self._last is not None and timedelta(0) <= now - self._last < self._every:
            return False
        self._last = now
        return True
