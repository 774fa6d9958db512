"""`deskterm group …`: groups, and the technicians in them."""

from typing import Annotated

from deskterm.cli.change import Call, changing, reading
from deskterm.cli.nouns import Noun
from deskterm.cli.options import Argument, Option
from deskterm.cli.record import changed, listed
from deskterm.cli.records import register

noun = Noun("group", "Groups of technicians; level 1 is the desk itself.")
Name = Annotated[str, Argument(metavar="GROUP")]
Login = Annotated[str, Argument(metavar="LOGIN")]


@noun.verb("list", "deskterm group list")
@reading
def list_(call: Call) -> None:
    """List groups with their members."""
    listed(call, lambda desk: desk.admin.groups(), ("name", "level", "restricted", "members"))


@noun.verb("join", "deskterm group join network mia")
@changing
def join(call: Call, name: Name, login: Login) -> None:
    """Put a technician into a group; a new login becomes a technician."""
    changed(
        call, lambda desk, how: desk.admin.set_member(name, login, how=how), f"{login} is in {name}"
    )


@noun.verb("leave", "deskterm group leave network mia")
@changing
def leave(call: Call, name: Name, login: Login) -> None:
    """Take a technician out of a group."""
    changed(
        call,
        lambda desk, how: desk.admin.set_member(name, login, member=False, how=how),
        f"{login} has left {name}",
    )


@noun.verb("technicians", "deskterm group technicians -o json")
@reading
def technicians(call: Call) -> None:
    """List the technicians with their groups."""
    columns = ("login", "name", "email", "level", "active", "groups", "focus_until")
    listed(call, lambda desk: desk.admin.technicians(), columns)


@noun.verb("technician", "deskterm group technician mia --name 'Mia Ortiz' --email mia@example.org")
@changing
def technician(
    call: Call,
    login: Login,
    name: Annotated[str | None, Option(help="Full name.")] = None,
    email: Annotated[str | None, Option(help="Their own mail address.")] = None,
    level: Annotated[int | None, Option(min=1, max=9)] = None,
    active: Annotated[bool | None, Option("--active/--inactive")] = None,
) -> None:
    """Set what is known of a technician."""
    given = {"name": name, "email": email, "level": level, "active": active}
    values = {key: value for key, value in given.items() if value is not None}
    changed(
        call,
        lambda desk, how: desk.admin.set_technician(login, values, how=how),
        f"Technician {login}",
    )


register(noun)
