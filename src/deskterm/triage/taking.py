"""Which ticket is next for one technician, and why that one (C7).

The board's order decides. A technician gets what lies in their own groups or in none, never what
they gave away themselves while there is anything else. Among tickets that are not urgent and not
overdue, one whose deadline is hardly later goes first where the technician has solved its like.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from deskterm.domain.rows import BoardRow
from deskterm.triage.ranking import key, rank_of, reasons

CLOSE = timedelta(minutes=30)
"""Deadlines that lie no further apart count as equally close."""
AGAIN = "T again takes from any group (`ticket next --any-group`)."
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
    passed: str = ""
    """The urgent ones above it that belong to other groups, in words."""


def mine(rows: Sequence[BoardRow], taker: Taker) -> list[BoardRow]:
    """Give the tickets that may come to this technician, the board's first on top."""
    own = [row for row in rows if not taker.groups or row.group in (None, *taker.groups)]
    fresh = [row for row in own if row.id not in taker.gave_up]
    return sorted(fresh or own, key=key)


def passed_over(rows: Sequence[BoardRow], taker: Taker, taken: int) -> list[BoardRow]:
    """Give the urgent tickets of other groups that stand above one that was chosen, in order."""
    if not taker.groups:
        return []
    line = sorted(rows, key=key)
    above = line[: next((n for n, row in enumerate(line) if row.id == taken), len(line))]
    return [row for row in above if row.urgent and row.group not in (None, *taker.groups)]


def passed_words(passed: Sequence[BoardRow]) -> str:
    """Say which were passed over, why, and how they are taken."""
    groups = ", ".join(dict.fromkeys(row.group or "" for row in passed))
    some = ", ".join(f"#{row.id}" for row in passed[:3]) + (", …" if len(passed) > 3 else "")
    what = f"{len(passed)} urgent above belong" if len(passed) > 1 else "1 urgent above belongs"
    return f"{what} to {groups}, not to your groups: {some}. {AGAIN}"


def choose(rows: Sequence[BoardRow], taker: Taker, now: datetime) -> list[Choice]:
    """Give the tickets in the order in which they are offered, each with its reasons."""
    left = mine(rows, taker)
    found = []
    while left:
        row = _first(left, taker, now)
        passed = passed_over(rows, taker, row.id)
        why = reasons(row, now)
        if not row.urgent:
            why[0] = "no urgent one waits in your groups" if passed else "no urgent one is free"
        said = (*why, *_yours(row, taker, row is not left[0]))
        found.append(Choice(row.id, said, passed_words(passed) if passed else ""))
        left.remove(row)
    return found


def _first(left: Sequence[BoardRow], taker: Taker, now: datetime) -> BoardRow:
    top = left[0]
    due = rank_of(top)
    if top.urgent or due <= now:
        return top
    close = [row for row in left if not row.urgent and rank_of(row) <= due + CLOSE]
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
