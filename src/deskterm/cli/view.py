"""`deskterm view …`: saved views of the board."""

from typing import Annotated

from deskterm.cli.change import Call, changing, reading
from deskterm.cli.nouns import Noun
from deskterm.cli.options import Argument, Option
from deskterm.cli.record import changed, listed
from deskterm.cli.records import register

noun = Noun("view", "Saved views of the board.")
Name = Annotated[str, Argument(metavar="NAME")]


@noun.verb("list", "deskterm view list")
@reading
def list_(call: Call) -> None:
    """List your views and everyone's."""
    listed(call, lambda desk: desk.admin.views(), ("name", "query", "owner"))


@noun.verb("save", "deskterm view save Branches 'is:open site:Leeds'")
@changing
def save(
    call: Call,
    name: Name,
    query: Annotated[str, Argument(metavar="QUERY")],
    everyone: Annotated[bool, Option("--everyone", help="For all technicians.")] = False,
) -> None:
    """Save a query as a view."""
    changed(
        call,
        lambda desk, how: desk.admin.save_view(name, query, everyone=everyone, how=how),
        f"View {name}",
    )


@noun.verb("delete", "deskterm view delete Branches")
@changing
def delete(call: Call, name: Name) -> None:
    """Delete a view."""
    changed(
        call, lambda desk, how: desk.admin.remove_view(name, how=how), f"View {name} is deleted"
    )


register(noun)
