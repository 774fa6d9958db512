"""`deskterm handover …`: what one shift leaves to the next."""

from typing import Annotated

from deskterm.cli import output
from deskterm.cli.change import Call, changing, reading
from deskterm.cli.errors import say
from deskterm.cli.given import said
from deskterm.cli.nouns import Noun
from deskterm.cli.options import Argument, Option
from deskterm.cli.record import changed
from deskterm.cli.session import opened

noun = Noun("handover", "What one shift leaves to the next: a list, and words.")
COLUMNS = ("id", "login", "at", "items", "words", "read_by")
Number = Annotated[int | None, Argument(metavar="[ID]", help="Default: the newest.")]


@noun.verb("new", "deskterm handover new --words 'The VPN supplier calls back at six.'")
@changing
def new(
    call: Call,
    words: Annotated[str, Option("--words", metavar="TEXT|-", help="- reads stdin.")] = "",
) -> None:
    """Hand over: your open, overdue and waiting tickets, promises, visits of today, what goes on.

    Everybody else finds it on their board until they have read it, for a day.
    """
    text = said(words)
    changed(call, lambda desk, how: desk.staff.handovers.new(text, how), "handed over")


@noun.verb("list", "deskterm handover list -o json")
@reading
def list_(call: Call) -> None:
    """List hand-overs, the newest first, and who has read each."""
    with opened() as desk:
        found = desk.staff.handovers.list()
    exact = output.chosen(call.output) in ("json", "jsonl")
    rows = [
        one._asdict()
        | (
            {"items": [item._asdict() for item in one.items], "read_by": list(one.read_by)}
            if exact
            else {"items": len(one.items), "read_by": ", ".join(one.read_by)}
        )
        for one in found
    ]
    output.many(rows, COLUMNS, call.output)


@noun.verb("show", "deskterm handover show")
@reading
def show(call: Call, number: Number = None) -> None:
    """Show one whole; it stays unread until `handover seen`, or until the board has shown it."""
    from deskterm.domain.handovers import lines_of

    with opened() as desk:
        found = desk.staff.handovers.show(number)
    if output.chosen(call.output) in ("json", "jsonl", "csv"):
        record = found._asdict() | {"items": [item._asdict() for item in found.items]}
        output.one(record | {"read_by": list(found.read_by)}, call.output, columns=COLUMNS)
        return
    lines = [line if heading else f"  {line}" for line, heading in lines_of(found.items)]
    head = f"{found.login}, {found.at.astimezone():%a %d %b %H:%M}"
    output.prose("\n".join([head, *([found.words] if found.words else []), *lines]))


@noun.verb("seen", "deskterm handover seen 3")
@reading
def seen(call: Call, number: Number = None) -> None:
    """Say that you have read one: it goes from your board."""
    del call
    with opened() as desk:
        which = desk.staff.handovers.show(number).id
        desk.staff.handovers.see([which])
    say(f"hand-over {which} is read.")
