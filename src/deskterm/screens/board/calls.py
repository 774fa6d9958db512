"""The line above the board: call-backs whose time has come, one's own first."""

from collections.abc import Sequence
from datetime import datetime

from textual.content import Content
from textual.widgets import Static

from deskterm.domain import clock
from deskterm.domain.in_hand import CallBackRow
from deskterm.domain.text import clean
from deskterm.screens.work import Working, quiet
from deskterm.triage.ranking import left_words


class CallsLine(Static, Working):
    """Reads itself; not there while nobody is to be called. A click shows all whom."""

    DEFAULT_CSS = """
    CallsLine {
        height: 1; padding: 0 1; display: none; background: $warning 25%; color: $foreground;
        text-style: bold; text-wrap: nowrap; text-overflow: ellipsis;
    }
    CallsLine.-due { display: block; }
    """

    def read(self) -> None:
        """Read the call-backs that are due, whatever the view."""
        self.load(lambda desk: desk.board.call_backs(due=True), self._show, "calls", quiet)

    def _show(self, rows: Sequence[CallBackRow]) -> None:
        words = Content(call_words(rows, self.desk_app.desk.me, clock.now()))
        if words != self.content:
            self.set_class(bool(rows), "-due")
            self.update(words)

    def on_click(self) -> None:
        """Show the tickets of all call-backs that are due."""
        self.desk_app.show_tickets("callback:due")


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
