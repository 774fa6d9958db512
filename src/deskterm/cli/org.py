"""`deskterm org …`: client organisations."""

from typing import Annotated

import typer

from deskterm.cli import output
from deskterm.cli.change import Call, changing, reading
from deskterm.cli.nouns import Noun
from deskterm.cli.record import changed
from deskterm.cli.records import register
from deskterm.cli.session import opened

noun = Noun("org", "Client organisations.")


@noun.verb("list", "deskterm org list")
@reading
def list_(call: Call) -> None:
    """List the organisations and how many people each has."""
    with opened() as desk:
        found = [row._asdict() for row in desk.people.organisations()]
    output.many(found, ("name", "language", "people"), call["output_"])


@noun.verb("add", "deskterm org add 'Harbour Clinic'")
@changing
def add(call: Call, name: Annotated[str, typer.Argument(metavar="NAME")]) -> None:
    """Make an organisation known; people join it by `person set --organisation`."""
    changed(
        call, lambda desk, how: desk.people.add_organisation(name, **how), f"Organisation {name}"
    )


@noun.verb("set", "deskterm org set 'Harbour Clinic' --language de")
@changing
def set_(
    call: Call,
    name: Annotated[str, typer.Argument(metavar="NAME")],
    language: Annotated[str, typer.Option(help="Of letters to its people: de, en …; '': ours.")],
) -> None:
    """Say in which language the people of an organisation get letters."""
    changed(
        call,
        lambda desk, how: desk.people.set_organisation(name, language, **how),
        f"Organisation {name} is set",
    )


register(noun, "organisation")
