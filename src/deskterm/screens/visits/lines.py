"""How visits are drawn: a heading a day, a line a visit with its way, state as sign and word."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from textual.content import Content

from deskterm.domain.text import clean
from deskterm.domain.visits import VisitRow, VisitState
from deskterm.widgets.line_list import Line
from deskterm.widgets.ticket_lines import fit

SIGNS = {
    VisitState.OFFERED: "?",
    VisitState.FIXED: "●",
    VisitState.DECLINED: "✗",
    VisitState.DONE: "✓",
    VisitState.MISSED: "∅",
    VisitState.CANCELLED: "–",
}
_STYLES = {
    VisitState.DECLINED: "$warning",
    VisitState.MISSED: "$warning",
    VisitState.DONE: "$text-muted",
    VisitState.CANCELLED: "$text-muted",
}
_WORDS = {VisitState.MISSED: "no-show", VisitState.CANCELLED: "called off"}
TIME, WAY, WHO, STATE = 11, 7, 8, 12
"""Cells of a column; place and subject share the rest."""


def titles(width: int) -> str:
    """Give the heads of the columns."""
    room = _room(width)
    return f" {'When':<{TIME}} {'Way':<{WAY}}{'Who':<{WHO}} {'How':<{STATE}} {'Where':<{room}} What"


def lines(rows: Sequence[VisitRow], now: datetime, width: int) -> list[Line]:
    """Give the lines, day by day; what is only offered has no day."""
    return list(_lines(rows, now, width))


def _lines(rows: Sequence[VisitRow], now: datetime, width: int) -> Iterator[Line]:
    day = None
    for row in rows:
        heading = day_words(row.at, now)
        if heading != day:
            day = heading
            yield Line("", Content.styled(f" {heading}", "bold $accent"))
        yield Line(str(row.id), _line(row, now, width))


def _line(row: VisitRow, now: datetime, width: int) -> Content:
    room = _room(width)
    state = VisitState(row.state)
    when = f"{_clock(row.at)}–{_clock(row.until_at)}" if row.at else f"{len(row.slots)} times"
    under_way = row.at is not None and row.until_at is not None and row.at <= now < row.until_at
    style = "bold" if under_way and state == VisitState.FIXED else _STYLES.get(state, "")
    way = f"{row.travel} min" if row.travel else ""
    what = f"#{row.ticket_id} {row.requester}: {row.subject}"
    text = (
        f" {when:<{TIME}} {way:<{WAY}}{fit(clean(row.technician, one_line=True), WHO)} "
        f"{SIGNS[state]} {fit(how_words(row), STATE - 2)} "
        f"{fit(clean(row.where, one_line=True), room)} "
    )
    rest = max(0, width - len(text))
    return Content.styled(text + fit(clean(what, one_line=True), rest), style)


def how_words(row: VisitRow) -> str:
    """Give how it stands: fixed, accepted by the customer's calendar, off, no-show …"""
    state = VisitState(row.state)
    if row.off and state == VisitState.FIXED:
        return "who is off"
    if state == VisitState.FIXED and row.answer:
        return row.answer
    return _WORDS.get(state, str(state))


def about(row: VisitRow, now: datetime) -> Content:
    """Give what stands below the list about the visit in hand."""
    parts = [
        " ".join(part for part in (row.requester, row.phone) if part),
        row.what,
        "times: " + ", ".join(when_words(at, now) for at in row.slots) if not row.at else "",
        f"{row.technician} is off then: & moves it" if row.off else "",
        f"their calendar: {row.answer}" if row.answer else "",
    ]
    words = " · ".join(part for part in parts if part)
    return Content(clean(f"{words} · & ends or moves it", one_line=True))


def day_words(at: datetime | None, now: datetime) -> str:
    """Give `Today, Tue 24 Nov`; of what has no time that it is offered."""
    if at is None:
        return "Offered: the customer is asked"
    local, today = at.astimezone(), now.astimezone().date()
    days = (local.date() - today).days
    near = {0: "Today, ", 1: "Tomorrow, ", -1: "Yesterday, "}.get(days, "")
    return f"{near}{local:%a} {local.day} {local:%b}"


def when_words(at: datetime, now: datetime) -> str:
    """Give `today 10:00`, `tomorrow 10:00`, `Tue 24 Nov 10:00`."""
    local, today = at.astimezone(), now.astimezone().date()
    near = {0: "today", 1: "tomorrow"}.get((local.date() - today).days)
    return f"{near or f'{local:%a} {local.day} {local:%b}'} {local:%H:%M}"


def _clock(at: datetime | None) -> str:
    return f"{at.astimezone():%H:%M}" if at else ""


def _room(width: int) -> int:
    """Give the cells of the place: a third of what is left."""
    return max(8, (width - TIME - WAY - WHO - STATE - 5) // 3)
