"""The columns of a ticket table: what each shows, how wide, and which give way first."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

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
    """Give sign and word of the state: `● open`; `? solved` where a mail on it asks something."""
    sign = "?" if row.asks else STATE_SIGNS.get(State(row.state), "?")
    return f"{sign} {row.state}"


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


@dataclass(frozen=True, slots=True)
class Column:
    """One column; `width` 0 takes what is left; a higher `rank` gives way first."""

    key: str
    title: str
    width: int
    rank: int
    text: Callable[[BoardRow, datetime], str]
    style: str = ""
    """The component class after `ticket-table--`, or empty."""


COLUMNS: tuple[Column, ...] = (
    Column("ticket", "Ticket", 8, 0, lambda row, _: f"#{row.id}", "number"),
    Column("state", "State", 11, 2, lambda row, _: state_words(row), "state"),
    Column("subject", "Subject", 0, 0, lambda row, _: row.subject or "(no subject)"),
    Column("from", "From", 15, 3, lambda row, _: row.requester),
    Column("owner", "Owner", 9, 5, lambda row, _: row.assignee or "–"),
    Column("group", "Group", 12, 8, lambda row, _: row.group or "–", "dim"),
    Column("category", "Category", 16, 7, lambda row, _: row.category or "–", "dim"),
    Column("promise", "Promise", 8, 1, _promise),
    Column("age", "Age", 6, 4, lambda row, now: age_words(row.opened_at, now).rjust(5), "dim"),
    Column("waits", "Waits for", 13, 6, _waiting, "waits"),
    Column("changed", "Changed", 8, 9, lambda row, now: age_words(row.updated_at, now).rjust(5)),
    Column("channel", "By", 8, 10, lambda row, _: row.channel, "dim"),
)
BY_KEY = {column.key: column for column in COLUMNS}
DEFAULT = (
    *("ticket", "state", "subject", "from", "owner", "promise"),
    *("age", "waits", "category", "group"),
)


def fitting(keys: Sequence[str], width: int) -> list[tuple[Column, int]]:
    """Give the chosen columns that fit in `width` cells, each with its width.

    The subject takes what is left; while it has less than its minimum, the column with the
    highest rank goes.
    """
    columns = [BY_KEY[key] for key in keys if key in BY_KEY]
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
