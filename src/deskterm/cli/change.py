"""A change from the command line: the options every change has, and how its outcome is told."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from deskterm.cli import output
from deskterm.cli.completing import query_words
from deskterm.cli.errors import say
from deskterm.cli.options import Call, Function, Part, argument, option, with_options
from deskterm.cli.session import opened
from deskterm.cli.targets import confirm, numbers
from deskterm.domain.asking import How, Request
from deskterm.domain.errors import UsageError
from deskterm.domain.rows import Done

if TYPE_CHECKING:
    from deskterm.bootstrap import Desk

OUTPUT = option(
    "output_", str | None, None, "-o", "--output", metavar="FORMAT", help="table, json, jsonl, csv"
)
_CHANGE = (
    OUTPUT,
    option("no_input", bool, False, "--no-input", help="Never ask."),
    option("dry_run", bool, False, "--dry-run", help="Show what would change, field by field."),
    option("yes", bool, False, "--yes", "-y", help="Do not ask before many are changed."),
    option("op", str | None, None, "--op", metavar="UUID", help="Operation id: repeating is safe."),
)
_TARGET = (
    argument("target", list[str] | None, None, metavar="TARGET", help="Ids, or - for stdin."),
    option(
        "query",
        str | None,
        None,
        "--query",
        "-q",
        metavar="Q",
        help="All that a query finds.",
        autocompletion=query_words,
    ),
    option("if_version", int | None, None, "--if-version", metavar="N", help="Only if unchanged."),
)
ACROSS = option(
    "across_clients",
    bool,
    False,
    "--across-clients",
    help="Also from one client to another; the ledger says so.",
)
changing = with_options(_CHANGE)
"""For a change without a target: its function gets the options as its first argument."""


def changing_with(*more: Part) -> Callable[[Function], Function]:
    """Give `changing` with options of the verb's own, which come in its first argument too."""
    return with_options((*more, *_CHANGE))


targeting = with_options((*_TARGET, *_CHANGE))
"""For a change of tickets: target, query and version besides."""
targeting_across = with_options((*_TARGET, ACROSS, *_CHANGE))
"""For one that may tie what belongs to different clients, where that is meant."""
reading = with_options((OUTPUT,))
"""For a command that only reads."""

__all__ = [
    "ACROSS",
    "Call",
    "Function",
    "act",
    "asking",
    "changing",
    "changing_with",
    "reading",
    "report",
    "run",
    "say_here",
    "targeting",
    "targeting_across",
]


def act(
    call: Call,
    verb: str,
    asked: Request,
    *,
    one: str = "",
    first: "Callable[[Desk, Sequence[int]], None] | None" = None,
) -> int:
    """Find the targets, ask where many are meant, do it and tell; gives the exit code.

    `one` is the sentence said where it goes with one ticket and several are named; `first` says
    or asks something before it is done.
    """

    def do(desk: "Desk", found: Sequence[int], how: How) -> Done:
        return desk.tickets.do(found, asked, how)

    return run(call, verb, do, one=one, first=first)


def run(
    call: Call,
    verb: str,
    do: "Callable[[Desk, Sequence[int], How], Done]",
    *,
    one: str = "",
    first: "Callable[[Desk, Sequence[int]], None] | None" = None,
) -> int:
    """Do something to the targets as `act` does a request; `do` gets their numbers."""
    with opened() as desk:
        found = numbers(desk, call.target, call.query)
        if not found:
            say("No ticket fits; nothing was changed.")
            return 0
        if one and len(found) != 1:
            raise UsageError(one)
        confirm(desk, found, call, verb)
        if first is not None:
            first(desk, found)
        done = do(desk, found, asking(call, found))
        return report(desk, done, call, single=len(found) == 1)


def say_here(desk: "Desk", found: Sequence[int]) -> None:
    """Say who else has these tickets open, or is writing on them: before, and in nobody's way."""
    from deskterm.services.acting import there_words, who_is_there

    if here := there_words(who_is_there(desk, found), found):
        say(here)


def asking(call: Call, found: Sequence[int] = ()) -> How:
    """Give how a change is asked for by its options; `found` are the targets."""
    version, across = call.if_version, call.across_clients
    if version is None:
        return How(call.op, call.dry_run, across=across)
    if len(found) != 1:
        raise UsageError("--if-version goes with one ticket.")
    return How(call.op, call.dry_run, {found[0]: version}, strict=True, across=across)


def report(desk: "Desk", done: Done, call: Call, *, single: bool) -> int:
    """Tell what was done: data on stdout, talk on stderr; gives the exit code."""
    kind = output.chosen(call.output)
    if done.dry and kind in ("table", "tsv", "csv"):
        _dry(done, call)
    elif kind in ("json", "jsonl"):
        records = _records(desk, done)
        if single and records:
            output.one(records[0], call.output)
        else:
            output.many(records, ("id",), call.output)
    elif kind == "table":
        _tell(desk, done)
    else:
        output.many([{"id": number} for number in done.tickets], ("id",), call.output)
    for _, sentence, _ in done.failed:
        say(f"deskterm: {sentence}")
    for note in done.notes:
        say(note)
    return 1 if done.failed else 0


def _records(desk: "Desk", done: Done) -> list[dict[str, object]]:
    """One record a ticket: where it stands now, and what changed."""
    rows = {} if done.dry else {row.id: row for row in desk.board.rows(done.tickets)}
    changes: dict[int, list[dict[str, object]]] = {}
    for one in done.changes:
        change = {"field": one.field, "before": one.before, "after": one.after}
        changes.setdefault(one.ticket_id, []).append(change)
    return [
        {
            "id": number,
            "operation": done.operation_id,
            "done": done.kind,
            "state": rows[number].state if number in rows else None,
            "version": rows[number].version if number in rows else None,
            "changes": changes.get(number, []),
            "repeated": done.repeated,
            "dry_run": done.dry,
        }
        for number in done.tickets
    ]


def _dry(done: Done, call: Call) -> None:
    records = [one._asdict() for one in done.changes]
    columns = ("ticket_id", "event", "field", "before", "after")
    output.many(records, columns, call.output)
    letters = f"{done.letters} letter{'' if done.letters == 1 else 's'}"
    say(f"Nothing was changed; {len(done.tickets)} would be, {letters} written.")


def _tell(desk: "Desk", done: Done) -> None:
    again = " (done before; nothing was done again)" if done.repeated else ""
    for row in desk.board.rows(done.tickets[:20]):
        output.prose(f"#{row.id} {row.subject} · {row.state}{again}")
    if len(done.tickets) > 20:
        output.text(f"… {len(done.tickets)} tickets in all")
    if not done.tickets or set(done.tickets) <= {*done.gone}:
        say(f"Done: {done.kind}{again}.")
    if done.letters and done.gone:
        say(f"{done.letters} letter(s) leave.")
    elif done.letters:
        seconds = desk.settings["undo_seconds"]
        say(f"{done.letters} letter(s) leave in {seconds} s; `deskterm undo` takes it back.")
