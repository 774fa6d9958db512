"""`deskterm insight …`: how the desk works, in figures of processes and never of people."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from deskterm.cli import output
from deskterm.cli.change import Call, reading
from deskterm.cli.completing import query_words
from deskterm.cli.errors import say
from deskterm.cli.nouns import Noun
from deskterm.cli.session import opened

if TYPE_CHECKING:
    from deskterm.reports.steps import StepFigures

noun = Noun("insight", "How the desk works: the nine steps, what goes wrong, who reports well.")
Since = Annotated[str, typer.Option("--since", metavar="SPAN", help="How far back: 30d, 12w, 1y.")]
Wanted = Annotated[
    str,
    typer.Option(
        "--query", "-q", metavar="Q", help="Only what a query finds.", autocompletion=query_words
    ),
]
_STEPS = ("step", "done", "skipped", "open", "gone_back", "median", "p90", "reasons")
HELD = ("json", "jsonl")


@noun.verb("steps", "deskterm insight steps --since 90d --query category:network")
@reading
def steps(call: Call, since: Since = "30d", query: Wanted = "") -> None:
    """Show how often each of the nine steps is done, skipped, left open and gone back to.

    Of the tickets closed in the period, as they were at their last closing; without merged,
    cancelled and imported ones, spam and duplicates. Rates have n and a 95 % interval; times run
    from the opening to the step, nights and weekends too. JSON names the tickets.
    """
    with opened() as desk:
        found = desk.insight.steps(since, query)
    shown = _step_record if output.chosen(call["output_"]) in HELD else _step_line
    output.many([shown(one) for one in found.steps], _STEPS, call["output_"])
    if not found.tickets:
        say(f"No ticket was closed in the last {since}; try a longer --since.")


def _step_record(one: "StepFigures") -> dict[str, Any]:
    return {
        "number": one.number,
        "step": str(one.step),
        "done": one.share(one.done).record,
        "skipped": one.share(one.skipped).record,
        "open": one.share(one.open).record,
        "gone_back": one.share(one.back).record,
        "median": one.times.median,
        "p90": one.times.p90,
        "timed": one.times.n,
        "reasons": dict(one.reasons.most_common(5)),
        "tickets": {"skipped": one.skipped, "open": one.open, "gone_back": one.back},
    }


def _step_line(one: "StepFigures") -> dict[str, Any]:
    reason = next(iter(one.reasons.most_common(1)), None)
    return {
        "step": f"{one.number} {one.step}",
        "done": one.share(one.done).text,
        "skipped": one.share(one.skipped).text,
        "open": one.share(one.open).text,
        "gone_back": one.share(one.back).text,
        "median": duration(one.times.median),
        "p90": duration(one.times.p90),
        "reasons": f"{reason[0]} ({reason[1]})" if reason else "",
    }


def duration(seconds: float | None) -> str:
    """Give `40 min`, `3.5 h` or `2.1 d`; a dash where nothing is known."""
    if seconds is None:
        return "-"
    if seconds < 5400:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h" if seconds < 172800 else f"{seconds / 86400:.1f} d"
