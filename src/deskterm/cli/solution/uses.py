"""The verbs of `deskterm solution` that join a solution to a ticket."""

from typing import Annotated

from deskterm.cli.audience import shown_first, written
from deskterm.cli.change import ACROSS, Call, asking, changing, changing_with
from deskterm.cli.nouns import Noun
from deskterm.cli.options import Argument, Option
from deskterm.cli.progress import Bar
from deskterm.cli.session import opened
from deskterm.cli.solution.verbs import Note, One, report
from deskterm.cli.targets import number as ticket_number
from deskterm.domain.errors import UsageError
from deskterm.domain.solutions import solution_number

Ticket = Annotated[str, Option("--ticket", "-t", metavar="N", help="On which ticket.")]
Named = Annotated[str, Argument(metavar="[TICKET]", help="The ticket, unless --ticket names it.")]


def _ticket(named: str, given: str) -> int:
    """Give the ticket, named behind the solution or by the option; raises UsageError."""
    if bool(named) == bool(given):
        raise UsageError("on which ticket? Name it behind the solution: S12 40.")
    return ticket_number(named or given)


@changing_with(ACROSS)
def use(call: Call, solution: One, named: Named = "", ticket: Ticket = "") -> int:
    """Use it on a ticket: proposed and selected; nothing is sent."""
    with opened() as desk:
        number = solution_number(solution)
        done = desk.solutions.use(_ticket(named, ticket), number, asking(call))
        return report(desk, [done], call)


@changing_with(ACROSS)
def send(call: Call, solution: One, named: Named = "", ticket: Ticket = "") -> int:
    """Answer the requester with it as it stands now; it must be published for customers."""
    with opened() as desk:
        number = solution_number(solution)
        done = desk.solutions.send(_ticket(named, ticket), number, asking(call))
        return report(desk, [done], call)


@changing
def worked(
    call: Call, solution: One, named: Named = "", ticket: Ticket = "", note: Note = ""
) -> int:
    """Say that it worked on a ticket."""
    return _rate(call, solution, _ticket(named, ticket), True, note)


@changing
def failed(
    call: Call, solution: One, named: Named = "", ticket: Ticket = "", note: Note = ""
) -> int:
    """Say that it did not work on a ticket; the solution is flagged."""
    return _rate(call, solution, _ticket(named, ticket), False, note)


@changing
def tip(
    call: Call,
    solution: One,
    to: Annotated[str, Option("--to", metavar="QUERY", help="An audience: site:Leeds, everyone.")],
) -> None:
    """Write its tip to an audience, once a person; it must be published for customers."""
    with opened() as desk:
        number = solution_number(solution)
        shown_first(desk, desk.announcements.tip_audience(number, to), call)
        bar = Bar("Writing", 0)
        done = desk.announcements.tip(number, to, asking(call), bar.show)
        bar.end()
        written(done, call)


def _rate(call: Call, solution: str, ticket: int, did: bool, note: str) -> int:
    with opened() as desk:
        number = solution_number(solution)
        done = desk.solutions.rate(ticket, number, did, note, asking(call))
        return report(desk, [done], call)


def register(noun: Noun) -> None:
    """Add the verbs to `deskterm solution`."""
    noun.add(
        ("use", use, "use S12 40"),
        ("send", send, "send S12 40"),
        ("tip", tip, "tip S12 --to model:T14*"),
        ("worked", worked, "worked S12 40"),
        ("failed", failed, "failed S12 40 --note 'The menu moved.'"),
    )
