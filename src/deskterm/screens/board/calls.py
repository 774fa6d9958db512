"""The line above the board: call-backs whose time has come, the visits of the day, own first."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets import Static

from deskterm.domain import clock
from deskterm.domain.text import clean
from deskterm.screens.work import Working, quiet
from deskterm.triage.ranking import left_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deskterm.domain.in_hand import CallBackRow
    from deskterm.domain.visits import VisitRow


class CallsLine(Static, Working):
    """Reads itself; not there while nobody is to be called or visited. A click shows all whom."""

    DEFAULT_CSS = """
    CallsLine {
        height: 1; padding: 0 1; display: none; background: $warning 25%; color: $foreground;
        text-style: bold; text-wrap: nowrap; text-overflow: ellipsis;
    }
    CallsLine.-due { display: block; }
    CallsLine.-day { display: block; background: $panel; }
    """

    def read(self) -> None:
        """Read the call-backs that are due, whatever the view."""
        self.load(
            lambda desk: (desk.board.call_backs(due=True), desk.visits.today()),
            self._show,
            "calls",
            quiet,
        )

    def _show(self, found: "tuple[Sequence[CallBackRow], Sequence[VisitRow]]") -> None:
        calls, visits = found
        me, now = self.desk_app.desk.me, clock.now()
        said = (call_words(calls, me, now), visit_words(visits, me, now))
        words = Content("  ".join(filter(None, said)))
        if words != self.content:
            self.set_class(bool(calls), "-due")
            self.set_class(bool(visits) and not calls, "-day")
            self.update(words)

    def on_click(self) -> None:
        """Show the tickets of all call-backs that are due, else the visits."""
        if self.has_class("-due"):
            self.desk_app.show_tickets("callback:due")
        else:
            self.desk_app.go("visits")


def visit_words(rows: "Sequence[VisitRow]", me: str, now: datetime) -> str:
    """Give `⌂ 2 visits today: 10:00 #12 Ada Moss, room 3, you, leave by 9:40`."""
    ahead = [row for row in rows if row.at and row.until_at and row.until_at > now]
    if not ahead:
        late = [row for row in rows if row.at]
        return f"⌂ #{late[0].ticket_id}: the visit is over · & says what was done" if late else ""
    first = min(ahead, key=lambda row: (row.technician != me, row.at, row.id))
    assert first.at is not None
    who = "you" if first.technician == me else first.technician
    many = f"{len(ahead)} visits today" if len(ahead) > 1 else "Visit today"
    leave = first.at - timedelta(minutes=first.travel)
    away = f", leave by {leave.astimezone():%H:%M}" if first.travel and leave > now else ""
    where = f", {first.where}" if first.where else ""
    more = " · F2 shows all" if len(ahead) > 1 else ""
    at = f"{first.at.astimezone():%H:%M}"
    text = f"⌂ {many}: {at} #{first.ticket_id} {first.requester}{where}, {who}{away}{more}"
    return clean(text, one_line=True)


def call_words(rows: "Sequence[CallBackRow]", me: str, now: datetime) -> str:
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
