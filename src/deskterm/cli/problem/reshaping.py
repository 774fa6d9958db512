"""`deskterm problem merge`, `split`, `export`: problems that are one, or two, or go elsewhere."""

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
