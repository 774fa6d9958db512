"""The order of the board, and its reasons (C1, C4): total, stable, the same in SQL and here.

Open first, urgent first, then by how close the promise is to being broken, then by how many people
it touches (asked, or told by all who report the same), then by age, then by number. Among tickets
of equal urgency nothing that comes later with the same promise can pass an earlier one, so that
none starves: its deadline only comes nearer.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from deskterm.domain.rows import BoardRow
from deskterm.domain.vocabulary import OPEN_STATES, State

NEVER = datetime(2999, 12, 31, tzinfo=UTC)
"""The place in line of a ticket that no promise presses."""

_MINUTE = timedelta(minutes=1)
Key = tuple[bool, bool, datetime, int, datetime, int]


def rank_at(state: str, waiting_until: datetime | None, due_at: datetime | None) -> datetime:
    """Give the instant by which tickets of equal urgency stand in line.

    The deadline; a ticket put off until a later time stands there, and one that waits without a
    time, or is ended, presses nobody.
    """
    if state == State.WAITING and waiting_until is not None:
        return max(waiting_until, due_at) if due_at else waiting_until
    return due_at or NEVER


def key(row: BoardRow) -> Key:
    """Give what rows are sorted by, the first on top."""
    return (
        row.state not in OPEN_STATES,
        not row.urgent,
        rank_at(row.state, row.waiting_until, row.due_at),
        -row.impact,
        row.opened_at,
        row.id,
    )


def ordered(rows: Sequence[BoardRow]) -> list[BoardRow]:
    """Give the rows in the order of the board."""
    return sorted(rows, key=key)


def span_words(length: timedelta) -> str:
    """Give a length: `0:12`, `23:59`, from a day on `1d`."""
    minutes = int(abs(length) / _MINUTE)
    if minutes < 24 * 60:
        return f"{minutes // 60}:{minutes % 60:02d}"
    return f"{minutes // (24 * 60)}d"


def left_words(due_at: datetime, now: datetime) -> str:
    """Give what is left until a deadline, `0:12`, or by how much it is missed, `-0:30`."""
    return span_words(due_at - now) if due_at > now else f"-{span_words(now - due_at)}"


def promise_words(row: Any, now: datetime) -> str:
    """Give the state of a ticket's promise: what is left, or whom the clock waits for.

    `row` is a BoardRow or a TicketView.
    """
    if row.due_at is not None:
        return left_words(row.due_at, now)
    if row.state == State.WAITING and row.waiting_for:
        return str(row.waiting_for)
    return ""


def reasons(row: Any, now: datetime) -> list[str]:
    """Give why a ticket stands where it stands, the weightiest first; `row` as above."""
    found = ["urgent" if row.urgent else "not urgent: urgent ones go first"]
    if row.state not in OPEN_STATES:
        return [row.state]
    found.append(_pressing(row, now))
    if row.impact > 1:
        found.append(f"{row.impact} people")
    found.append(f"opened {span_words(now - row.opened_at)} ago")
    return found


def _pressing(row: Any, now: datetime) -> str:
    what = "solution" if row.picked_at else "pick-up"
    if row.due_at is None:
        waits = f"waits for {row.waiting_for}" if row.state == State.WAITING else row.state
        return f"{waits}: no promise runs"
    if row.due_at <= now:
        text = f"{what} overdue by {span_words(now - row.due_at)}"
    else:
        text = f"{what} promised in {span_words(row.due_at - now)}"
    until = row.waiting_until
    if row.state == State.WAITING and until is not None and until > now:
        text += f", put off for {span_words(until - now)}"
    return text


def impact(asked: int | None, together: int) -> int:
    """Give how many people a ticket touches.

    `asked` is what its requester said; `together` how many people the tickets of its open problems
    touch: their requesters, or the most that any of them named. The larger counts; adding them up
    would count a floor twice where two of it report.
    """
    return max(asked or 0, together if together > 1 else 0)


def reason(asked: int | None, together: int, problem: str = "") -> str:
    """Give why, in words: `39 people, as many as P7 touches`; nothing where only one is touched."""
    value = impact(asked, together)
    if value < 2:
        return ""
    if asked == value or not problem:
        return f"{value} people"
    return f"{value} people, as many as {problem} touches"
