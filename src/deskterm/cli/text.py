"""`deskterm text`: canned texts as records, and which fit a ticket."""

from typing import Annotated

from deskterm.cli import output
from deskterm.cli.change import Call, reading
from deskterm.cli.nouns import Noun
from deskterm.cli.options import Argument
from deskterm.cli.records import register
from deskterm.cli.session import opened
from deskterm.cli.targets import number
from deskterm.domain.means import MARK

noun = Noun("text", "Canned texts: inserted by a short name while somebody writes.")


@noun.verb("fit", "deskterm text fit 12")
@reading
def fit(call: Call, ticket: Annotated[str, Argument(metavar="ID")]) -> None:
    """List the texts that fit a ticket, filled in for it, the most used first."""
    with opened() as desk:
        found = desk.texts.for_ticket(number(ticket))
    rows = [one._asdict() | {"short": f"{MARK}{one.short}"} for one in found]
    output.many(rows, ("short", "name", "words", "missing"), call.output)


register(noun)
