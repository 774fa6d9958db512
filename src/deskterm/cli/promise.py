"""`deskterm promises` and `promise keep|move|drop`: what is promised to people (G6)."""

from typing import Annotated

from deskterm.cli import output
from deskterm.cli.change import Call, asking, changing, reading, report
from deskterm.cli.nouns import Noun
from deskterm.cli.options import Argument, Option
from deskterm.cli.session import opened
from deskterm.domain.errors import UsageError
from deskterm.domain.promises import WORDS

noun = Noun("promise", "Keep, move or drop what was promised.")
promises = Noun("promises", "What is promised to people, with its dates.")
COLUMNS = (
    *("id", "at", "kind", "owner", "group", "ticket_id", "requester", "phone", "note", "broken"),
    "subject",
)
Id = Annotated[str, Argument(metavar="ID", help="As `deskterm promises` names it: call.12.1.")]


@promises.verb("", "deskterm promises --due today --for me")
@reading
def promises_(
    call: Call,
    due: Annotated[str, Option(metavar="WHEN", help="Due by now, today, tomorrow, 3d …")] = "",
    for_: Annotated[
        str, Option("--for", metavar="LOGIN", help="me, a login, or none: whose it is to keep.")
    ] = "",
    kind: Annotated[str, Option(help=f"Only one kind: {', '.join(WORDS)}.")] = "",
    broken: Annotated[bool, Option("--broken", help="Count those that were broken.")] = False,
) -> None:
    """List what is promised: fixes, call-backs, tickets that go on, whom the desk asks again."""
    if kind and kind not in WORDS:
        raise UsageError(f"kind {kind[:40]!r}? Use {', '.join(WORDS)}.")
    with opened() as desk:
        if broken:
            counted = [one._asdict() for one in desk.promises.broken()]
            output.many(counted, ("kind", "kept_late", "open_late"), call.output)
            return
        rows = desk.promises.list(until=due, owner=for_, kind=kind)
    output.many(({"id": one.id, **one._asdict()} for one in rows), COLUMNS, call.output)


@noun.verb("keep", "deskterm promise keep call.12.1 --note 'It holds.'")
@changing
def keep(
    call: Call, promise: Id, note: Annotated[str, Option(help="What came of it.")] = ""
) -> int:
    """Say that it was kept: the call was made, they were told, the ticket goes on now."""
    with opened() as desk:
        done = desk.promises.keep(promise, note, asking(call))
        return report(desk, done, call, single=True)


@noun.verb("move", "deskterm promise move fix.12.7 --to 2026-12-24")
@changing
def move(call: Call, promise: Id, to: Annotated[str, Option("--to", metavar="WHEN")]) -> int:
    """Promise it for another time; whoever was told a day is told the new one."""
    with opened() as desk:
        return report(desk, desk.promises.move(promise, to, asking(call)), call, single=True)


@noun.verb("drop", "deskterm promise drop call.12.1 --reason 'They wrote that it works.'")
@changing
def drop(
    call: Call, promise: Id, reason: Annotated[str, Option(help="Why it is not wanted.")] = ""
) -> int:
    """Say that it is not wanted any more."""
    with opened() as desk:
        return report(desk, desk.promises.drop(promise, reason, asking(call)), call, single=True)
