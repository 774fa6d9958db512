"""`deskterm offer …`: what is promised, to whom and since when; published for its customers."""

from pathlib import Path
from typing import Annotated

from deskterm import disk
from deskterm.cli import output
from deskterm.cli.change import Call, reading
from deskterm.cli.errors import say
from deskterm.cli.nouns import Noun
from deskterm.cli.options import Option
from deskterm.cli.records import register
from deskterm.cli.session import opened
from deskterm.domain.record_table import RECORDS

noun = Noun("offer", RECORDS["offer"].about)


@noun.verb("publish", "deskterm offer publish --to offer.md")
@reading
def publish(
    call: Call,
    to: Annotated[
        Path | None, Option("--to", metavar="FILE", help="Write it there; else it is printed.")
    ] = None,
    organisation: Annotated[
        str, Option("--organisation", metavar="NAME", help="With the contracts of that client.")
    ] = "",
    language: Annotated[str, Option("--language", metavar="en|de", help="Else the desk's.")] = "",
) -> None:
    """Give the offer that is in force today as Markdown, in the customers' words.

    Contracts are in it only for the client they are with.
    """
    with opened() as desk:
        text = desk.offers.markdown(organisation, language)
    if to is None:
        if output.chosen(call.output) in ("json", "jsonl"):
            output.one({"markdown": text}, call.output, columns=("markdown",))
        else:
            output.prose(text)
        return
    disk.write(to, text.encode(), replace=True, mode=0o644)
    say(f"The offer is in {to}.")


@noun.verb("prune", "deskterm offer prune --period last-quarter")
@reading
def prune(
    call: Call,
    period: Annotated[
        str, Option("--period", "-p", metavar="P", help="90d, last-quarter, 2026, a range.")
    ] = "90d",
) -> None:
    """Show each service with its use, and what is proposed: seldom used, costly, below target.

    The limits are settings (`settings list offer`). Each proposal is for the review board to
    decide; nothing is changed. JSON and CSV have exact values: shares from 0 to 1, seconds worked.
    """
    with opened() as desk:
        desk.figures.catch_up()
        sheet = desk.offers.pruned(period)
    from deskterm.reports.pruning import COLUMNS

    kind = output.chosen(call.output)
    rows = sheet.records(COLUMNS) if kind in ("json", "jsonl") else sheet.texts(COLUMNS)
    if kind == "csv":
        rows = [{name: row.cells[name].plain for name in COLUMNS} for row in sheet.rows]
    output.many(rows, COLUMNS, call.output)
    for row in sheet.rows:
        for one in row.told:
            say(f"{row.cells['service'].text}: {one}.")
    say(f"{sheet.title}: for the review board to decide.")


register(noun)
