"""The ticket under the cursor at a glance: who, what was said, where it stands."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from textual.content import Content
from textual.widgets import Static

from deskterm.domain.rows import EntryRow, TicketView
from deskterm.domain.text import clean
from deskterm.triage.ranking import reasons
from deskterm.widgets.ticket_columns import age_words

SAID_LINES = 14
ENTRIES = 4


class Fit(NamedTuple):
    """Something that fits a ticket, and the key that goes there."""

    label: str
    words: str
    key: str


class Preview(Static):
    """A pane beside the table. What does not fit is on the ticket's own screen."""

    DEFAULT_CSS = """
    Preview { padding: 0 1; border-left: solid $panel; background: $background; height: 1fr; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._lines: list[Content] = []
        self._fits: list[Content] = []

    def show(self, ticket: TicketView | None, now: datetime) -> None:
        """Show a ticket, or nothing. What fits it stays where it is the one that is shown."""
        lines = [] if ticket is None else _lines(ticket, now)
        if lines[:1] != self._lines[:1]:
            self._fits = []
        self._lines = lines
        self._draw()

    def show_fits(self, fits: Sequence[Fit]) -> None:
        """Show what fits the ticket shown: like tickets, a guide, a solution."""
        lines = [Content("")] if fits else []
        for fit in fits:
            words = clean(fit.words, one_line=True)[:200] + "  "
            key = (fit.key, "bold $accent")
            lines.append(Content.assemble((f"{fit.label:<9}", "$text-muted"), words, key))
        self._fits = lines
        self._draw()

    def _draw(self) -> None:
        content = Content("\n").join([*self._lines, *self._fits])
        if content != self.content:
            self.update(content, layout=False)


def _lines(ticket: TicketView, now: datetime) -> list[Content]:
    title = clean(ticket.subject, one_line=True)
    urgent = ("! urgent", "bold $error") if ticket.urgent else ""
    lines = [
        Content.assemble((f"#{ticket.id} ", "bold $accent"), (f"{title}  ", "bold"), urgent),
        Content.styled(_facts(ticket, now), "$text-muted"),
        Content(""),
    ]
    lines += _person(ticket)
    lines += _said(ticket)
    lines += _stand(ticket, now)
    lines += _latest(ticket, now)
    return lines


def _facts(ticket: TicketView, now: datetime) -> str:
    owner = ticket.assignee or "nobody's"
    parts = [ticket.state, owner, ticket.channel, f"{age_words(ticket.opened_at, now)} old"]
    parts += [ticket.group or "", ticket.category or ""]
    return clean(" · ".join(part for part in parts if part), one_line=True)


def _person(ticket: TicketView) -> list[Content]:
    person = ticket.requester
    if person is None:
        return []
    parts = [person.name or (person.addresses or ("",))[0], person.department, person.location]
    parts += [f"tel {person.phone}" if person.phone else "", person.segment]
    device = ticket.device
    if device is not None:
        parts.append(f"{device.kind} {device.name} {device.os} {device.os_version}".strip())
    others = max(0, person.open_tickets - 1)
    if others:
        parts.append(f"{others} more open")
    return [Content(clean(", ".join(part for part in parts if part), one_line=True)), Content("")]


def _said(ticket: TicketView) -> list[Content]:
    text = clean(ticket.body).strip().splitlines()
    shown = [Content(line) for line in text[:SAID_LINES]]
    if len(text) > SAID_LINES:
        shown.append(Content.styled(f"… {len(text) - SAID_LINES} more lines", "$text-muted"))
    if ticket.problem:
        shown += [Content(""), _labelled("Problem", ticket.problem)]
    return shown


def _stand(ticket: TicketView, now: datetime) -> list[Content]:
    done = sum(step.status != "open" for step in ticket.steps)
    following = next((step.step for step in ticket.steps if step.status == "open"), "all done")
    lines = [Content(""), _labelled("Steps", f"{done}/9, next: {following}")]
    lines.append(_labelled("On top", "; ".join(reasons(ticket, now))))
    if ticket.waiting_for:
        lines.append(_labelled("Waits", f"for {ticket.waiting_for}  {ticket.waiting_reason}"))
    if ticket.needs != "nothing":
        lines.append(_labelled("Needs", f"{ticket.needs}  {ticket.approver}"))
    if ticket.resolution:
        lines.append(_labelled("Solved", ticket.resolution))
    for link in ticket.links[:5]:
        words = f"{link.kind} #{link.ticket_id} {link.subject} ({link.state})"
        lines.append(_labelled("Link", words))
    return lines


def _latest(ticket: TicketView, now: datetime) -> list[Content]:
    entries = [entry for entry in ticket.timeline if entry.text and not entry.undone][-ENTRIES:]
    lines = [Content("")] if entries else []
    for entry in entries:
        lines.append(Content.styled(_entry_head(entry, now), "$text-muted"))
        lines.append(Content(clean(entry.text, one_line=True)[:200]))
    return lines


def _entry_head(entry: EntryRow, now: datetime) -> str:
    side = "→ public" if entry.public else "· internal"
    who = clean(entry.who, one_line=True)
    return f"{age_words(entry.at, now)} ago  {who}  {entry.event}  {side}"


def _labelled(label: str, text: str) -> Content:
    return Content.assemble((f"{label:<9}", "$text-muted"), clean(text, one_line=True)[:300])
