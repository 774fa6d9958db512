"""The verbs of `deskterm solution` that change solutions; each is one call of the service."""

import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Annotated

from deskterm.cli import output
from deskterm.cli.change import ACROSS, Call, asking, changing, changing_with
from deskterm.cli.errors import say
from deskterm.cli.given import given_text, said
from deskterm.cli.nouns import Noun
from deskterm.cli.options import Argument, Option, option
from deskterm.cli.session import opened
from deskterm.cli.targets import number as ticket_number
from deskterm.domain.asking import How
from deskterm.domain.errors import DeskError, RefusedError, UsageError
from deskterm.domain.rows import Done
from deskterm.domain.solutions import FIELDS, solution_number

if TYPE_CHECKING:
    from deskterm.bootstrap import Desk

Change = Callable[["Desk", int, How], Done]
Named = Annotated[list[str], Argument(metavar="SOLUTION...", help="S12 or 12; several.")]
One = Annotated[str, Argument(metavar="SOLUTION", help="S12 or 12.")]
Version = Annotated[int | None, Option("--if-version", metavar="N", help="Only if unchanged.")]
Note = Annotated[str, Option("--note", metavar="TEXT", help="Kept in its history.")]


_HELP = {
    "title": "One line.",
    "symptoms": "In the customer's words.",
    "environment": "Where it occurs: device, system, version.",
    "cause": "Why it occurs.",
    "resolution": "What helps.",
    "tip": "What prevents the next call.",
    "category": "Its path, e.g. network/vpn.",
    "client": "The client whose words it is made of; empty: nobody's.",
    "fixed_in": "The version that needs it no more.",
    "owner": "The technician who looks after it.",
    "review_by": "A date, e.g. 2027-03-31.",
}
_SHEET_HELP = "All fields in one text; see `solution show --sheet`."
writing = changing_with(
    *(
        option(
            name,
            str | None,
            None,
            f"--{name.replace('_', '-')}",
            metavar="TEXT|-",
            help=_HELP[name],
        )
        for name in FIELDS
    ),
    ACROSS,
    option("anyway", bool, False, "--anyway", help="Even where one reads nearly the same."),
    option("sheet", str | None, None, "--sheet", metavar="FILE|-", help=_SHEET_HELP),
)
"""For a verb that takes the fields of a solution."""


@writing
def new(
    call: Call,
    ticket: Annotated[
        str | None, Option("--ticket", "-t", metavar="N", help="From this resolved ticket.")
    ] = None,
    wanted: Annotated[
        str | None,
        Option(metavar="N", help="For the question this ticket asks; see solution wanted."),
    ] = None,
    jsonl: Annotated[
        str | None,
        Option("--jsonl", metavar="FILE|-", help="Many: a JSON object of fields a line."),
    ] = None,
) -> int:
    """Write a draft, or many; or make one of a resolved ticket with its facts filled in."""
    if jsonl is not None:
        return _new_many(call, jsonl)
    given, anyway = _given(call), call.flag("anyway")
    with opened() as desk:
        if wanted is not None:
            done = desk.solutions.draft_wanted(ticket_number(wanted), asking(call), anyway=anyway)
        elif ticket is not None:
            done = desk.solutions.draft(ticket_number(ticket), given, asking(call), anyway=anyway)
        elif "title" in given:
            done = desk.solutions.new(given, asking(call), anyway=anyway)
        else:
            raise UsageError("what is it about? Give --title, or --ticket N that was resolved.")
        return report(desk, [done], call)


def _new_many(call: Call, source: str) -> int:
    """Write many drafts from JSON lines, all of them or none."""
    text = given_text(source)
    where = "standard input" if source == "-" else source
    given = [
        _line(line, f"{where}:{place}")
        for place, line in enumerate(text.splitlines(), 1)
        if line.strip()
    ]
    with opened() as desk:
        done = desk.solutions.new_many(given, asking(call))
        return report(desk, [done], call, single=False)


