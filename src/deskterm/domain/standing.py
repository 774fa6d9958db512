"""Why a ticket stands where it stands: its place, its reasons, its clocks piece by piece."""

from datetime import datetime
from typing import NamedTuple


class PieceRow(NamedTuple):
    """A piece of a clock's time: running, out of hours, holiday, daylight saving or paused."""

    start: datetime
    end: datetime
    kind: str
    note: str
    counted: int
    """Seconds that it adds to the clock."""


class ClockRow(NamedTuple):
    """One promise of a ticket."""

    kind: str
    """pickup or solution."""
    target: str
    """As the desk has set it, such as `4h` or `3d`."""
    state: str
    """running, paused, kept or missed."""
    due_at: datetime | None
    """None while it is paused, and where the calendar never gets there."""
    ended_at: datetime | None
    """When it was kept, or kept too late."""
    ran: int
    """Seconds of business time so far: the sum of the pieces."""
    pieces: tuple[PieceRow, ...]


class Standing(NamedTuple):
    """A ticket's place on the board, and why."""

    id: int
    subject: str
    place: int | None
    """1 for the top of the board; None for a ticket that is not open."""
    of: int
    reasons: tuple[str, ...]
    clocks: tuple[ClockRow, ...]
