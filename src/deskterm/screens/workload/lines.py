"""How the workload is drawn: a line a technician, by login; nobody is ranked."""

from collections.abc import Sequence
from datetime import datetime

from textual.content import Content

from deskterm.domain.in_hand import LoadRow
from deskterm.domain.text import clean
from deskterm.widgets.line_list import Line
from deskterm.widgets.ticket_columns import age_words
from deskterm.widgets.ticket_lines import fit

NOBODY = "-"
"""The name of the line of tickets without an owner."""
WHO = 18
_TITLES = ("Open", "Urgent", "Overdue", "Waits", "Verify", "Calls")
OLDEST = 12
WIDE = 110
"""Cells from which on it is said in the line until when somebody is off; else below the list."""


def titles() -> str:
    """Give the line of titles."""
    counts = "".join(f"{title:>{max(5, len(title) + 1)}}" for title in _TITLES)
    return f" {'Who':<{WHO}}{counts}  {'Oldest':<{OLDEST}}Off"


def lines(rows: Sequence[LoadRow], now: datetime, width: int) -> list[Line]:
    """Give the lines of the list for a window of this width."""
    return [Line(row.login or NOBODY, _line(row, now, width)) for row in rows]


def _line(row: LoadRow, now: datetime, width: int) -> Content:
    name = clean(row.name, one_line=True)
    who = f"{clean(row.login, one_line=True)}  {name}" if row.login else "nobody's yet"
    values = (row.open, row.urgent, row.overdue, row.waiting, row.solved, row.callbacks)
    parts: list[tuple[str, str]] = [(f" {fit(who, WHO)}", "bold")]
    for title, value in zip(_TITLES, values, strict=True):
        text = f"{value or '·':>{max(5, len(title) + 1)}}"
        late = title in ("Urgent", "Overdue") and value
        parts.append((text, "bold $error" if late else "$text-muted" if not value else ""))
    oldest = f"#{row.oldest_id} {age_words(row.oldest_at, now)}" if row.oldest_at else ""
    parts.append((f"  {oldest:<{OLDEST}}", ""))
    off = off_words(row) if width >= WIDE else "off" if row.off_until else ""
    parts.append((clean(off, one_line=True), "$warning"))
    return Content.assemble(*parts)


def off_words(row: LoadRow) -> str:
    """Give `off until Fri 4 Dec, deputy cy`, or nothing."""
    if row.off_until is None:
        return ""
    until = row.off_until.astimezone()
    deputy = f", deputy {row.deputy}" if row.deputy else ", no deputy"
    return f"off until {until:%a} {until.day} {until:%b}{deputy}"


def words(row: LoadRow) -> str:
    """Give what stands below the list about the line in hand."""
    if row.login is None:
        return "Nobody has taken these yet. Enter shows them; T on the board takes the next one."
    groups = ", ".join(row.groups) or "no group"
    off = f" · {off_words(row)}" if row.off_until else ""
    return clean(f"{row.login} · {groups}{off} · Enter shows the tickets: mark some, a gives them",
                 one_line=True)  # fmt: skip


def query_of(login: str) -> str:
    """Give the query of the tickets behind a line."""
    return "is:open assignee:none" if login == NOBODY else f'is:open assignee:"{login}"'
