"""`deskterm org …`: client organisations."""

from deskterm.cli import output
from deskterm.cli.change import Call, reading
from deskterm.cli.nouns import Noun
from deskterm.cli.records import register
from deskterm.cli.session import opened

noun = Noun("org", "Client organisations.")


@noun.verb("list", "deskterm org list")
@reading
def list_(call: Call) -> None:
    """List the organisations and how many people each has."""
    with opened() as desk:
        found = [row._asdict() for row in desk.people.organisations()]
    output.many(found, ("name", "language", "people"), call.output)


register(noun, "organisation")
