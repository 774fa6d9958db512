"""`deskterm insight …`: how the desk works, in figures of processes and never of people."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from deskterm.cli import output
from deskterm.cli.change import Call, reading
from deskterm.cli.completing import query_words
from deskterm.cli.errors import say
from deskterm.cli.nouns import Noun
from deskterm.cli.session import opened

if TYPE_CHECKING:
    from deskterm.reports.customers import Customer
    from deskterm.reports.mistakes import MistakeFigures
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
_MISTAKES = ("step", "mistake", "seen", "categories", "tickets", "helps")
_CUSTOMERS = ("what", "customer", "share", "no_question", "reproduced", "about", "tickets")
_MOST = 10
"""Lines of each kind that people see; JSON has all."""
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


@noun.verb("mistakes", "deskterm insight mistakes --since 90d -o json")
@reading
def mistakes(call: Call, since: Since = "30d", query: Wanted = "") -> None:
    """Show the named ways in which the nine steps went wrong, and what helps.

    From the ledger of the tickets closed in the period: a place to improve the process, and no
    list of people. JSON has every ticket with the reason.
    """
    with opened() as desk:
        found = desk.insight.mistakes(since, query)
    shown = _mistake_record if output.chosen(call["output_"]) in HELD else _mistake_line
    output.many([shown(one) for one in found.mistakes], _MISTAKES, call["output_"])
    if not found.tickets:
        say(f"No ticket was closed in the last {since}; try a longer --since.")


@noun.verb("customers", "deskterm insight customers --since 1y")
@reading
def customers(call: Call, since: Since = "90d", query: Wanted = "") -> None:
    """Show who reports best, who helps themselves well, who has the same trouble again.

    It is there to help: to thank, and to end for good what keeps coming back. From two reports
    on; the same trouble is alike, in one category, each within 90 days of the last.
    """
    with opened() as desk:
        found = desk.insight.customers(since, query)
    if output.chosen(call["output_"]) in HELD:
        record = {
            "reports": found.reports,
            "best": [_customer_record(one) for one in found.best],
            "helped": [_customer_record(one) for one in found.helped],
            "again": [one._asdict() for one in found.again],
        }
        output.one(record, call["output_"])
        return
    from deskterm.reports.customers import PURPOSE

    say(PURPOSE)
    lines = [_customer_line("reports best", one) for one in found.best[:_MOST]]
    lines += [_customer_line("helps themselves", one) for one in found.helped[:_MOST]]
    for one in found.again[:_MOST]:
        about = f"{one.category}: {one.subject}"
        told = {"what": "same again", "customer": one.name, "share": f"{len(one.tickets)} times"}
        lines.append(told | {"about": about, "tickets": _numbers(one.tickets)})
    output.many(lines, _CUSTOMERS, call["output_"])
    if not lines:
        say(f"No customer has reported twice in the last {since}; try a longer --since.")


def _mistake_record(one: "MistakeFigures") -> dict[str, Any]:
    mistake = one.mistake
    return {
        "number": one.number,
        "step": str(mistake.step),
        "mistake": mistake.name,
        "what": mistake.what,
        "helps": mistake.helps,
        "seen": one.share.record,
        "categories": dict(one.categories.most_common()),
        "tickets": [seen._asdict() for seen in one.seen],
    }


def _mistake_line(one: "MistakeFigures") -> dict[str, Any]:
    return {
        "step": f"{one.number} {one.mistake.step}",
        "mistake": one.mistake.name,
        "seen": one.share.text,
        "categories": ", ".join(f"{name} {n}" for name, n in one.categories.most_common(2)),
        "tickets": _numbers(one.tickets),
        "helps": one.mistake.helps,
    }


def _customer_record(one: "Customer") -> dict[str, Any]:
    return {
        "person": one.person,
        "name": one.name,
        "complete": one.complete.record,
        "reproduced": one.reproduced.record,
        "no_question": one.no_question.record,
        "helped_themselves": one.helped_themselves.record,
        "tickets": one.tickets,
    }


def _customer_line(what: str, one: "Customer") -> dict[str, Any]:
    share = one.complete if what == "reports best" else one.helped_themselves
    return {
        "what": what,
        "customer": one.name,
        "share": share.text,
        "no_question": one.no_question.text,
        "reproduced": one.reproduced.text,
        "about": "",
        "tickets": _numbers(one.tickets),
    }


def _numbers(tickets: Sequence[int]) -> str:
    more = f" and {len(tickets) - 5} more" if len(tickets) > 5 else ""
    return " ".join(f"#{one}" for one in tickets[:5]) + more


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
    from deskterm.reports.steps import duration

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