def _line(line: str, where: str) -> dict[str, str]:
    """Read one JSON line; raises UsageError naming file and line."""
    import json

    try:
        found = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{where}: no JSON ({error}).") from error
    if not isinstance(found, dict):
        raise UsageError(f"{where}: a JSON object is wanted, not {type(found).__name__}.")
    unknown = sorted(set(found) - set(FIELDS))
    if unknown or not str(found.get("title") or "").strip():
        what = f"unknown key {unknown[0]!r}" if unknown else "no title"
        raise UsageError(f"{where}: {what}; a line has a title and any of {', '.join(FIELDS)}.")
    return {name: str(value) for name, value in found.items() if value is not None}


@changing
def starter(call: Call) -> int:
    """Write eight starter solutions as drafts, beside the starter guides; none is written twice."""
    with opened() as desk:
        done = desk.solutions.starter(asking(call))
        if not done.of("solution") and not done.repeated:
            say("They are all here already; nothing was written.")
        return report(desk, [done], call, single=False)


@writing
def edit(
    call: Call,
    solution: One,
    if_version: Version = None,
) -> int:
    """Change fields; without options in your editor. Every edit is kept."""
    given = _given(call)
    number = solution_number(solution)
    with opened() as desk:
        guard = if_version
        if not given:
            guard, given = _edited(desk, number, call)
        done = desk.solutions.edit(
            number, given, _how(call, number, guard), anyway=call.flag("anyway"), yes=call.yes
        )
        return report(desk, [done], call)


@changing
def review(
    call: Call,
    solution: Named,
    to: Annotated[
        str | None, Option(help="draft, 'not validated' or validated; else one step up.")
    ] = None,
    note: Note = "",
    if_version: Version = None,
) -> int:
    """Say how far it can be trusted: one step up, or as named; takes a flag away."""

    def change(desk: "Desk", number: int, more: How) -> Done:
        return desk.solutions.review(number, to, note, more)

    return _each(call, solution, if_version, change)


@changing
def publish(
    call: Call,
    solution: Named,
    audience: Annotated[
        str, Option("--audience", "--to", help="technicians, organisation or public.")
    ] = "technicians",
    confidence: Annotated[
        str | None, Option(help="Say how far it can be trusted at the same time.")
    ] = None,
    if_version: Version = None,
) -> int:
    """Let people read it. Beyond the desk it is checked for leaks; --yes publishes anyway."""

    def change(desk: "Desk", number: int, more: How) -> Done:
        return _published(desk, number, (audience, confidence), more, call)

    return _each(call, solution, if_version, change)


@changing
def retire(
    call: Call,
    solution: Named,
    reason: Annotated[str, Option("--reason", help="Why.")] = "",
    if_version: Version = None,
) -> int:
    """Archive it: kept, but neither suggested nor on the site."""

    def change(desk: "Desk", number: int, more: How) -> Done:
        return desk.solutions.retire(number, reason, more)

    return _each(call, solution, if_version, change)


@changing
def renew(
    call: Call,
    solution: Named,
    by: Annotated[str, Option(help="Until when it is left alone; else a year.")] = "",
    if_version: Version = None,
) -> int:
    """Say that it is still right: a flag goes, and its review is due in a year."""

    def change(desk: "Desk", number: int, more: How) -> Done:
        return desk.solutions.renew(number, by, more)

    return _each(call, solution, if_version, change)


def _given(options: Call) -> dict[str, str]:
    """Give the fields that were named, those of a sheet below them; `-` is standard input."""
    from deskterm.domain.solutions import read_sheet

    found: dict[str, str] = {}
    sheet = options.given("sheet")
    if sheet is not None:
        found = read_sheet(given_text(sheet))
    for name in FIELDS:
        text = options.given(name)
        if text is not None:
            found[name] = said(text)
    return found


def _edited(desk: "Desk", number: int, call: Call) -> tuple[int, dict[str, str]]:
    """Let the person's editor change the whole solution; gives (version seen, fields)."""
    if call.no_input or not sys.stdin.isatty():
        raise UsageError("what changes? Give --title, --resolution … or --sheet FILE.")
    from deskterm.cli.editor import edited
    from deskterm.domain.solutions import read_sheet, sheet

    row = desk.solutions.show(number)
    before = {name: getattr(row, name) or "" for name in FIELDS}
    return row.version, read_sheet(edited(str(desk.settings["editor"]), sheet(before)))


