"""The part Facts: as text what was said and what it is, who, where, and how it stands."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import ClassVar

from textual.binding import BindingType
from textual.content import Content

from deskterm.domain.clock import hours_words
from deskterm.domain.columns import EDITED
from deskterm.domain.rows import BoardRow, BrokenAddress, DeviceRow, PersonRow, TicketView
from deskterm.domain.text import clean
from deskterm.domain.vocabulary import Needs
from deskterm.guides.handing_over import device_words as device_line
from deskterm.screens.actions import part_bindings
from deskterm.screens.ticket.pages import Fitting, Page
from deskterm.screens.visits.lines import how_words, when_words
from deskterm.widgets.moving import MOVES, bound
from deskterm.widgets.text_pane import TextPane
from deskterm.widgets.ticket_columns import STATE_SIGNS, age_words
from deskterm.widgets.value_words import time_words, value_words

_WIDTH = 13
_SAID = 1_500
_UNSURE = "read out of a forwarded mail; they are not written to yet · c confirms or sets another"


class Facts(TextPane):
    """All that is known of a ticket."""

    BINDINGS: ClassVar[list[BindingType]] = [*bound(*MOVES), *part_bindings("do")]

    def draw(self, page: Page, fitting: Fitting, now: datetime) -> None:
        """Show the facts."""
        del fitting
        self.show(facts(page, now))

    async def action_do(self) -> None:
        """Edit the facts."""
        await self.run_action("screen.run_named('edit')")


def facts(page: Page, now: datetime) -> Content:
    """Give the text of the part Facts."""
    view = page.view
    lines = [
        *_text("What the customer said", view.body or view.subject),
        *_text("What the problem is", view.problem or "not stated yet · e states it"),
        *_text("How it is brought about", view.reproduction),
        *_heading("The ticket"),
        *_labelled(_ticket(view)),
        *_labelled(_visits(page, now)),
        *_labelled(_times(page)),
        *_heading("Who has it"),
        *_labelled([("Asked", f"{one.words} = yes, _ no") for one in view.questions]),
        *_labelled([("To confirm", _UNSURE)] if view.requester_unsure else []),
        *_labelled(person_facts(view.requester)),
        *_labelled([("Device", device_words(view.device))]),
        *_labelled([("Watchers", ", ".join(view.watchers))]),
        *_others(page.others, now),
    ]
    return Content("\n").join(lines[1:])


def _ticket(view: TicketView) -> list[tuple[str, str]]:
    waits = f"for {view.waiting_for} until {time_words(view.waiting_until) or 'they answer'}"
    ended = f"{view.outcome or ''} {time_words(view.closed_at)}".strip()
    return [
        ("Opened", f"{time_words(view.opened_at)} by {view.channel}"),
        *((column.label, _edited(view, name)) for name, column in EDITED.items()),
        ("Owner", view.assignee or "nobody · t takes it"),
        ("Waits", f"{waits}: {view.waiting_reason or 'no reason'}" if view.waiting_for else ""),
        ("Checklist", f"{view.items_done} of {view.items} done · l" if view.items else ""),
        ("Resolution", view.resolution),
        ("Solution", f"S{view.solution_id}" if view.solution_id else ""),
        ("Verified", _proofs(view)),
        ("Closed", f"{ended}  {view.close_reason}" if ended else ""),
        ("Satisfaction", _rating(view)),
        ("Elsewhere", view.foreign_id or ""),
        *((name, value_words(value)) for name, value in view.fields.items()),
    ]


def _visits(page: Page, now: datetime) -> list[tuple[str, str]]:
    """Give its newest visits: when, who, where and how it stands."""
    return [
        (
            "Visit",
            f"{when_words(one.at, now) if one.at else f'{len(one.slots)} times'}, {one.technician}"
            f"{f', {one.where}' if one.where else ''}: {how_words(one)} · &",
        )
        for one in page.visits[:3]
    ]


_KINDS = {"typed": "by hand", "clock": "clock", "call": "calls", "guide": "guides"}


def _times(page: Page) -> list[tuple[str, str]]:
    """Give what was worked on it in all and by what it was counted, what runs, what is proposed."""
    rows = page.times
    sums = {
        kind: sum(row.seconds for row in rows if (row.state, row.kind) == ("booked", kind))
        for kind in _KINDS
    }
    by = ", ".join(f"{_KINDS[kind]} {hours_words(n)}" for kind, n in sums.items() if n)
    runs = [
        f"{row.technician} since {time_words(row.started_at)} · ;"
        for row in rows
        if row.state == "running"
    ]
    proposed = [
        f"{hours_words(row.seconds)} by a {row.kind}, {row.technician} · ' confirms or drops"
        for row in rows
        if row.state == "proposed"
    ]
    return [
        ("Worked", f"{hours_words(page.view.worked)} ({by})" if by else ""),
        ("Clock runs", ", ".join(runs)),
        *(("Proposed", one) for one in proposed),
    ]


def _edited(view: TicketView, name: str) -> str:
    """Give what `e` corrects, in words; nothing where the page tells it elsewhere."""
    if name in _ELSEWHERE:
        return ""
    if name in _WORDED:
        return _WORDED[name](view)
    value = getattr(view, name)
    return "" if value is None else value_words(value)


def _group(view: TicketView) -> str:
    level = f" (level {view.level})" if view.level > 1 else ""
    came = f", from {view.from_group}" if view.from_group else ""
    return f"{view.group or 'none'}{level}{came}"


_REPRODUCED = {True: "yes", False: "tried, did not happen", None: ""}
_ELSEWHERE = frozenset(
    ("urgent", "subject", "problem", "reproduction", "requester", "device", "approver")
)
_WORDED: "Mapping[str, Callable[[TicketView], str]]" = {
    "category": lambda view: view.category or "none yet · e",
    "group": _group,
    "reproduced": lambda view: _REPRODUCED[view.reproduced],
    "needs": lambda view: needs_words(view),
    "needed_by": lambda view: time_words(view.needed_by),
}
"""Facts whose words are more than their value."""


def needs_words(view: TicketView) -> str:
    """Say what the work needs, of whom, and how that stands: `approval of Bo, asked 2026-11-22`."""
    if view.needs == Needs.NOTHING:
        return ""
    whose = f" of {view.approver}" if view.approver else ""
    stands = f", {view.approval} {time_words(view.approval_at)}" if view.approval else ""
    return f"{view.needs}{whose}{stands}"


def _rating(view: TicketView) -> str:
    comment = f"  {view.rating_comment}" if view.rating_comment else ""
    return f"{view.rating} of 5{comment}" if view.rating else ""


def _proofs(view: TicketView) -> str:
    parts = [("craft", view.craft_proof), ("customer", view.customer_proof)]
    return ", ".join(f"{who} {proof}" for who, proof in parts if proof)


def person_facts(person: PersonRow | None) -> list[tuple[str, str]]:
    """Give what is known of a requester as (label, words)."""
    if person is None:
        return [("Requester", "nobody is named")]
    place = " · ".join(part for part in (person.site or "", person.location) if part)
    work = " · ".join(part for part in (person.title, person.department) if part)
    return [
        ("Requester", f"{person.name}  ({person.segment})" if person.segment else person.name),
        ("Mail", ", ".join(person.addresses)),
        ("Letters", "; ".join(map(broken_words, person.broken))),
        ("Phone", person.phone),
        ("Work", work),
        ("Place", place),
        ("Organisation", person.organisation or ""),
        ("Notes", person.notes),
        ("Devices", "; ".join(device_words(one) for one in person.devices)),
        ("Tickets", f"{person.open_tickets} open, {person.past_tickets} past"),
    ]


def broken_words(one: BrokenAddress) -> str:
    """Say that letters come back: `come back from ada@… since 2026-11-22 04:31: 5.1.1 unknown`."""
    return f"come back from {one.address} since {time_words(one.since)}: {one.reason}"


def device_words(device: DeviceRow | None) -> str:
    """Give a device: `LT-220 laptop, ThinkPad X1, Windows 11 23H2`; nothing for none."""
    return device_line(device) if device else ""


def other_words(row: BoardRow, now: datetime) -> str:
    """Give another ticket in a line: `● #12 Printer offline · 3d`."""
    sign = STATE_SIGNS.get(row.state, "?")  # type: ignore[call-overload]
    age = age_words(row.opened_at, now)
    return clean(f"{sign} #{row.id} {row.subject} · {row.state} · {age}", one_line=True)


def _others(rows: Iterable[BoardRow], now: datetime) -> list[Content]:
    lines = [Content(other_words(row, now)) for row in rows]
    return [*_heading("Their other tickets"), *lines] if lines else []


def _heading(words: str) -> list[Content]:
    return [Content(""), Content.styled(words, "bold $accent")]


def _text(label: str, text: str) -> list[Content]:
    text = clean(text).strip()
    if not text:
        return []
    short = text if len(text) <= _SAID else f"{text[:_SAID]}… (the whole text is in Talk)"
    return [*_heading(label), Content(short.expandtabs(4))]


def _labelled(facts: Iterable[tuple[str, str]]) -> list[Content]:
    return [
        Content.assemble(
            (f"{clean(label, one_line=True):<{_WIDTH}}", "$text-muted"), clean(words, one_line=True)
        )
        for label, words in facts
        if words.strip()
    ]
