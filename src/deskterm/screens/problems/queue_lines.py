"""How the developer queue is drawn: a line a problem, the 80 % line, every term below."""

from collections.abc import Sequence

from textual.content import Content

from deskterm.domain.problems import state_words
from deskterm.domain.text import clean
from deskterm.reports.queue import Place
from deskterm.reports.queue_written import line_after
from deskterm.widgets.line_list import Line
from deskterm.widgets.ticket_lines import fit

PLACE, NUMBER = 4, 6
COUNTS = {"Score": 7, "Tickets": 8, "People": 7, "Missed": 7, "× Sev": 6, "÷ h": 6, "Share": 7}
"""Cells of the columns; the title has the rest."""
TERMS = 100
"""So many tickets are added up on the screen; JSON has all of them."""


def titles(width: int) -> str:
    """Give the heads of the columns."""
    return _columns("#", "No.", "Problem", tuple(COUNTS), width)


def lines(places: Sequence[Place], width: int) -> list[Line]:
    """Give the lines of the list, with the 80 % line below the fewest that hold so much."""
    found, last = [], line_after(places)
    for number, one in enumerate(places, 1):
        found.append(Line(str(one.problem.id), Content(_line(number, one, width))))
        if number == last:
            above = sum(place.above for place in places)
            words = f"── {above} of {len(places)} hold 80 % of the hurt; they stand above "
            found.append(Line("", Content.styled(words.ljust(width, "─"), "$text-muted")))
    return found


def _line(number: int, one: Place, width: int) -> str:
    mark = "↺" if one.regressions else ""
    counts = (
        f"{one.score:.1f}",
        str(len(one.terms)),
        str(one.people),
        str(one.missed or ""),
        f"{one.severity:g}",
        f"{one.effort:g}" if one.problem.effort else "",
        f"{one.share:.0%}",
    )
    title = clean(f"{mark} {one.problem.title}".strip(), one_line=True)
    return _columns(str(number), f"P{one.problem.id}", title, counts, width)


def _columns(place: str, number: str, title: str, counts: Sequence[str], width: int) -> str:
    room = max(8, width - PLACE - NUMBER - sum(COUNTS.values()))
    figures = "".join(f"{n:>{w}}" for n, w in zip(counts, COUNTS.values(), strict=True))
    return f"{place:<{PLACE}}{fit(number, NUMBER)}{fit(title, room)}{figures}"


def page_content(one: Place) -> Content:
    """Give why a problem stands where it stands, with every term."""
    case = one.problem
    head = f"P{case.id} {case.title} · {state_words(case.state)}"
    effort = f"{one.effort:g} h of work" if case.effort else "1, no effort estimated"
    score = f"{one.tickets:.2f} × {one.severity:g} ({case.severity}) ÷ {effort} = {one.score:.2f}"
    rest = [
        ("Why", one.why),
        ("Score", score),
        ("Product", case.product),
        ("Category", case.category),
        ("Owner", case.owner),
    ]
    found = [Content.styled(clean(head, one_line=True), "bold")]
    found += [
        Content.assemble((f"{label:<10}", "$text-muted"), clean(words, one_line=True))
        for label, words in rest
        if words
    ]
    found.append(
        Content.styled("\nWhat each of its tickets adds, the newest first", "bold $accent")
    )
    found += [Content(f"#{term.ticket:<7}{term.words}") for term in one.terms[:TERMS]]
    if len(one.terms) > TERMS:
        found.append(Content(f"… and {len(one.terms) - TERMS} more; E writes all into a file"))
    return Content("\n").join(found)
