"""`deskterm guide stats`: how guides do in use, and what would make them better."""

from typing import TYPE_CHECKING, Annotated

from deskterm.cli import output
from deskterm.cli.change import Call, reading
from deskterm.cli.errors import say
from deskterm.cli.nouns import Noun
from deskterm.cli.options import Argument
from deskterm.cli.session import opened

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deskterm.reports.sheet import Cell, Sheet
    from deskterm.services.guides.insight import Coverage, GuideInsight

_RECORD = ("id", "title", "version", "runs", "fixed", "given_up", "escalated", "seconds")
_QUESTION = ("guide", "node", "visits", "answers", "skipped", "taken_back", "given_up", "seconds")
_ENDING = ("guide", "node", "ending", "early", "ended", "fixed")
_COLUMNS = ("id", "version", "runs", "fixed", "given_up", "escalated", "seconds", "title")


@reading
def stats(call: Call, id_: Annotated[str | None, Argument(metavar="[ID]")] = None) -> None:
    """Show how guides do: fixed, given up, escalated; with an ID every question and ending.

    Rates have the number of cases and a 95 % interval; a fix counts where the ticket was not
    reopened within 14 days. Proposals need thirty runs.
    """
    with opened() as desk:
        if id_ is None:
            _overview(desk.insight.guides(), call)
        else:
            _one(desk.insight.guide(id_), call)


def register(noun: Noun) -> None:
    """Add the verb to `deskterm guide`."""
    noun.verb("stats", "deskterm guide stats vpn")(stats)


def _overview(coverage: "Coverage", call: Call) -> None:
    exact = output.chosen(call.output) in ("json", "jsonl")
    sheet = coverage.sheet
    rows = sheet.records(_RECORD) if exact else sheet.texts(_COLUMNS)
    output.many(rows, _COLUMNS, call.output)
    if coverage.uncovered and not exact:
        say(f"No guide for: {', '.join(coverage.uncovered)}.")


def _one(found: "GuideInsight", call: Call) -> None:
    from deskterm.guides.proposals import sentences
    from deskterm.services.guides import insight

    parts = (
        insight.versions(found.versions),
        insight.questions(found.usage, found.guide.id),
        insight.endings(found.usage, found.guide.id),
    )
    whole = insight.figures(found.usage)
    if output.chosen(call.output) in ("json", "jsonl"):
        output.one(_record(found, whole, parts), call.output)
        return
    output.prose(f"{found.guide.title} ({found.guide.id}), {found.usage.runs} runs\n")
    for name in insight.FIGURES[1:]:
        output.prose(f"  {name.replace('_', ' '):<10} {whole[name].text}")
    for sheet in parts:
        output.prose(f"\n{sheet.title}")
        for row in sheet.rows:
            output.prose(f"  {row.told[0]}")
    output.prose("\nWhat fixed it")
    for line in found.ends():
        output.prose(f"  {line}")
    output.prose("\nProposals")
    for line in sentences(found.asks, found.orders):
        output.prose(f"  {line}")


def _record(
    found: "GuideInsight", whole: "Mapping[str, Cell]", parts: "tuple[Sheet, Sheet, Sheet]"
) -> dict[str, object]:
    versions, questions, endings = parts
    return {
        "id": found.guide.id,
        "title": found.guide.title,
        "version": found.guide.version,
        **{name: cell.value for name, cell in whole.items()},
        "versions": versions.records(("version", *whole)),
        "questions": questions.records(_QUESTION),
        "endings": endings.records(_ENDING),
        "asks": [ask._asdict() for ask in found.asks],
        "orders": [order._asdict() for order in found.orders],
        "never_reached": list(found.never),
        "unreadable": found.unreadable,
    }
