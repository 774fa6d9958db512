"""What the ticket screen reads: the ticket whole, then what fits it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from deskterm.domain.links import Link, links_in
from deskterm.domain.problems import ProblemFit
from deskterm.domain.proposals import Proposal
from deskterm.domain.remedies import Offer
from deskterm.domain.rows import BoardRow, TicketView
from deskterm.domain.solutions import SolutionHint
from deskterm.domain.times import TimeRow
from deskterm.domain.visits import VisitRow

if TYPE_CHECKING:
    from deskterm.guides.suggest import Suggestion
    from deskterm.screens.desk import Desk, Opening

OTHERS = 12
"""Tickets of the same requester that are shown."""
FITTING = 3
"""Solutions and guides that are offered."""


class Page(NamedTuple):
    """Everything the ticket screen shows, read in one go."""

    view: TicketView
    names: Mapping[str, Mapping[int, str]]
    """The names behind the numbers in the timeline's changes."""
    openings: "Mapping[int, Opening]"
    """By ledger entry: what was said when this ticket, or one merged into it, was opened."""
    others: tuple[BoardRow, ...]
    """Further tickets of the requester, open ones first, the newest on top."""
    links: tuple[Link, ...]
    """Web and mail addresses in what was said."""
    visits: tuple[VisitRow, ...] = ()
    """The open one first."""
    times: tuple[TimeRow, ...] = ()
    """What was worked on it, what is proposed, what runs."""

    @property
    def row(self) -> BoardRow:
        """The ticket as a line of the board, as dialogs want it."""
        view = self.view
        who = view.requester
        return BoardRow(
            id=view.id,
            version=view.version,
            state=view.state,
            urgent=view.urgent,
            subject=view.subject,
            requester=who.name if who else "",
            assignee=view.assignee,
            group=view.group,
            category=view.category,
            channel=view.channel,
            opened_at=view.opened_at,
            updated_at=view.updated_at,
            waiting_for=view.waiting_for,
            waiting_until=view.waiting_until,
            needs=view.needs,
            asks=bool(view.questions),
        )


class Fitting(NamedTuple):
    """Solutions and guides that may help, best first."""

    solutions: tuple[SolutionHint, ...] = ()
    guides: "tuple[Suggestion, ...]" = ()
    problems: tuple[ProblemFit, ...] = ()
    """Its problems, then those it may belong to."""
    proposals: tuple[Proposal, ...] = ()
    """What triage proposes for what the ticket lacks."""
    offer: Offer | None = None
    """The remedies that were offered, and which was chosen."""


def read_page(desk: "Desk", number: int) -> Page:
    """Read a ticket; raises NotFoundError."""
    view: TicketView = desk.tickets.show(number)
    said = [view.body, *(entry.text for entry in view.timeline if not entry.undone)]
    who = view.requester
    openings = desk.ledger.openings(view.timeline)
    said += [one.body for one in openings.values() if one.ticket != view.id]
    others = desk.calls.tickets_of(who.id, OTHERS + 1) if who else ()
    return Page(
        view=view,
        names=desk.ledger.names(view.timeline),
        openings=openings,
        others=tuple(row for row in others if row.id != view.id)[:OTHERS],
        links=links_in("\n".join(said)),
        visits=tuple(desk.visits.of(view.id)),
        times=tuple(desk.times.of(view.id)),
    )


def read_fitting(desk: "Desk", number: int) -> Fitting:
    """Read what may help with a ticket."""
    return Fitting(
        solutions=tuple(desk.solutions.suggest(number, limit=FITTING)),
        guides=tuple(desk.guides.suggest(number))[:FITTING],
        problems=tuple(desk.problems.fitting(number, FITTING)),
        proposals=tuple(desk.triage.lacking(number)),
        offer=desk.solutions.offered(number),
    )
