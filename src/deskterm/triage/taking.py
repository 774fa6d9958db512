"""Which ticket is next for one technician, and why that one (C7).

The board's order decides. A technician gets what lies in their own groups or in none, never what
they gave away themselves while there is anything else. Among tickets that are not urgent and not
overdue, one whose deadline is hardly later goes first where the technician has solved its like.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from deskterm.domain.rows import BoardRow
from deskterm.triage.ranking import key, rank_at, reasons

CLOSE = timedelta(minutes=30)
"""Deadlines that lie no further apart count as equally close."""
SKILLED = 3
"""So many tickets of a category solved before make it one's own."""


class Taker(NamedTuple):
    """What is known of whoever takes."""

    groups: Collection[str]
    """Their groups; empty for a desk without any: everything is theirs."""
    gave_up: Collection[int] = ()
    """Tickets that they escalated or handed back themselves."""
    solved: Mapping[str, int] = {}
    """Category → how many tickets of it they have solved."""


class Choice(NamedTuple):
    """A ticket and why it is this one."""

    id: int
    reasons: tuple[str, ...]


def mine(rows: Sequence[BoardRow], taker: Taker) -> list[BoardRow]:
    """Give the tickets that may come to this technician, the board's first on top."""
    own = [row for row in rows if not taker.groups or row.group in (None, *taker.groups)]
    fresh = [row for row in own if row.id not in taker.gave_up]
    return sorted(fresh or own, key=key)


def choose(rows: Sequence[BoardRow], taker: Taker, now: datetime) -> list[Choice]:
    """Give the tickets in the order in which they are offered, each with its reasons."""
    left = mine(rows, taker)
    found = []
    while left:
        row = _first(left, taker, now)
        said = [*reasons(row, now), *_yours(row, taker, row is not left[0])]
        found.append(Choice(row.id, tuple(said)))
        left.remove(row)
    return found


def _first(left: Sequence[BoardRow], taker: Taker, now: datetime) -> BoardRow:
    top = left[0]
    due = _rank(top)
    if top.urgent or due <= now:
        return top
    close = [row for row in left if not row.urgent and _rank(row) <= due + CLOSE]
    skilled = [row for row in close if _skill(row, taker) >= SKILLED]
    return top if top in skilled or not skilled else skilled[0]


def _yours(row: BoardRow, taker: Taker, passed: bool) -> list[str]:
    found = [f"group {row.group} is yours"] if row.group in taker.groups else []
    if _skill(row, taker) >= SKILLED:
        text = f"you have solved {_skill(row, taker)} in {row.category}"
        found.append(f"{text}, and no deadline is much closer" if passed else text)
    return found


def _skill(row: BoardRow, taker: Taker) -> int:
    return taker.solved.get(row.category, 0) if row.category else 0


def _rank(row: BoardRow) -> datetime:
    return rank_at(row.state, row.waiting_until, row.due_at)
