"""The columns of a ticket table: what each shows, how wide, and which give way first."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from deskterm.domain.clock import hours_words
from deskterm.domain.columns import FIELD, LISTED, Shown
from deskterm.domain.rows import BoardRow
from deskterm.domain.text import clean
from deskterm.domain.vocabulary import Needs, State
from deskterm.triage.ranking import promise_words

STATE_SIGNS = {
    State.NEW: "○",
    State.OPEN: "●",
    State.WAITING: "◔",
    State.SOLVED: "✓",
    State.CLOSED: "■",
    State.CANCELLED: "✗",
    State.MERGED: "→",
}
SUBJECT_MINIMUM = 22


def state_words(row: BoardRow) -> str:
    """Give sign and word of the state: `● open`; `? solved` where a mail on it asks something.

    `⚙ waiting` where the last that came was mail of a machine, which moved nothing.
    """
    sign = STATE_SIGNS.get(State(row.state), "?")
    sign = "⚙" if row.filed else sign
    return f"{'?' if row.asks else sign} {row.state}"


def age_words(since: datetime, now: datetime) -> str:
    """Give an age in its two largest sensible units: `5m`, `3h10`, `12d`, `2y`."""
    minutes = max(0, int((now - since).total_seconds() // 60))
    if minutes < 60:
        return f"{minutes}m"
    hours = minutes // 60
    if hours < 24:
        return f"{hours}h{minutes % 60:02d}"
    days = hours // 24
    return f"{days}d" if days < 730 else f"{days // 365}y"


def _waiting(row: BoardRow, now: datetime) -> str:
    if row.waiting_for is None:
        return row.needs if row.needs != Needs.NOTHING else ""
    until = row.waiting_until
    if until is None:
        return row.waiting_for
    if until <= now:
        return f"{row.waiting_for}, due"
    return f"{row.waiting_for} {age_words(now, until)}"


def _promise(row: BoardRow, now: datetime) -> str:
    words = promise_words(row, now)
    return words.rjust(7) if row.due_at else words


def _value(key: str, row: BoardRow) -> str:
    """Give a column's value in words: times local, yes and no, several with commas."""
    value = row.value(key)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.astimezone().strftime("%Y-%m-%d %H:%M")
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


_WORDS: Mapping[str, Callable[[BoardRow, datetime], str]] = {
    "id": lambda row, _: f"#{row.id}",
    "state": lambda row, _: state_words(row),
    "subject": lambda row, _: row.subject or "(no subject)",
    "assignee": lambda row, _: row.assignee or "–",
    "group": lambda row, _: row.group or "–",
    "category": lambda row, _: row.category or "–",
    "promise": _promise,
    "age": lambda row, now: age_words(row.opened_at, now).rjust(5),
    "waiting_for": _waiting,
    "updated_at": lambda row, now: age_words(row.updated_at, now).rjust(5),
    "worked": lambda row, _: hours_words(int(str(row.more["worked"]))),
}
"""Columns whose words are more than their value."""
_STYLES = {"id": "number", "state": "state", "waiting_for": "waits"}
_DIM = frozenset({"group", "category", "age", "channel"})


class Column(NamedTuple):
    """One column; `width` 0 takes what is left; a higher `rank` gives way first."""

    key: str
    title: str
    width: int
    rank: int
    text: Callable[[BoardRow, datetime], str]
    style: str = ""
    """The component class after `ticket-table--`, or empty."""
    sort: str = ""
    """What `sort:` calls it; empty where nothing is sorted by it."""


def column_of(key: str) -> Column | None:
    """Give the column of a key of `domain.columns.LISTED`, or of a field of the desk's own."""
    if key.startswith(FIELD):
        shown: Shown | None = Shown(key, key.removeprefix(FIELD))
    else:
        shown = LISTED[key].shown if key in LISTED else None
    if shown is None:
        return None
    text = _WORDS.get(key) or (lambda row, _: _value(key, row))
    style = _STYLES.get(key, "dim" if key in _DIM else "")
    return Column(key, shown.title, shown.width, shown.rank, text, style, shown.sort)


DEFAULT = (
    *("id", "state", "subject", "requester", "assignee", "promise"),
    *("age", "waiting_for", "category", "group"),
)


def fitting(keys: Sequence[str], width: int) -> list[tuple[Column, int]]:
    """Give the chosen columns that fit in `width` cells, each with its width.

    The subject takes what is left; while it has less than its minimum, the column with the
    highest rank goes.
    """
    columns = [column for column in map(column_of, keys) if column is not None]
    while True:
        fixed = sum(column.width + 1 for column in columns if column.width)
        left = width - fixed - 1
        droppable = [column for column in columns if column.rank > 0]
        if left >= SUBJECT_MINIMUM or not droppable:
            return [(column, column.width or max(left, 1)) for column in columns]
        columns.remove(max(droppable, key=lambda column: column.rank))


def cell(column: Column, row: BoardRow, now: datetime) -> str:
    """Give the cell's text on one line, safe to draw."""
    return clean(column.text(row, now), one_line=True)
