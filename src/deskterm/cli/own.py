"""`deskterm technician|category|field|view|org …`: what these records have besides all verbs."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from deskterm.cli import output
from deskterm.cli.change import Call, asking, changing, changing_with, reading
from deskterm.cli.errors import say
from deskterm.cli.nouns import Noun
from deskterm.cli.options import Argument, Option, option
from deskterm.cli.record import changed, forgotten, handed_out, listed, sure
from deskterm.cli.records import register
from deskterm.cli.session import opened

if TYPE_CHECKING:
    from deskterm.bootstrap import Desk

Name = Annotated[str, Argument(metavar="NAME")]

technician = Noun("technician", "Whoever works on tickets, known by login.")
Login = Annotated[str, Argument(metavar="LOGIN")]
TO = option(
    "to",
    str | None,
    None,
    "--to",
    metavar="LOGIN",
    help="Who takes over what they have; nobody: tickets stay with their groups.",
)


def handed_over(call: Call, desk: "Desk", login: str) -> str | None:
    """Say what somebody has in hand who leaves, and give who takes it over; asks on a terminal.

    Raises RefusedError where nobody says yes.
    """
    given = call.own["to"]
    to = str(given) if given is not None else None
    has = desk.staff.leaving.holds(login).words
    if not has:
        return to
    say(f"{login} has {has}.")
    if to is None and not (call.no_input or call.yes) and sys.stdin.isatty():
        say("Who takes that over? A login, or nobody (tickets stay with their groups):")
        to = sys.stdin.readline().strip() or None
    if to is not None:
        sure(call, f"{login} leaves, {to} takes that over")
    return to


@technician.verb("holds", "deskterm technician holds ann")
@reading
def holds(call: Call, login: Login) -> None:
    """Count what somebody has in hand: open tickets, visits, call-backs, drafts, guide runs …"""
    with opened() as desk:
        found = desk.staff.leaving.holds(login)._asdict()
    output.one(found, call.output, columns=tuple(found))


@technician.verb("remove", "deskterm technician remove ann --to bo")
@changing_with(TO)
def remove_technician(call: Call, login: Login) -> None:
    """Let somebody leave: another takes over what they have in hand, or their groups do.

    Tickets, visits (whoever waits for one is told who comes), call-backs, guide runs, views, what
    they own; replies and notes they had begun become internal notes, a call, a solution or a guide
    stands in a hand-over. They leave their groups and stay known, inactive, for what they did. One
    `deskterm undo` brings all of it back.
    """
    with opened() as desk:
        to = handed_over(call, desk, login)
    changed(
        call,
        lambda desk, how: desk.staff.leaving.leave(login, to, how),
        f"{login} works here no more",
    )


register(technician)


category = Noun("category", "The tree of categories, as paths such as network/wifi.")


@category.verb("list", "deskterm category list")
@reading
def list_category(call: Call) -> None:
    """List the categories and how many tickets each holds."""
    columns = ("path", "group", "tickets")
    listed(call, lambda desk: desk.admin.categories(counted=True), columns)


@category.verb("remove", "deskterm category remove phone --yes")
@changing
def remove_category(call: Call, path: Name) -> None:
    """Retire a category that no open ticket is in."""
    sure(call, f"Retiring category {path}")
    changed(call, lambda desk, how: desk.admin.remove_category(path, how), f"{path} is retired")


register(category)


field = Noun("field", "Drop-down fields of the desk's own making.")


@field.verb("list", "deskterm field list")
@reading
def list_field(call: Call) -> None:
    """List the fields with their choices."""
    columns = ("name", "label", "choices", "required_for", "client", "web")
    listed(call, lambda desk: desk.admin.fields(), columns)


@field.verb("remove", "deskterm field remove os --yes")
@changing
def remove_field(call: Call, name: Name) -> None:
    """Forget a field's definition; what tickets say stays."""
    sure(call, f"Removing field {name}")
    changed(call, lambda desk, how: desk.admin.remove_field(name, how=how), f"{name} is removed")


register(field)


view = Noun("view", "Saved views of the board.")


@view.verb("list", "deskterm view list")
@reading
def list_view(call: Call) -> None:
    """List your views and everyone's."""
    listed(call, lambda desk: desk.admin.views(), ("name", "query", "owner"))


@view.verb("save", "deskterm view save Branches 'is:open site:Leeds'")
@changing
def save_view(
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


@view.verb("delete", "deskterm view delete Branches")
@changing
def delete_view(call: Call, name: Name) -> None:
    """Delete a view."""
    changed(
        call, lambda desk, how: desk.admin.remove_view(name, how=how), f"View {name} is deleted"
    )


register(view)


org = Noun("org", "Client organisations.")


@org.verb("list", "deskterm org list")
@reading
def list_org(call: Call) -> None:
    """List the organisations and how many people each has."""
    with opened() as desk:
        found = [row._asdict() for row in desk.people.organisations()]
    output.many(found, ("name", "client", "language", "people"), call.output)


@org.verb("export", "deskterm org export Clinic ./for-the-clinic")
@reading
def export_org(call: Call, name: Name, folder: Annotated[Path, Argument(metavar="FOLDER")]) -> None:
    """Write all that belongs to a client: its people, tickets, mails, letters, files, solutions."""
    from deskterm.services.privacy import hand_out_client

    handed_out(call, folder, lambda desk: hand_out_client(desk.store, name, folder))


@org.verb("forget", "deskterm org forget Clinic --dry-run")
@changing
def forget_org(call: Call, name: Name) -> None:
    """Forget a client with its people: words, names, letters, files, all that belongs to it.

    It cannot be undone; --dry-run counts and says what is kept for the ledger and why.
    """
    forgotten(
        call, f"{name} and all its people", lambda forgetting: forgetting.client(name, asking(call))
    )


register(org, "organisation")


retention = Noun("retention", "How long words of closed tickets and people's data are kept.")
_DUE = ("rule", "what", "category", "days", "due")


@retention.verb("run", "deskterm retention run --dry-run")
@changing
def run_retention(call: Call) -> None:
    """Forget what is due by the rules now, and tell what each let go; --dry-run only tells.

    A worker does it by itself; on a shared desk managers may, too. It cannot be undone, and backups
    made before still hold everything. Nothing goes that is open or hangs on an open problem.
    """
    from deskterm.cli.progress import Bar
    from deskterm.services.privacy import Retention

    with opened() as desk:
        rules = Retention(desk.store, desk.me)
        found = rules.due()
        if not call.dry_run and any(one.many for one in found):
            sure(call, f"Forgetting {sum(one.many for one in found)} for ever")
            bar = Bar("forgetting", 0)
            found = rules.run(bar.show)
            bar.end()
    output.many([{**one._asdict(), "due": one.many} for one in found], _DUE, call.output)
    if not found:
        say("There are no rules: deskterm retention set 'Old tickets' --after 2y.")
    elif call.dry_run:
        say("Dry run: nothing was forgotten.")


register(retention)
