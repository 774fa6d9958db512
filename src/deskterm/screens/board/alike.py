"""What fits a ticket: open ones of the same burst, a guide, a solution."""

from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from deskterm.domain.patterns import pattern
from deskterm.domain.vocabulary import OPEN_STATES
from deskterm.screens.flows.proposals import proposal_lines, to_accept
from deskterm.widgets.preview import Fit

if TYPE_CHECKING:
    from collections.abc import Iterable

    from deskterm.domain.problems import ProblemFit
    from deskterm.domain.rows import BoardRow, TicketView
    from deskterm.screens.desk import Desk

NEAR = timedelta(hours=24)
"""Tickets opened further apart are no burst."""
BURST = 3
"""Subjects that must share a word before the word counts as the burst's."""
LIMIT = 1_000
AT_A_GLANCE = 250
"""Tickets looked at for the preview."""
_WORD = pattern(r"\w{3,24}")
_COMMON = pattern(
    "(?:and|any|are|can|cannot|could|does|down|error|every|for|from|gone|has|have|help|issue|keeps"
    "|new|not|off|offline|old|once|out|please|problem|says|slow|stopped|the|this|too|was|when|will"
    r"|with|without|work|working|works|wrong)\Z"
)


def alike(desk: "Desk", ticket: "TicketView", limit: int = LIMIT) -> list[int]:
    """Give the ticket, the open ones linked to it or of its problem, and those of its burst.

    A burst: opened within a day of it, with a telling word of its subject that at least three
    subjects share.
    """
    found = {ticket.id, *(link.ticket_id for link in ticket.links if link.state in OPEN_STATES)}
    found.update(desk.problems.mates(ticket.id))
    rows = _near(desk, ticket, limit)
    said = {row.id: telling(row.subject) for row in rows}
    counts = Counter(word for words in said.values() for word in words)
    shared = {word for word in telling(ticket.subject) if counts[word] >= BURST}
    found.update(number for number, words in said.items() if words & shared)
    return sorted(desk.tickets.beside(ticket.id, sorted(found)))


def telling(subject: str) -> set[str]:
    """Give the words of a subject that say what it is about."""
    return {word for word in _WORD.findall(subject[:300].lower()) if not _COMMON.match(word)}


def _near(desk: "Desk", ticket: "TicketView", limit: int) -> "Iterable[BoardRow]":
    first, last = ticket.opened_at - NEAR, ticket.opened_at + NEAR
    zone = desk.board.zone()
    days = f"{first.astimezone(zone):%Y-%m-%d}..{last.astimezone(zone):%Y-%m-%d}"
    ids = desk.board.ids(f"is:open created:{days}", limit)
    return [row for row in desk.board.rows(ids) if first <= row.opened_at <= last]


def problem_fits(problems: "Iterable[ProblemFit]") -> "list[Fit]":
    """Give the known problems of a preview: the one `L` links to first, with its workaround."""
    found: list[Fit] = []
    for one in problems:
        others = f", {one.tickets} open" if one.tickets else ""
        words = f"P{one.id} {one.title}{others} ({one.reason})"
        label = "Part of" if one.linked else "Known" if not found else "or"
        offered = not one.linked and not any(fit.key == "L link" for fit in found)
        found.append(Fit(label, words, "L link" if offered else ""))
        if one.workaround and len(found) == 1:
            found.append(Fit("Use", one.workaround, ""))
    return found


class Fits(NamedTuple):
    """What the preview shows of a ticket."""

    lines: tuple[Fit, ...] = ()
    proposed: Mapping[str, str] = {}
    """Kind → value that `=` sets."""


def fits(desk: "Desk", ticket: "TicketView") -> Fits:
    """Give its burst, what triage proposes, the best guide, the best solution."""
    if ticket.state not in OPEN_STATES:
        return Fits()
    found = problem_fits(desk.problems.fitting(ticket.id, 2))
    others = [number for number in alike(desk, ticket, AT_A_GLANCE) if number != ticket.id]
    if others:
        words = f"#{others[0]}" if len(others) == 1 else f"{len(others)} others open"
        found.append(Fit("Like it", words, ", marks them"))
    proposals = desk.triage.lacking(ticket.id)
    found += [Fit(*line) for line in proposal_lines(proposals)]
    for guide in desk.guides.suggest_for(ticket)[:1]:
        found.append(Fit("Guide", guide.title, "w"))
    for hint in desk.solutions.suggest(ticket.id, 1):
        found.append(Fit("Solution", f"S{hint.solution.id} {hint.solution.title}", "s"))
    return Fits(tuple(found), to_accept(proposals))
