"""`deskterm ticket why`: where a ticket stands on the board, and its clocks piece by piece."""

from typing import Annotated

from deskterm.cli import output
from deskterm.cli.change import Call, reading
from deskterm.cli.nouns import Noun
from deskterm.cli.options import Argument
from deskterm.cli.session import opened
from deskterm.cli.targets import number
from deskterm.domain.standing import Standing


@reading
def why(call: Call, number_: Annotated[str, Argument(metavar="ID")]) -> None:
    """Say why a ticket stands where it stands: its place, its promises, what their clocks count."""
    with opened() as desk:
        one = desk.tickets.why(number(number_))
        zone = desk.board.zone()
    if output.chosen(call.output) in ("json", "jsonl"):
        output.one(_record(one), call.output)
        return
    from deskterm.domain.standing import standing_lines

    output.prose("\n".join(standing_lines(one, zone)))


def _record(one: Standing) -> dict[str, object]:
    clocks = [
        {**clock._asdict(), "pieces": [piece._asdict() for piece in clock.pieces]}
        for clock in one.clocks
    ]
    return {**one._asdict(), "clocks": clocks}


def register(noun: Noun) -> None:
    """Add the verb to `deskterm ticket`."""
    noun.verb("why", "deskterm ticket why 12")(why)
