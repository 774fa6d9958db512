"""`deskterm problem measure`: how a problem ends, who does it, when, for how much (F6)."""

from typing import Annotated

from deskterm.cli import output
from deskterm.cli.change import Call, asking, changing
from deskterm.cli.nouns import Noun
from deskterm.cli.options import Argument, Option
from deskterm.cli.session import opened
from deskterm.domain.problems import number_of


def register(noun: Noun) -> None:
    """Add the verb to the noun."""
    noun.verb("measure", "deskterm problem measure P7 --kind training --on 2026-12-24")(measure)


@changing
def measure(
    call: Call,
    id_: Annotated[str, Argument(metavar="P7")],
    kind: Annotated[
        str,
        Option(help="release, configuration, replacement, training, words or wont_fix"),
    ] = "",
    owner: Annotated[str | None, Option(help="Who carries it out.")] = None,
    on: Annotated[str | None, Option(help="The day it is meant for: 2026-12-24.")] = None,
    cost: Annotated[str | None, Option(help="What it costs, in the desk's money.")] = None,
    taken: Annotated[bool, Option("--taken", help="It was carried out.")] = False,
    because: Annotated[str, Option(help="Why it will not be fixed.")] = "",
) -> None:
    """Say how a problem ends, or show that with what the problem has cost by month.

    The cost counts tickets, people, hours of technicians (guide runs), and business hours in which
    people could not work, where that was asked; in money by the settings `cost.…`.
    """
    from deskterm.cli.problem import tell_of
    from deskterm.domain.problems import measured
    from deskterm.reports.problem_page import cost_lines, measure

    number = number_of(id_)
    facts = {"owner": owner, "on": on, "cost": cost}
    given = {name: value for name, value in facts.items() if value is not None}
    with opened() as desk:
        page = desk.problems.page(number)
        if kind or given or taken:
            asked = {"kind": kind or page.view.measure, "because": because, **given}
            values, wont = measured(page.view.state, asked, taken=taken)
            how = asking(call)
            if wont:
                because = values["reason"]
                done = desk.problems.close(number, "wont_fix", because=because, how=how)
            else:
                done = desk.problems.set(number, values, how=how)
            tell_of(desk, done, call)
            return
    if output.chosen(call.output) in ("json", "jsonl"):
        view = page.view._asdict()
        names = ("id", "measure", "measure_owner", "measure_on", "measure_cost")
        output.one({name: view[name] for name in names} | page.bill.record(), call.output)
        return
    output.prose(f"P{number} {page.view.title}: {measure(page) or 'no measure yet'}")
    for line in cost_lines(page):
        output.prose(line)
