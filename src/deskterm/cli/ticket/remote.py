"""`deskterm ticket remote`: a session to the device of a ticket, in this terminal (A8)."""

import subprocess
from time import monotonic
from typing import Annotated

from deskterm.cli import output
from deskterm.cli.change import Call, asking, changing
from deskterm.cli.errors import say
from deskterm.cli.nouns import Noun
from deskterm.cli.options import Argument, Option
from deskterm.cli.session import opened
from deskterm.cli.targets import agree, number
from deskterm.domain.errors import RefusedError


@changing
def remote(
    call: Call,
    ticket: Annotated[str, Argument(metavar="ID")],
    with_: Annotated[str, Option("--with", metavar="NAME", help="Which session.")] = "",
    list_: Annotated[bool, Option("--list", help="Only show which fit its device.")] = False,
) -> int:
    """Open a session to the ticket's device; the command is shown and asked about first.

    Start and end, exit code and time stand on the ticket.
    """
    from deskterm.domain.remote import named

    one = number(ticket)
    with opened() as desk:
        found = desk.remote.fitting(one)
        if list_ or call.dry_run:
            rows = [{"name": each.name, "command": each.shown} for each in found]
            output.many(rows, ("name", "command"), call.output)
            return 0
        session = named(found, with_)
        agree(f"It runs here: {session.shown}", call, needed=True)
        desk.remote.began(one, session, asking(call))
        began = monotonic()
        try:
            code = subprocess.run(session.argv, check=False).returncode
        except OSError as error:
            desk.remote.ended(one, session, 127, 0)
            raise RefusedError(f"{session.argv[0]} did not start: {error.strerror}.") from None
        desk.remote.ended(one, session, code, monotonic() - began)
    say(f"#{one}: {session.name} ended with exit code {code}.")
    return 0


def register(noun: Noun) -> None:
    """Add the verb to `deskterm ticket`."""
    noun.verb("remote", "deskterm ticket remote 1041 --with ssh")(remote)
