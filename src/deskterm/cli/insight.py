"""`deskterm insight …`: how the desk works, in figures of processes and never of people."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

from deskterm.cli import output
from deskterm.cli.change import Call, reading
from deskterm.cli.completing import query_words
from deskterm.cli.errors import say
from deskterm.cli.nouns import Noun
from deskterm.cli.options import Option
from deskterm.cli.session import opened

if TYPE_CHECKING:
    from deskterm.reports.sheet import Sheet

noun = Noun("insight", "How the desk works: the nine steps, what goes wrong, who reports well.")
Since = Annotated[str, Option("--since", metavar="SPAN", help="How far back: 30d, 12w, 1y.")]
Wanted = Annotated[
    str,
    Option(
        "--query", "-q", metavar="Q", help="Only what a query finds.", autocompletion=query_words
    ),
]
_STEPS = ("step", "done", "skipped", "open", "gone_back", "median", "p90", "reasons")
_MISTAKES = ("what", "seen", "mistake", "helps")
_CUSTOMERS = ("what", "customer", "share", "no_question", "reproduced", "about", "tickets")
_STEP_RECORD = ("number", "step", "done", "skipped", "open", "gone_back", "median", "p90", "timed",
                "reasons", "tickets")  # fmt: skip
_MISTAKE_RECORD = ("number", "step", "mistake", "what", "helps", "seen", "categories", "tickets")
_CUSTOMER_RECORD = ("person", "name", "complete", "reproduced", "no_question", "helped_themselves",
                    "tickets")  # fmt: skip
_AGAIN_RECORD = ("person", "name", "category", "subject", "tickets", "words", "last")
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
    from deskterm.reports.sheets import step_sheet

    _rows(step_sheet(found.steps), _STEP_RECORD, _STEPS, call.output)
    _tell_rest(found.tickets, found.missing, since)


@noun.verb("mistakes", "deskterm insight mistakes --since 90d -o json")
@reading
def mistakes(call: Call, since: Since = "30d", query: Wanted = "") -> None:
    """Show the named ways in which the nine steps went wrong, and what helps.

    From the ledger of the tickets closed in the period: a place to improve the process, and no
    list of people. JSON has every ticket with the reason.
    """
    with opened() as desk:
        held = output.chosen(call.output) in HELD
        found = desk.insight.mistakes(since, query, whys=held)
    from deskterm.reports.sheets import mistake_sheet

    _rows(mistake_sheet(found.mistakes), _MISTAKE_RECORD, _MISTAKES, call.output, below="helps")
    _tell_rest(found.tickets, found.missing, since)


@noun.verb("customers", "deskterm insight customers --since 1y")
@reading
def customers(call: Call, since: Since = "90d", query: Wanted = "") -> None:
    """Show who reports best, who helps themselves well, who has the same trouble again.

    It is there to help: to thank, and to end for good what keeps coming back. From two reports
    on; the same trouble is alike, in one category, each within 90 days of the last.
    """
    with opened() as desk:
        found = desk.insight.customers(since, query)
    from deskterm.reports import sheets
    from deskterm.reports.customers import PURPOSE

    best, helped = sheets.best_sheet(found.best), sheets.helped_sheet(found.helped)
    again = sheets.again_sheet(found.again)
    if output.chosen(call.output) in HELD:
        record = {
            "reports": found.reports,
            "best": best.records(_CUSTOMER_RECORD),
            "helped": helped.records(_CUSTOMER_RECORD),
            "again": again.records(_AGAIN_RECORD),
        }
        output.one(record, call.output)
        return
    say(PURPOSE)
    lines = [line for one in (best, helped, again) for line in one.texts(_CUSTOMERS)[:_MOST]]
    output.many(lines, _CUSTOMERS, call.output)
    if not lines:
        say(f"No customer has reported twice in the last {since}; try a longer --since.")


def _tell_rest(tickets: int, missing: int, since: str) -> None:
    """Say what the figures lack."""
    if missing:
        say(f"{missing:,} tickets are still to be counted: an open board or `deskterm work` "
            "does it.")  # fmt: skip
    elif not tickets:
        say(f"No ticket was closed in the last {since}; try a longer --since.")


def _rows(
    sheet: "Sheet",
    held: Sequence[str],
    shown: Sequence[str],
    format_: str | None,
    below: str = "",
) -> None:
    """Print a sheet: exact values where a program reads them, else words."""
    exact = output.chosen(format_) in HELD
    rows = sheet.records(held) if exact else sheet.texts(shown)
    output.many(rows, shown, format_, below=below)
