"""`deskterm undo`, `deskterm redo` and `deskterm log`."""

from typing import TYPE_CHECKING, Annotated

from deskterm.cli import output
from deskterm.cli.change import Call, asking, changing, reading, report
from deskterm.cli.completing import query_words
from deskterm.cli.errors import say
from deskterm.cli.nouns import Noun
from deskterm.cli.options import Argument, Option
from deskterm.cli.session import opened
from deskterm.domain.rows import Done

if TYPE_CHECKING:
    from deskterm.bootstrap import Desk

undo = Noun("undo", "Take back an operation.")
redo = Noun("redo", "Take the last undo back.")
log = Noun("log", "What was done.")
COLUMNS = ("at", "actor", "ticket", "event", "public", "text", "operation")


@undo.verb("", "deskterm undo")
@changing
def undo_(
    call: Call,
    operation: Annotated[
        str | None, Argument(metavar="[OPERATION]", help="See `deskterm log`.")
    ] = None,
) -> int:
    """Take back your newest operation that can be, or a named one.

    What had to be passed over is told; a named one is refused where something changed since.
    """
    with opened() as desk:
        return _told(desk, desk.ledger.undo(operation, how=asking(call)), call)


@redo.verb("", "deskterm redo")
@changing
def redo_(
    call: Call,
    operation: Annotated[
        str | None, Argument(metavar="[OPERATION]", help="What was undone; see the log.")
    ] = None,
) -> int:
    """Take the last undo back, or that of a named operation: it is done again."""
    with opened() as desk:
        return _told(desk, desk.ledger.redo(operation, how=asking(call)), call)


def _told(desk: "Desk", done: Done, call: Call) -> int:
    """Tell what was taken back, and what would come next."""
    code = report(desk, done, call, single=False)
    if done.back:
        verb = "Done again" if done.kind == "redo" else "Taken back"
        say(f"{f'Would be {verb.lower()}' if done.dry else verb}: {done.back}.")
    if done.next:
        say(f"The next {done.kind} takes: {done.next}.")
    return code


@log.verb("", "deskterm log assignee:me")
@reading
def log_(
    call: Call,
    query: Annotated[
        list[str] | None, Argument(metavar="[QUERY]", autocompletion=query_words)
    ] = None,
    operation: Annotated[
        str | None, Option("--operation", metavar="UUID", help="Only this operation.")
    ] = None,
    limit: Annotated[int, Option(min=1, help="At most this many.")] = 50,
) -> None:
    """Show what was done, newest first: on the tickets of a query, or by one operation."""
    with opened() as desk:
        numbers = desk.board.ids(" ".join(query)) if query else None
        entries = desk.ledger.log(numbers, operation, limit)
    output.many(entries, COLUMNS, call.output)
