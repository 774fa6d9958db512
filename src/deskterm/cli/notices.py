"""`deskterm notices …`: what you are told of."""

from typing import Annotated

from deskterm.cli import output
from deskterm.cli.change import Call, reading
from deskterm.cli.errors import say
from deskterm.cli.nouns import Noun
from deskterm.cli.options import Argument, Option
from deskterm.cli.session import opened
from deskterm.domain.errors import UsageError

noun = Noun("notices", "What you are told of.")
COLUMNS = ("id", "urgent", "at", "kind", "ticket_id", "who", "subject")


@noun.verb("list", "deskterm notices list --all")
@reading
def list_(
    call: Call,
    all_: Annotated[bool, Option("--all", help="Those you have seen, too.")] = False,
    limit: Annotated[int, Option(min=1, help="At most this many.")] = 200,
) -> None:
    """List your notices that you have not seen, newest first."""
    with opened() as desk:
        rows = [row._asdict() for row in desk.notices.list(unseen=not all_, limit=limit)]
    if not rows and output.chosen(call.output) == "table":
        say("Nothing new." if not all_ else "No notices yet.")
        return
    output.many(rows, (*COLUMNS, "seen_at") if all_ else COLUMNS, call.output)


@noun.verb("seen", "deskterm notices seen 12 13")
@reading
def seen(
    call: Call,
    ids: Annotated[list[int] | None, Argument(metavar="[ID…]", min=1)] = None,
    all_: Annotated[bool, Option("--all", help="All of them.")] = False,
) -> None:
    """Mark notices as seen, by their numbers or all of them."""
    if bool(ids) == all_:
        raise UsageError("which ones? Name their numbers, or say --all.")
    with opened() as desk:
        many = desk.notices.seen_all() if all_ else desk.notices.seen(ids or ())
    if output.chosen(call.output) in ("json", "jsonl"):
        output.one({"seen": many}, call.output)
    else:
        say(f"{many} seen.")
