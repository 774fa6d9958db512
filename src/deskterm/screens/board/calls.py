"""The line above the board: call-backs whose time has come, one's own first."""

from collections.abc import Sequence
from datetime import datetime

from deskterm.domain.promised_rows import CallBackRow
from deskterm.domain.text import clean
from deskterm.triage.ranking import left_words


def call_words(rows: Sequence[CallBackRow], me: str, now: datetime) -> str:
    """Give `☎ 2 call-backs due: #12 Ada Moss 0:20 late, you: Does it hold?`."""
    if not rows:
        return ""
    first = min(rows, key=lambda row: (row.owner != me, row.at, row.ticket_id))
    late = left_words(first.at, now).removeprefix("-")
    who = "you" if first.owner == me else first.owner
    many = f"{len(rows)} call-backs due" if len(rows) > 1 else "Call back"
    about = " ".join(part for part in (first.requester, first.phone) if part)
    note = f": {first.note}" if first.note else ""
    more = " · filter callback:due shows all" if len(rows) > 1 else ""
    text = f"☎ {many}: #{first.ticket_id} {about}, {late} ago, {who}{note}{more}"
    return clean(text, one_line=True)
