"""Why a ticket stands where it stands: its place, its reasons, its clocks; as rows and in words."""

from collections.abc import Iterator
from datetime import datetime, tzinfo
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
    """pickup, response or solution."""
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
    why: str = ""
    """By what it was judged, where that is not what is promised now."""


class Standing(NamedTuple):
    """A ticket's place on the board, and why."""

    id: int
    subject: str
    place: int | None
    """1 for the top of the board; None for a ticket that is not open."""
    of: int
    reasons: tuple[str, ...]
    promised: str
    """By which offer, contract, calendar or default, in words."""
    rule: str
    """Why by that one: which rule fits first, and what would have come after it."""
    clocks: tuple[ClockRow, ...]


_KINDS = {"pickup": "Pick-up", "response": "Answer", "solution": "Solution"}
_LINES = 12
"""Pieces of one clock that are printed; the middle is left out, the sum is whole."""


def standing_lines(one: Standing, zone: tzinfo | None) -> Iterator[str]:
    """Give the lines: place, reasons, then each clock with its pieces and their sum."""
    place = f"place {one.place} of {one.of} open tickets" if one.place else "not open"
    yield f"#{one.id} {one.subject}"
    yield f"Stands at {place}: {'; '.join(one.reasons)}."
    yield f"Promised by {one.promised}."
    yield f"That is {one.rule}."
    for clock in one.clocks:
        yield ""
        yield from _clock(clock, zone)


def _clock(one: ClockRow, zone: tzinfo | None) -> Iterator[str]:
    yield f"{_KINDS[one.kind]} within {one.target}: {_state(one, zone)}"
    if one.why:
        yield f"  judged by {one.why}"
    pieces = list(one.pieces)
    left_out = len(pieces) - _LINES
    if left_out > 1:
        pieces[_LINES // 2 : -_LINES // 2] = []
    for place, piece in enumerate(pieces):
        if left_out > 1 and place == _LINES // 2:
            yield f"  … {left_out} more pieces"
        yield f"  {_piece(piece, zone)}"
    yield f"  ran {length_words(one.ran)} in all"


def _state(one: ClockRow, zone: tzinfo | None) -> str:
    due = f", due {_when(one.due_at, zone)}" if one.due_at else ""
    ended = f" at {_when(one.ended_at, zone)}" if one.ended_at else ""
    return f"{one.state}{ended}{due}"


def _piece(one: PieceRow, zone: tzinfo | None) -> str:
    note = f" ({one.note})" if one.note else ""
    length = length_words(round((one.end - one.start).total_seconds()))
    counted = f"+{length_words(one.counted)}" if one.counted else ""
    span = f"{_when(one.start, zone)} – {_when(one.end, zone)}"
    return f"{span}  {length:>7}  {counted:>7}  {one.kind}{note}".rstrip()


def _when(at: datetime, zone: tzinfo | None) -> str:
    return f"{at.astimezone(zone):%a %d %b %H:%M}"


def length_words(seconds: int) -> str:
    """Give a length in hours and minutes, `31:05`."""
    minutes = seconds // 60
    return f"{minutes // 60}:{minutes % 60:02d}"
