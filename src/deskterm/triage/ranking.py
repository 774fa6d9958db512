"""The order of the board, and its reasons (C1, C4): total, stable, the same in SQL and here.

What needs somebody stands above what waits for a word, solved tickets below both, what is ended at
the end, the newest first. Within it urgent first, then what touches many people, then by how close
the promise is to being broken, then by how many people it touches, then by age, then by number.
Among tickets of one line nothing that comes later with the same promise can pass an earlier one, so
that none starves: its deadline only comes nearer.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from deskterm.domain.rows import BoardRow
from deskterm.domain.vocabulary import OPEN_STATES, Approval, Needs, State

NEVER = datetime(2999, 12, 31, tzinfo=UTC)
"""The place in line of a ticket that no promise presses."""

_MINUTE = timedelta(minutes=1)
_TURN = datetime(2400, 1, 1, tzinfo=UTC)
"""What ended is mirrored here, so that the newest stands first."""
MANY = 5
"""So many people are many: a burst, a floor, a branch."""
WAITS, SOLVED, ENDED = 4, 6, 7
"""Lines of what waits for a word (4 and 5), is solved, is ended; below 4 it needs somebody."""
Key = tuple[int, datetime, int, datetime, int]


def line(state: str, urgent: bool, impact: int, approval: str | None) -> int:
    """Give in which line of the board a ticket stands, 0 on top."""
    if state not in OPEN_STATES:
        return ENDED
    if state == State.SOLVED:
        return SOLVED
    if state == State.WAITING or approval == Approval.ASKED:
        return WAITS + (not urgent)
    return 2 * (not urgent) + (impact < MANY)


def rank_at(
    state: str,
    waiting_until: datetime | None,
    due_at: datetime | None,
    closed_at: datetime | None = None,
) -> datetime:
    """Give the instant by which tickets of one line stand.

    The deadline; a ticket put off until a later time stands there, and one that waits without a
    time presses nobody. What is ended stands by when that was, the newest first.
    """
    if state not in OPEN_STATES:
        return _TURN + (_TURN - closed_at) if closed_at else NEVER
    if state == State.WAITING and waiting_until is not None:
        return max(waiting_until, due_at) if due_at else waiting_until
    return due_at or NEVER


def key(row: BoardRow) -> Key:
    """Give what rows are sorted by, the first on top."""
    return (
        line(row.state, row.urgent, row.impact, row.approval),
        rank_of(row),
        -row.impact,
        row.opened_at,
        row.id,
    )


def rank_of(row: BoardRow) -> datetime:
    """Give the instant by which a row stands in its line."""
    return rank_at(row.state, row.waiting_until, row.due_at, row.closed_at)


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
    return _asked(row)


def _asked(row: Any) -> str:
    """Give what is asked of somebody before the work can go on: approval or budget."""
    asked = row.approval == Approval.ASKED and row.state in (State.NEW, State.OPEN)
    return str(row.needs) if asked and row.needs != Needs.NOTHING else ""


def reasons(row: Any, now: datetime) -> list[str]:
    """Give why a ticket stands where it stands, the weightiest first; `row` as above."""
    found = ["urgent" if row.urgent else "not urgent: urgent ones go first"]
    if row.state not in OPEN_STATES:
        return [row.state]
    if row.impact >= MANY:
        found.append("many people: they go before single ones")
    if row.state == State.WAITING or _asked(row):
        found.append("below what needs somebody")
    elif row.state == State.SOLVED:
        return ["solved: below what needs somebody", "the customer's word is missing"]
    found.append(_pressing(row, now))
    if row.impact > 1:
        found.append(f"{row.impact} people")
    found.append(f"opened {span_words(now - row.opened_at)} ago")
    return found


def _pressing(row: Any, now: datetime) -> str:
    what = "solution" if row.picked_at else "pick-up"
    if row.due_at is not None and row.due_at == row.response_due:
        what = "answer"
    if row.due_at is None:
        waits = f"waits for {row.waiting_for}" if row.state == State.WAITING else row.state
        if _asked(row):
            waits = f"waits for {_asked(row)}"
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
