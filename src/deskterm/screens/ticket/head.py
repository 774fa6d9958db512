"""The head of a ticket: number, subject, state, who and how; and the line of what comes next."""

from collections.abc import Sequence
from datetime import datetime

from rich.cells import cell_len
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Static

from deskterm.domain.rows import TicketView
from deskterm.domain.text import clean
from deskterm.domain.vocabulary import Needs, State
from deskterm.screens.ticket.beside import hint_lines
from deskterm.screens.ticket.pages import Fitting
from deskterm.screens.ticket.whose import asked_lines, unsure_lines
from deskterm.triage.ranking import promise_words
from deskterm.widgets.ticket_columns import STATE_SIGNS, age_words
from deskterm.widgets.value_words import moment_words


class TicketHead(Widget):
    """Two lines; the state at the right is never cut, the subject gives way."""

    DEFAULT_CSS = """
    TicketHead { height: 2; background: $surface; color: $foreground; }
    """

    view: reactive[TicketView | None] = reactive(None)
    now: reactive[datetime | None] = reactive(None)
    here: reactive[str] = reactive("")
    """Who else has it open or is writing."""

    def render(self) -> Content:
        """Give both lines."""
        if self.view is None or self.now is None:
            return Content.styled(" Reading the ticket …", "$text-muted")
        width = self.size.width
        here = f" {clean(self.here, one_line=True)} ·" if self.here else ""
        below = Content.assemble(
            (here, "bold $warning"), (f" {below_words(self.view, self.now)}", "$text-muted")
        )
        return Content("\n").join(
            [_first(self.view, width, self.now), below.truncate(max(1, width), ellipsis=True)]
        )


def _first(view: TicketView, width: int, now: datetime) -> Content:
    state = f"{STATE_SIGNS.get(State(view.state), '?')} {view.state}"
    owner = f" · {clean(view.assignee, one_line=True)}" if view.assignee else " · nobody's"
    urgent = "! urgent · " if view.urgent else ""
    words = promise_words(view, now) if view.due_at else ""
    late = words.startswith("-")
    promise = f" · overdue {words[1:]}" if late else f" · promise {words}" if words else ""
    room = max(1, width - cell_len(urgent + state + owner + promise) - 2)
    subject = clean(view.subject, one_line=True) or "(no subject)"
    left = Content.assemble((f" #{view.id} ", "bold $accent"), (subject, "bold"))
    return Content.assemble(
        left.truncate(room, ellipsis=True, pad=True),
        " ",
        (urgent, "bold $error"),
        (state, "bold"),
        owner,
        (promise, "bold $error" if late else ""),
        " ",
    )


def _needs(view: TicketView, now: datetime) -> str:
    """Say what it needs, of whom and since when: `approval of Bo asked 22 Nov 04:31`."""
    if view.needs == Needs.NOTHING:
        return ""
    if not view.approval or view.approval_at is None:
        return f"needs {view.needs}"
    return f"{view.needs} of {view.approver} {view.approval} {moment_words(view.approval_at, now)}"


def below_words(view: TicketView, now: datetime) -> str:
    """Give the second line: what it waits for first, since that decides what to do."""
    who = view.requester
    waits = f"waits for {view.waiting_for}" if view.waiting_for else ""
    if waits and view.waiting_until:
        waits += f" until {moment_words(view.waiting_until, now)}"
    parts = [
        waits,
        _needs(view, now),
        f"{who.name}{' (right? c)' if view.requester_unsure else ''}" if who else "",
        "letters come back" if who and who.broken else "",
        who.segment if who else "",
        who.department if who else "",
        view.device.name if view.device else "",
        f"{view.channel} {age_words(view.opened_at, now)} ago",
        view.category or "no category",
        view.group or "",
    ]
    return clean(" · ".join(part for part in parts if part), one_line=True)


_BEGUN = {"reply": ("r", "goes on with your reply"), "note": ("i", "goes on with your note")}


class Hint(Static):
    """Tells what to press next; no room where there is nothing to tell."""

    DEFAULT_CSS = """
    Hint {
        height: 1; padding: 0 1; background: $surface; color: $text-muted; display: none;
        text-wrap: nowrap; text-overflow: ellipsis;
    }
    Hint.-shown { display: block; }
    Hint.-shown.-quiet { display: none; }
    """

    def tell(
        self, view: TicketView | None, below: int, begun: Sequence[str], fitting: Fitting | None
    ) -> None:
        """Tell of `below` new entries, of texts begun, of what fits where no pane shows it."""
        lines = [("G", f"▼ {below} new below")] if below else []
        lines += asked_lines(view) + unsure_lines(view)
        lines += [_BEGUN[kind] for kind in begun]
        lines += hint_lines(fitting) if fitting else []
        told = [
            Content.assemble((f"{key} ", "bold $accent"), clean(words, one_line=True))
            for key, words in lines
        ]
        self.update(Content("   ").join(told))
        self.set_class(bool(told), "-shown")
