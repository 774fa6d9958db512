"""`deskterm field …`: drop-down fields of the desk's own."""

from typing import Annotated

from deskterm.cli.change import Call, changing, reading
from deskterm.cli.nouns import Noun
from deskterm.cli.options import Argument
from deskterm.cli.record import changed, listed, sure
from deskterm.cli.records import register

noun = Noun("field", "Drop-down fields of the desk's own making.")
Name = Annotated[str, Argument(metavar="NAME")]


@noun.verb("list", "deskterm field list")
@reading
def list_(call: Call) -> None:
    """List the fields with their choices."""
    columns = ("name", "label", "choices", "required_for")
    listed(call, lambda desk: desk.admin.fields(), columns)


@noun.verb("remove", "deskterm field remove os --yes")
@changing
def remove(call: Call, name: Name) -> None:
    """Forget a field's definition; what tickets say stays."""
    sure(call, f"Removing field {name}")
    changed(call, lambda desk, how: desk.admin.remove_field(name, how=how), f"{name} is removed")


register(noun)