def _published(
    desk: "Desk",
    number: int,
    to: tuple[str, str | None],
    more: How,
    call: Call,
) -> Done:
    from deskterm.services.leaking import LeaksError

    try:
        return desk.solutions.publish(number, *to, more, yes=call.yes)
    except LeaksError as error:
        if call.no_input or not sys.stdin.isatty():
            raise
        say(str(error))
        say(f"Type S{number} to publish it all the same:")
        if sys.stdin.readline().strip().upper() != f"S{number}":
            raise RefusedError("not confirmed: nothing was published.") from None
        return desk.solutions.publish(number, *to, more, yes=True)


def _how(call: Call, number: int, version: int | None) -> How:
    return asking(call._replace(if_version=version), (number,))


def _each(call: Call, named: Sequence[str], version: int | None, change: Change) -> int:
    """Change one solution or several, each an operation of its own; refusals are named."""
    numbers = list(dict.fromkeys(solution_number(one) for one in named))
    if len(numbers) > 1 and (call.op or version is not None):
        raise UsageError("--op and --if-version go with one solution.")
    done, refused = [], 0
    with opened() as desk:
        for number in numbers:
            try:
                done.append(change(desk, number, _how(call, number, version)))
            except DeskError as error:
                if len(numbers) == 1:
                    raise
                say(f"deskterm: {error}")
                refused += 1
        return report(desk, done, call, single=len(numbers) == 1) or int(refused > 0)


def report(desk: "Desk", done: Sequence[Done], call: Call, *, single: bool = True) -> int:
    """Tell what was done: data on stdout, talk on stderr."""
    kind = output.chosen(call.output)
    if done and done[0].dry and kind not in ("json", "jsonl"):
        changes = [{"solution": one.ticket_id, **one._asdict()} for d in done for one in d.changes]
        output.many(changes, ("event", "field", "before", "after"), call.output)
        say("Nothing was changed.")
    elif kind in ("json", "jsonl"):
        records = [_record(desk, one, number) for one in done for number in one.of("solution")]
        if single:
            output.one(records[0], call.output)
        else:
            output.many(records, ("id",), call.output)
    elif kind == "table":
        _tell(desk, done)
    else:
        output.many([{"id": number} for d in done for number in d.of("solution")], ("id",), kind)
    for note in (note for one in done for note in one.notes):
        say(note)
    return 0


def _tell(desk: "Desk", done: Sequence[Done]) -> None:
    for one in done:
        again = " (done before; nothing was done again)" if one.repeated else ""
        for number in one.of("solution"):
            row = desk.solutions.show(number)
            whom = f", for {row.audience}" if row.audience else ""
            output.prose(f"{row.name} {row.title} · {row.confidence}{whom}{again}")


def _record(desk: "Desk", done: Done, number: int) -> dict[str, object]:
    row = None if done.dry else desk.solutions.show(number)
    return {
        "id": number,
        "operation": done.operation_id,
        "done": done.kind,
        "tickets": done.tickets,
        "title": row.title if row else None,
        "confidence": row.confidence if row else None,
        "audience": row.audience if row else None,
        "version": row.version if row else None,
        "worked": row.worked if row else None,
        "failed": row.failed if row else None,
        "changes": [
            {"field": one.field, "before": one.before, "after": one.after}
            for one in done.changes
            if len(done.of("solution")) == 1 or one.ticket_id == number
        ],
        "repeated": done.repeated,
        "dry_run": done.dry,
    }


def register(noun: Noun) -> None:
    """Add the verbs to `deskterm solution`."""
    noun.add(
        ("new", new, "new --ticket 12"),
        ("starter", starter, "starter"),
        ("edit", edit, "edit S12 --tip 'Restart after updates.'"),
        ("review", review, "review S12 --to validated"),
        ("publish", publish, "publish S12 --audience public"),
        ("retire", retire, "retire S12 --reason 'Replaced by S14.'"),
        ("renew", renew, "renew S12"),
    )
