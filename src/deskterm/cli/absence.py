"""`deskterm absence …` and `deskterm workload`: who is off, who stands in, who has what."""

from typing import TYPE_CHECKING, Annotated

from deskterm.cli.change import Call, changing, reading
from deskterm.cli.nouns import Noun
from deskterm.cli.options import Argument, Option
from deskterm.cli.record import changed, listed
from deskterm.cli.records import register
from deskterm.cli.targets import agree, can_ask
from deskterm.domain.asking import How
from deskterm.domain.rows import Done

if TYPE_CHECKING:
    from deskterm.bootstrap import Desk

noun = Noun("absence", "Who is off, until when, and who stands in.")
workload = Noun("workload", "Who has what in hand.")
COLUMNS = ("id", "login", "from_at", "until_at", "deputy", "reason")
LOADS = (
    *("login", "open", "urgent", "overdue", "waiting", "solved", "oldest_id", "oldest_at"),
    *("callbacks", "off_until", "deputy"),
)


@noun.verb("list", "deskterm absence list")
@reading
def list_(call: Call) -> None:
    """List absences that last or come."""
    listed(call, lambda desk: desk.absences.list(), COLUMNS)


@noun.verb("add", "deskterm absence add mia --from 2026-12-24 --until 2027-01-04 --deputy cy")
@changing
def add(
    call: Call,
    until: Annotated[str, Option("--until", metavar="WHEN", help="3d, friday, 2026-12-24")],
    login: Annotated[str | None, Argument(metavar="[LOGIN]", help="Default: you.")] = None,
    from_: Annotated[str, Option("--from", metavar="WHEN", help="Default: now.")] = "",
    deputy: Annotated[str, Option(metavar="LOGIN", help="Who sees their tickets.")] = "",
    reason: Annotated[str, Option(help="Colleagues see it.")] = "",
) -> None:
    """Record that somebody is off; their deputy finds their tickets under `is:mine`.

    Visits that lie in it are named; on a terminal it is asked first.
    """

    def change(desk: "Desk", how: How) -> Done:
        return desk.absences.add(
            until, login=login, start=from_, deputy=deputy, reason=reason, how=how
        )

    def asked(desk: "Desk", how: How) -> Done:
        said = desk.absences.visits(login, until, from_) if can_ask(call) else ""
        agree(said.removesuffix("."), call, needed=bool(said))
        return change(desk, how)

    changed(call, asked, f"{login or 'You'}: off until {until}")


@noun.verb("end", "deskterm absence end mia")
@changing
def end(
    call: Call,
    which: Annotated[str | None, Argument(metavar="[LOGIN|ID]", help="Default: your own.")] = None,
) -> None:
    """End an absence now; one that has not begun never will."""
    changed(call, lambda desk, how: desk.absences.end(which, how=how), f"{which or 'You'}: back")


@workload.verb("", "deskterm workload -o json")
@reading
def workload_(call: Call) -> None:
    """Show who has what in hand, by login; nobody's tickets first. It ranks nobody."""
    listed(call, lambda desk: desk.absences.workload(), LOADS)


register(noun)
