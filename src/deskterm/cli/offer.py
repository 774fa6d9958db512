"""`deskterm offer …`: what is promised, to whom and since when; published for its customers."""

from pathlib import Path
from typing import Annotated

from deskterm import disk
from deskterm.cli import output
from deskterm.cli.audience import shown_first, written
from deskterm.cli.change import Call, asking, changing, reading
from deskterm.cli.errors import say
from deskterm.cli.nouns import Noun
from deskterm.cli.options import Argument, Option
from deskterm.cli.record import changed
from deskterm.cli.records import register
from deskterm.cli.session import opened
from deskterm.domain.errors import UsageError
from deskterm.domain.record_table import RECORDS

noun = Noun("offer", RECORDS["offer"].about)


@noun.verb("publish", "deskterm offer publish --to 'org:Acme' --dry-run")
@changing
def publish(
    call: Call,
    to: Annotated[
        str, Option("--to", metavar="QUERY", help="Write it to these people: everyone, site:Leeds.")
    ] = "",
    file: Annotated[
        Path | None, Option("--file", metavar="FILE", help="Write it there; else it is printed.")
    ] = None,
    organisation: Annotated[
        str, Option("--organisation", metavar="NAME", help="With the contracts of that client.")
    ] = "",
    language: Annotated[str, Option("--language", metavar="en|de", help="Else the desk's.")] = "",
) -> None:
    """Give the offer that is in force today, in the customers' words: as Markdown, or by letter.

    With --to each reads what is offered to them, in their language, once: who it is comes first.
    Contracts are in it only for the client they are with.
    """
    if to and _is_file(to):
        say("--to names people: for a file say --file. It is taken as one until the next release.")
        to, file = "", Path(to)
    if to and (file or organisation or language):
        raise UsageError("--to goes alone: each reads what is for them, in their language.")
    with opened() as desk:
        if to:
            shown_first(desk, desk.offers.audience(to), call)
            written(desk.offers.tell(to, asking(call)), call)
            return
        text = desk.offers.markdown(organisation, language)
    if file is None:
        if output.chosen(call.output) in ("json", "jsonl"):
            output.one({"markdown": text}, call.output, columns=("markdown",))
        else:
            output.prose(text)
    elif call.dry_run:
        say(f"The offer would be in {file}.")
    else:
        disk.write(file, text.encode(), replace=True, mode=0o644)
        say(f"The offer is in {file}.")


def _is_file(text: str) -> bool:
    """Tell whether it is a file's name, as scripts gave it before --file."""
    return text.endswith((".md", ".txt")) or text.startswith(("/", "./", "../"))


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
            decided = row.cells["decided"].text
            say(f"{row.cells['service'].text}: {one}{f' ({decided})' if decided else ''}.")
    say(f"{sheet.title}: `offer decide SERVICE accept|decline` keeps what was decided.")


@noun.verb("decide", "deskterm offer decide Fax decline --reason 'one plant has nothing else'")
@changing
def decide(
    call: Call,
    service: Annotated[str, Argument(metavar="SERVICE")],
    answer: Annotated[str, Argument(metavar="accept|decline")],
    reason: Annotated[str, Option("--reason", metavar="TEXT", help="Why, in a sentence.")] = "",
    period: Annotated[
        str, Option("--period", "-p", metavar="P", help="Of which the proposal is.")
    ] = "90d",
) -> None:
    """Keep what was decided on what `prune` proposes of a service; nothing else is changed.

    It stands among the decisions (`decision list`), with the numbers behind it.
    """
    if answer not in ("accept", "decline"):
        raise UsageError(f"{answer[:40]!r}? Say accept or decline.")
    changed(
        call,
        lambda desk, how: desk.offers.decide(
            service, accept=answer == "accept", why=reason, when=period, how=how
        ),
        f"{service}: {'accepted' if answer == 'accept' else 'declined'}",
    )


register(noun)
