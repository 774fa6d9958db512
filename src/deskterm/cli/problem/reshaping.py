"""`deskterm problem merge`, `split`, `export`, `measure`: one, or two, elsewhere, how they end."""

from typing import TYPE_CHECKING, Annotated

from deskterm.cli import output
from deskterm.cli.change import ACROSS, Call, asking, changing, changing_with, reading
from deskterm.cli.nouns import Noun
from deskterm.cli.options import Argument, Option
from deskterm.cli.session import opened
from deskterm.cli.targets import all_numbers
from deskterm.domain.problems import number_of

if TYPE_CHECKING:
    from deskterm.bootstrap import Desk
    from deskterm.reports.problem_page import ProblemPage


Id = Annotated[str, Argument(metavar="P7")]
_COLUMNS = (
    *("id", "title", "state", "severity", "product", "found", "fixed", "cause", "workaround"),
    *("reproduction", "model", "os", "site", "category", "owner", "effort", "measure"),
    *("measure_owner", "measure_on", "measure_cost", "reason", "people", "created_at"),
)


def register(noun: Noun) -> None:
    """Add the verbs to the noun."""
    noun.verb("merge", "deskterm problem merge P8 --into P7")(merge)
    noun.verb("split", "deskterm problem split P7 --tickets 'printer' --title 'Spooler'")(split)
    noun.verb("export", "deskterm problem export P7 --markdown")(export)
    noun.verb("measure", "deskterm problem measure P7 --kind training --on 2026-12-24")(measure)


@changing_with(ACROSS)
def merge(
    call: Call,
    id_: Id,
    into: Annotated[str, Option("--into", metavar="P7", help="The one that stays.")],
) -> None:
    """Let two problems be one: tickets, promises and planned releases go to the one that stays."""
    from deskterm.cli.problem import tell_of

    with opened() as desk:
        done = desk.problems.merge(number_of(id_), number_of(into), asking(call))
        tell_of(desk, done, call)


@changing
def split(
    call: Call,
    id_: Id,
    tickets: Annotated[
        str, Option("--tickets", metavar="QUERY", help="Which of its tickets: a query, or #12,#14.")
    ],
    title: Annotated[str, Option(help="What the other problem is called.")],
) -> None:
    """Make some of its tickets a problem of their own."""
    from deskterm.cli.problem import tell_of

    number = number_of(id_)
    with opened() as desk:
        found = _tickets(desk, number, tickets)
        tell_of(desk, desk.problems.split(number, found, title, asking(call)), call)


def _tickets(desk: "Desk", number: int, text: str) -> list[int]:
    """Give the tickets of a problem that a list or a query names."""
    if text.strip().lstrip("#")[:1].isdigit():
        return all_numbers(text)
    return [int(one) for one in desk.board.ids(f"is:any problem:P{number} ({text})")]


@reading
def export(
    call: Call,
    ids: Annotated[list[str] | None, Argument(metavar="[P7]...")] = None,
    markdown: Annotated[bool, Option("--markdown", help="A section each, to read.")] = False,
    all_: Annotated[bool, Option("--all", help="Also those that ended.")] = False,
) -> None:
    """Give problems whole: JSON with cost and history, CSV with a line each, or Markdown."""
    from deskterm.reports.problem_page import as_markdown, record

    with opened() as desk:
        named = [number_of(one) for one in ids or ()]
        found = named or [row.id for row in desk.problems.list(ended=all_)]
        pages = [desk.problems.page(one) for one in found]
    if markdown:
        output.text("\n".join(map(as_markdown, pages)))
        return
    rows = [{**record(page), "id": f"P{page.view.id}"} for page in pages]
    output.many(rows, _COLUMNS, call.output)


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
    _measured(page, call)


def _measured(page: "ProblemPage", call: Call) -> None:
    """Show how a problem ends, with what it has cost by month."""
    from deskterm.reports.problem_page import cost_lines
    from deskterm.reports.problem_page import measure as words

    if output.chosen(call.output) in ("json", "jsonl"):
        view = page.view._asdict()
        names = ("id", "measure", "measure_owner", "measure_on", "measure_cost")
        output.one({name: view[name] for name in names} | page.bill.record(), call.output)
        return
    output.prose(f"P{page.view.id} {page.view.title}: {words(page) or 'no measure yet'}")
    for line in cost_lines(page):
        output.prose(line)
