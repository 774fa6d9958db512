"""How problems are drawn: one line in the list, and all that is known below."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from textual.content import Content

from deskterm.domain.problems import LIVE, OwnerRow, ProblemRow, ProblemView, state_words
from deskterm.domain.rows import BoardRow
from deskterm.domain.text import clean
from deskterm.domain.trackers import Followed
from deskterm.reports import problem_page
from deskterm.reports.problem_page import Happened, ProblemPage
from deskterm.widgets.line_list import Line
from deskterm.widgets.ticket_columns import age_words
from deskterm.widgets.ticket_lines import fit
from deskterm.widgets.value_words import moment_words

NUMBER, STATE, COUNT, PEOPLE, SEEN = 6, 17, 8, 7, 6
"""Cells of the columns; the title has the rest."""
SIGNS = {"suspected": "?", "known_error": "!", "fix_planned": "»", "released": "^"}
"""State → sign; the word stands beside it."""
HISTORY = 30
"""So much of what was done is shown; `problem show --full` has all of it."""


_HEARD = 5
"""Comments of a tracker that are shown."""


class Shown(NamedTuple):
    """A problem as the lower half shows it."""

    page: ProblemPage
    tickets: Sequence[BoardRow]
    owners: Sequence[OwnerRow]
    followed: Sequence[Followed] = ()
    """How it stands in outside trackers."""

    @property
    def view(self) -> ProblemView:
        """Its facts."""
        return self.page.view


def titles(width: int) -> str:
    """Give the heads of the columns."""
    return _columns("No.", "Problem", ("State", "Open/all", "People", "Last"), width)


def lines(rows: Iterable[ProblemRow], now: datetime, width: int) -> list[Line]:
    """Give the lines of the list."""
    return [Line(str(row.id), Content(_line(row, now, width))) for row in rows]


def _line(row: ProblemRow, now: datetime, width: int) -> str:
    seen = age_words(row.last_seen, now) if row.last_seen else ""
    state = f"{SIGNS.get(row.state, ' ' if row.state in LIVE else '✓')} {state_words(row.state)}"
    counts = (state, f"{row.open_tickets}/{row.tickets}", str(row.people), seen)
    return _columns(f"P{row.id}", clean(row.title, one_line=True), counts, width)


def _columns(number: str, title: str, rest: tuple[str, str, str, str], width: int) -> str:
    state, count, people, seen = rest
    room = max(10, width - NUMBER - STATE - COUNT - PEOPLE - SEEN - 5)
    return (
        f"{fit(number, NUMBER)}{fit(title, room)} {fit(state, STATE)} {count:>{COUNT}} "
        f"{people:>{PEOPLE}} {seen:>{SEEN}}"
    )


def page_content(shown: Shown, now: datetime) -> Content:
    """Give all that is known of a problem."""
    page, view = shown.page, shown.view
    lines = [Content.styled(clean(problem_page.head(view), one_line=True), "bold")]
    for label, words in problem_page.facts(page):
        if label != problem_page.TRACKER:
            lines.append(Content.assemble((f"{label:<12}", "$text-muted"), clean(words)))
    lines += _trackers(shown.followed)
    touched = f"{len(view.open_tickets)} open of {len(view.tickets)}, {view.people} people"
    lines += _section(f"Tickets: {touched}", (_ticket(row, now) for row in shown.tickets))
    lines += _section(*_owners(shown))
    if costs := problem_page.cost_lines(page):
        lines += _section("What it has cost", costs)
    lines += _section("History", (_happened(one, now) for one in page.history[:HISTORY]))
    return Content("\n").join(lines)


def _trackers(followed: Sequence[Followed]) -> list[Content]:
    """Give where it is tracked, what that would change here, and what was said there."""
    found = []
    for one in followed:
        words = one.tracked.words + (f" · {one.tracked.url}" if one.tracked.url else "")
        more = (" · t takes it over", "bold $accent") if one.proposal else ""
        found.append(
            Content.assemble(("Tracker     ", "$text-muted"), clean(words, one_line=True), more)
        )
    heard = [text for one in followed for text in one.heard]
    said = (clean(text, one_line=True) for text in heard[:_HEARD])
    return found + (_section(f"Said in the tracker: {len(heard)}", said) if heard else [])


def _happened(one: Happened, now: datetime) -> str:
    words = clean(f"{one.actor}  {one.words}", one_line=True)
    return f"{moment_words(one.at, now)}  {words}"


def _owners(page: Shown) -> tuple[str, Iterable[str]]:
    view, owners = page.view, page.owners
    if not (view.model or view.os or view.site):
        return "Owners of devices that fit", ["e names the affected model, system or site first"]
    untold = sum(1 for one in owners if not one.status)
    head = f"Owners of devices that fit: {len(owners)}, {untold} to be told · o"
    return head, (_owner(one) for one in owners[:50])


def _owner(one: OwnerRow) -> str:
    status = one.status or ("told of other words" if one.before else "not told")
    name, device = clean(one.name, one_line=True), clean(one.device, one_line=True)
    reason = clean(one.reason, one_line=True)
    return f"{fit(name, 24)} {fit(device, 12)} {reason} · {status}"


def _ticket(row: BoardRow, now: datetime) -> str:
    subject = fit(clean(row.subject, one_line=True), 40)
    return f"#{row.id:<6} {subject} {row.state:<8} {age_words(row.opened_at, now)}"


def _section(title: str, words: Iterable[str]) -> list[Content]:
    below = [Content(f"  {one}") for one in words]
    return [Content(""), Content.styled(title, "bold $accent"), *below]
