"""`deskterm register|decision …`: what is done to improve, whether it worked; what is decided."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from deskterm.cli import output
from deskterm.cli.change import Call, changing, reading
from deskterm.cli.errors import say
from deskterm.cli.figures import When
from deskterm.cli.nouns import Noun
from deskterm.cli.options import Argument, Option
from deskterm.cli.record import changed
from deskterm.cli.records import register
from deskterm.cli.session import opened
from deskterm.domain.record_table import RECORDS

if TYPE_CHECKING:
    from deskterm.reports.pack import Pack

noun = Noun("register", RECORDS["improvement"].about)
COLUMNS = ("name", "owner", "figure", "before", "after", "target", "until", "verdict")
EXACT = (
    *("id", "name", "owner", "figure", "filter", "client", "target", "from", "until"),
    *("before", "after", "verdict", "target_reached", "says"),
)


_CATCH_UP = 60.0
"""Seconds in which a pack lets be counted what is not counted yet: it is read by many."""
OfClient = Annotated[
    str, Option("--client", metavar="NAME", help="Of this client alone, for its people to read.")
]


@noun.verb("list", "deskterm register list")
@reading
def list_(call: Call, client: OfClient = "") -> None:
    """List the actions: their figure before and since, and whether it worked.

    An action is measured from its first to its last day, beside as many days before. It is better
    or worse only where the 95 % intervals of both part; until its last day it is too early.
    With --client its own: those of which `register set NAME --client Clinic` was said.
    """
    with opened() as desk:
        desk.figures.catch_up()
        found = desk.figures.register.list(client)
    if output.chosen(call.output) in ("json", "jsonl", "csv"):
        output.many([one.record for one in found], EXACT, call.output)
        return
    rows = [
        {
            **one.record,
            "owner": f"{one.owner} (left)" if one.left else one.owner,
            "before": one.before_words,
            "after": one.after_words,
        }
        for one in found
    ]
    output.many(rows, COLUMNS, call.output)


@noun.verb("show", "deskterm register show 'Toner is on every floor'")
@reading
def show(
    call: Call,
    name: Annotated[str, Argument(metavar="NAME")],
    tickets: Annotated[
        bool, Option("--tickets", help="The numbers of the tickets it is measured by.")
    ] = False,
) -> None:
    """Show an action: what is done, by whom, the figure before and since, what that says."""
    with opened() as desk:
        desk.figures.catch_up()
        one = desk.figures.register.show(name)
        if tickets:
            output.many([{"id": number} for number in desk.figures.register.tickets(name)], ("id",),
                        call.output)  # fmt: skip
            return
    if output.chosen(call.output) in ("json", "jsonl", "csv"):
        output.one(one.record, call.output, columns=EXACT)
        return
    left = " (left: name another owner)" if one.left else ""
    facts = (
        ("Action", one.name),
        ("What", one.words),
        ("Owner", f"{one.owner}{left}"),
        ("Figure", f"{one.title}{f' of {one.query}' if one.query else ''}"),
        ("Client", one.client),
        ("Measured", f"{one.first_day} to {one.last_day}, beside as many days before"),
        ("Target", one.target),
        ("Verdict", one.verdict.word),
        ("", one.verdict.sentence),
    )
    for label, words in facts:
        if words:
            output.prose(f"{label:<10}{words}")


register(noun, "improvement")


decision = Noun("decision", RECORDS["decision"].about)
DECIDED = ("id", "name", "asker", "asked", "answer", "taken_by", "taken", "follows")


@decision.verb("list", "deskterm decision list")
@reading
def list_decisions(
    call: Call,
    open_: Annotated[bool, Option("--open", help="Only what is still asked.")] = False,
) -> None:
    """List what the review board is asked, then what it decided, the newest first."""
    with opened() as desk:
        found = desk.figures.register.decisions()
    rows = [one._asdict() for one in found if not (open_ and one.answer)]
    output.many(rows, DECIDED, call.output)


@decision.verb("take", "deskterm decision take 'A second printer' --answer 'Yes, in May.'")
@changing
def take(
    call: Call,
    name: Annotated[str, Argument(metavar="NAME")],
    answer: Annotated[str, Option("--answer", metavar="TEXT", help="What was decided.")],
    by: Annotated[str, Option("--by", metavar="WHO", help="Who decided it.")] = "",
    on: Annotated[str, Option("--on", metavar="DAY", help="When; else today.")] = "",
    follows: Annotated[
        str, Option("--follows", metavar="ACTION", help="The action of the register that follows.")
    ] = "",
) -> None:
    """Record what the review board decided: by whom, when, and what follows from it."""
    given = {"answer": answer, "taken_by": by or "the review board"}
    given |= {"taken": on} if on else {}
    given |= {"follows": follows} if follows else {}
    with opened() as desk:
        desk.records.show("decision", name)
    changed(
        call,
        lambda desk, how: desk.records.set("decision", name, given, how),
        f"Decision {name} is taken",
    )


register(decision)


board_pack = Noun(
    "board-pack", "What the review board gets before it meets: one page for a period."
)


@board_pack.verb("", "deskterm board-pack --period last-quarter --to review.html")
@reading
def print_pack(
    call: Call,
    period: When = "last-quarter",
    to: Annotated[
        Path | None,
        Option("--to", metavar="FILE", help="Write it there: .html or .md; else it is printed."),
    ] = None,
    client: OfClient = "",
) -> None:
    """Give the pack of the review board: HTML that prints well, or Markdown.

    Figures against targets beside the period before, what was improved and whether it worked,
    voices of customers (named only with their consent), the problems that cost most, decisions
    asked for and taken. Without --to it is Markdown on standard output; -o json has the values.
    With --client there is nothing of another client in it, nor what is the desk's alone.
    """
    with opened() as desk:
        desk.figures.catch_up(_CATCH_UP)
        if to is not None:
            desk.figures.write_pack(period, to, client)
            say(f"The pack is in {to}.")
            return
        pack = desk.figures.pack(period, client)
    if output.chosen(call.output) in ("json", "jsonl", "csv"):
        record = _record(pack)
        output.one(record, call.output, columns=tuple(record))
        return
    from deskterm.reports.pack_page import markdown_pack

    output.prose(markdown_pack(pack).rstrip())


def _record(pack: "Pack") -> dict[str, object]:
    from deskterm.reports.figure_sheet import COLUMNS, figure_sheet
    from deskterm.reports.pack import five_lines, suggested
    from deskterm.reports.pruning import COLUMNS as SERVICE

    columns = [one for one in COLUMNS if one != "part"]
    return {
        "period": pack.shown.period.name,
        "client": pack.client,
        "before": pack.shown.other.name if pack.shown.other else "",
        "zone": str(pack.shown.period.zone),
        "lines": dict(five_lines(pack)),
        "figures": figure_sheet("", pack.shown.rows).records(columns),
        "actions": [one.record for one in pack.actions],
        "ratings": [{"rating": one.rating, "words": one.words} for one in pack.voices],
        "feedback": [one._asdict() for one in pack.feedback],
        "problems": [{**one._asdict(), "cost": one.cost._asdict()} for one in pack.problems],
        "services": [{name: row.cells[name].value for name in SERVICE} for row in pack.services],
        "asked": [one._asdict() for one in pack.asked],
        "suggested": [{"question": one, "because": why} for one, why in suggested(pack)],
        "taken": [one._asdict() for one in pack.taken],
        "members": [one._asdict() for one in pack.members],
    }
