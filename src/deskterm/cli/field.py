"""`deskterm field …`: drop-down fields of the desk's own."""

from typing import Annotated

import typer

from deskterm.cli.change import Call, changing, reading
from deskterm.cli.nouns import Noun
from deskterm.cli.record import changed, listed, sure

noun = Noun("field", "Drop-down fields of the desk's own making.")
Name = Annotated[str, typer.Argument(metavar="NAME")]


@noun.verb("list", "deskterm field list")
@reading
def list_(call: Call) -> None:
    """List the fields with their choices."""
    columns = ("name", "label", "choices", "required_for")
    listed(call, lambda desk: desk.admin.fields(), columns)


@noun.verb("add", "deskterm field add os --choice Windows --choice macOS --required-for network")
@changing
def add(
    call: Call,
    name: Name,
    label: Annotated[str, typer.Option(help="What people read.")] = "",
    choice: Annotated[list[str] | None, typer.Option(help="An allowed value; repeat.")] = None,
    required_for: Annotated[
        str, typer.Option(metavar="CATEGORY", help="Tickets there need it before solving.")
    ] = "",
) -> None:
    """Define a field, or change one; without choices any text is allowed."""
    changed(
        call,
        lambda desk, how: desk.admin.set_field(
            name, label=label, choices=choice or (), required_for=required_for, **how
        ),
        f"Field {name}",
    )


@noun.verb("remove", "deskterm field remove os --yes")
@changing
def remove(call: Call, name: Name) -> None:
    """Forget a field's definition; what tickets say stays."""
    sure(call, f"Removing field {name}")
    changed(call, lambda desk, how: desk.admin.remove_field(name, **how), f"{name} is removed")
