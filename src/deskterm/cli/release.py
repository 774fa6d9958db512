"""`deskterm release …`: what fixes problems: planned, shipped to whom they hurt, withdrawn."""

from typing import TYPE_CHECKING, Annotated

from deskterm.cli import output
from deskterm.cli.change import ACROSS, Call, asking, changing, changing_with, reading
from deskterm.cli.errors import say
from deskterm.cli.nouns import Noun
from deskterm.cli.options import Argument, Option
from deskterm.cli.progress import Bar
from deskterm.cli.records import register
from deskterm.cli.session import opened
from deskterm.cli.targets import asked_first
from deskterm.domain.releases import SILENT
from deskterm.domain.rows import Done

if TYPE_CHECKING:
    from deskterm.bootstrap import Desk
    from deskterm.domain.releases import Heard, Plan, ReleaseRow

noun = Noun("release", "What fixes problems: planned, shipped to whom they hurt, answered.")
COLUMNS = (
    *("id", "name", "state", "problems", "planned_at", "shipped_at", "told", "works", "broken"),
    "silent",
)
Name = Annotated[str, Argument(metavar="NAME")]


@noun.verb("list", "deskterm release list -o json")
@reading
def list_(call: Call) -> None:
    """List the releases, the newest first, with who was told and what they answered."""
    with opened() as desk:
        rows = desk.releases.list()
    output.many([_record(row) for row in rows], COLUMNS, call.output)


@noun.verb("show", "deskterm release show 'Router 2.4' -o json")
@reading
def show(call: Call, name: Name) -> None:
    """Show a release: what it fixes, who was told, for whom it works, who is silent."""
    with opened() as desk:
        found = desk.releases.plan(name)
    people = found.people
    if output.chosen(call.output) in ("json", "jsonl"):
        told = [_heard(one) for one in people if one.at is not None]
        output.one({**_record(found.release), "people": told}, call.output)
        return
    for label, words in _page(found.release):
        output.prose(f"{label:<12}{words}")
    for one in people[:200]:
        output.prose(f"{one.stand:<18}{one.name}{': ' if one.reason else ''}{one.reason}")


@noun.verb("plan", "deskterm release plan 'Router 2.4'")
@reading
def plan(call: Call, name: Name) -> None:
    """Show what shipping would do: the words, who is told and why, who is not, what is solved."""
    with opened() as desk:
        found = desk.releases.plan(name)
    people = [one._asdict() for one in found.recipients]
    if output.chosen(call.output) == "table":
        _tell_plan(found)
        return
    if output.chosen(call.output) in ("json", "jsonl"):
        record = {**_record(found.release), "words": found.words, "solves": found.solves}
        output.one({**record, "recipients": people}, call.output)
        return
    columns = ("person_id", "name", "address", "tickets", "reason", "status")
    output.many(people, columns, call.output)


@noun.verb("ship", "deskterm release ship 'Router 2.4' --dry-run")
@changing_with(ACROSS)
def ship(call: Call, name: Name) -> None:
    """Ship it: open tickets are solved by it, each person it hurt is told once and asked back."""
    with opened() as desk:
        found = desk.releases.plan(name)
        if not call.dry_run:
            told = len(found.told)
            asked_first(
                desk,
                max(told, len(found.solves)),
                call,
                f"telling {told} people and solving {len(found.solves)} tickets",
            )
        bar = Bar("Solving", len(found.solves))
        done = desk.releases.ship(name, asking(call), bar.show)
        bar.end()
        _told(desk, done, call, name)


@noun.verb("withdraw", "deskterm release withdraw 'Router 2.4' --reason 'It drops calls.'")
@changing
def withdraw(
    call: Call,
    name: Name,
    reason: Annotated[str, Option(help="Why; those who were told are told it.")],
) -> None:
    """Take a shipped release back: its problems are open again, and who was told is told so."""
    with opened() as desk:
        row = desk.releases.show(name)
        asked_first(desk, row.told, call, f"telling {row.told} people that it was taken back")
        _told(desk, desk.releases.withdraw(name, reason, asking(call)), call, name)


def _record(row: "ReleaseRow") -> dict[str, object]:
    problems = [f"P{number}" for number in row.problems]
    return {**row._asdict(), "problems": problems, "silent": row.silent}


def _heard(one: "Heard") -> dict[str, object]:
    answer = "" if one.stand == SILENT else one.stand
    return {**one._asdict(), "answer": answer}


def _page(row: "ReleaseRow") -> list[tuple[str, str]]:
    answers = f"{row.works} works, {row.broken} still broken, {row.silent} silent"
    lines = [
        ("Release", f"{row.name} · {row.state}"),
        ("Fixes", ", ".join(f"P{number}" for number in row.problems)),
        ("Planned", output.when(row.planned_at)),
        ("Shipped", output.when(row.shipped_at)),
        ("Withdrawn", output.when(row.withdrawn_at)),
        ("Told", f"{row.told}: {answers}" if row.told else ""),
        ("Owner", row.owner or ""),
        ("Words", row.words),
        ("How", row.how),
    ]
    return [(label, words) for label, words in lines if words]


def _tell_plan(found: "Plan") -> None:
    for label, words in _page(found.release):
        output.prose(f"{label:<12}{words}")
    if not found.release.words.strip():
        output.prose(f"Draft:\n{found.words}")
    for number, title, state in found.problems:
        output.prose(f"P{number} {title} · {state}")
    output.prose(f"{len(found.told)} are told, {len(found.solves)} open tickets are solved:")
    for one in found.recipients[:200]:
        output.prose(f"{one.status or 'told':<18}{one.name}: {one.reason}")
    if len(found.recipients) > 200:
        output.text(f"… {len(found.recipients)} people in all; -o json names them")


def _told(desk: "Desk", done: Done, call: Call, name: str) -> None:
    if done.dry:
        say(
            f"Nothing was changed; {done.letters} letters would be written, "
            f"{len(done.tickets)} tickets solved."
        )
        return
    row = desk.releases.show(name)
    if output.chosen(call.output) in ("json", "jsonl"):
        record = {"operation": done.operation_id, "letters": done.letters, "tickets": done.tickets}
        output.one({**_record(row), **record}, call.output)
    else:
        again = " (done before)" if done.repeated else ""
        output.prose(f"{row.name} · {row.state} · {row.told} told{again}")
    for note in done.notes:
        say(note)
    if done.letters:
        say(f"{done.letters} letter(s); `deskterm undo` takes it back.")


register(noun)
