"""`deskterm team …`: who is what at a desk on PostgreSQL (docs/team.md)."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from deskterm.cli import output
from deskterm.cli.change import Call, changing, changing_with, reading
from deskterm.cli.errors import say
from deskterm.cli.nouns import Noun
from deskterm.cli.options import Argument, Option, option
from deskterm.cli.own import TO, handed_over
from deskterm.cli.record import changed, sure
from deskterm.cli.session import opened
from deskterm.domain.errors import UsageError
from deskterm.domain.team import ABOUT
from deskterm.services.team import Team

if TYPE_CHECKING:
    from deskterm.bootstrap import Desk
    from deskterm.domain.asking import How

noun = Noun("team", "Who is what at a desk on PostgreSQL.")
COLUMNS = ("login", "role", "clients", "may_login", "superuser", "until")
Login = Annotated[str, Argument(metavar="LOGIN")]
_ROLES = "; ".join(f"{role} {about}" for role, about in ABOUT.items())
AsRole = Annotated[str, Option("--role", metavar="ROLE", help=f"{_ROLES}.")]


@noun.verb("list", "deskterm team list")
@reading
def list_(call: Call) -> None:
    """List every login that has a role at this desk, or owns it."""
    with opened() as desk:
        rows = [one._asdict() for one in Team(desk).members()]
    output.many(rows, COLUMNS, call.output)


@noun.verb("check", "deskterm team check")
@reading
def check(call: Call) -> int:
    """Prove that every role may do exactly what it should; exit code 1 where not.

    Says too who is bound by nothing: superusers and whoever owns the desk.
    """
    with opened() as desk:
        found = Team(desk).check()
    if output.chosen(call.output) in ("json", "jsonl", "csv"):
        output.many([{"trouble": one} for one in found], ("trouble",), call.output)
    else:
        for sentence in found:
            say(f"deskterm: {sentence}.")
        if not found:
            say("Every role may do what it should, and nothing else.")
    return 1 if found else 0


@noun.verb("add", "deskterm team add ann --role technician")
@changing
def add(
    call: Call,
    login: Login,
    role: AsRole,
    password_file: Annotated[
        Path | None, Option(metavar="FILE", help="Its first line is the password.")
    ] = None,
    no_password: Annotated[
        bool, Option("--no-password", help="For peer or a certificate, without asking.")
    ] = False,
) -> None:
    """Give a login its role, and make it where the server has none of that name.

    The password of a new login is asked for, and never leaves this machine as it is; an empty one
    means none. A login that is there keeps the one it has.
    """

    def change(desk: "Desk", how: object) -> object:
        password = _password(desk, login, call, password_file, no_password)
        kept = Team(desk).kept(login, password) if password else ""
        return Team(desk).add(login, role, kept, how)  # type: ignore[arg-type]

    changed(call, change, f"{login}: {role} from now on")


def _password(desk: "Desk", login: str, call: Call, file: Path | None, no_password: bool) -> str:
    from deskterm.cli import passphrase

    if file is not None:
        return passphrase.asked(file)
    silent = no_password or call.no_input or call.dry_run or not sys.stdin.isatty()
    if silent or Team(desk).knows(login):
        return ""
    return passphrase.asked(None, twice=True, word="Password")


@noun.verb("role", "deskterm team role ann --role manager")
@changing
def role(call: Call, login: Login, role: AsRole) -> None:
    """Give a login another role instead of the one it has."""
    changed(
        call, lambda desk, how: Team(desk).role(login, role, how), f"{login}: {role} from now on"
    )


@noun.verb("restrict", "deskterm team restrict ann --client Clinic --client Harbour")
@changing
def restrict(
    call: Call,
    login: Login,
    client: Annotated[
        list[str] | None, Option(metavar="NAME", help="A client that it sees; again for more.")
    ] = None,
    everything: Annotated[
        bool, Option("--everything", help="All clients, and what is nobody's.")
    ] = False,
) -> None:
    """Let a login see the people, tickets and words of some clients alone; the server holds it.

    Groups whose tickets their members alone see are made by `deskterm group set NAME --restricted`.
    """
    if bool(client) == everything:
        raise UsageError("say either --client NAME, which may come again, or --everything.")
    told = f"{login} sees {', '.join(client or ())} alone from now on"
    changed(
        call,
        lambda desk, how: Team(desk).restrict(login, client or (), how),
        f"{login} sees everything from now on" if everything else told,
    )


_LATER = option(
    "later", bool, False, "--later", help="End their access now; what they have stays theirs."
)


@noun.verb("remove", "deskterm team remove ann --to bo")
@changing_with(TO, _LATER)
def remove(call: Call, login: Login) -> None:
    """Hand over what a login has in hand, take its role and end its sessions.

    The hand-over is `technician remove`, which `deskterm undo` takes back; --later ends the access
    at once and leaves it for then. The login itself stays on the server, for other databases may
    know it.
    """
    with opened() as desk:
        to = None if call.own["later"] else handed_over(call, desk, login)
    sure(call, f"{login} leaves the team and is logged out")

    def change(desk: "Desk", how: "How") -> object:
        leaving = None if call.own["later"] else desk.staff.leaving
        return Team(desk).let_go(login, to, leaving, how)

    changed(call, change, f"{login} has no role here any more")
