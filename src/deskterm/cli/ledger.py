"""`deskterm undo` and `deskterm log`."""

from typing import Annotated

import typer

from deskterm.cli import output
from deskterm.cli.change import Call, changing, how, reading, report
from deskterm.cli.completing import query_words
from deskterm.cli.nouns import Noun
from deskterm.cli.session import opened

undo = Noun("undo", "Take back an operation.")
log = Noun("log", "What was done.")
COLUMNS = ("at", "actor", "ticket", "event", "public", "text", "operation")


@undo.verb("", "deskterm undo")
@changing
def undo_(
    call: Call,
    operation: Annotated[
        str | None, typer.Argument(metavar="[OPERATION]", help="See `deskterm log`.")
    ] = None,
) -> int:
    """Take back your last operation, or a named one; refused where something changed since."""
    with opened() as desk:
        done = desk.tickets.undo(operation, **how(call))
        return report(desk, done, call, single=False)


@log.verb("", "deskterm log assignee:me")
@reading
def log_(
    call: Call,
    query: Annotated[
        list[str] | None, typer.Argument(metavar="[QUERY]", autocompletion=query_words)
    ] = None,
    operation: Annotated[
        str | None, typer.Option("--operation", metavar="UUID", help="Only this operation.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="At most this many.")] = 50,
) -> None:
    """Show what was done, newest first: on the tickets of a query, or by one operation."""
    with opened() as desk:
        entries = desk.tickets.log(" ".join(query or []), operation, limit)
    output.many(entries, COLUMNS, call["output_"])
