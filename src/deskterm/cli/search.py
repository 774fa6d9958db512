"""`deskterm search WORDS…`: tickets, people, solutions and guides at once."""

from typing import TYPE_CHECKING, Annotated

from deskterm.cli import output
from deskterm.cli.change import Call, reading
from deskterm.cli.errors import say
from deskterm.cli.nouns import Noun
from deskterm.cli.options import Argument, Option
from deskterm.cli.session import opened
from deskterm.domain.errors import UsageError
from deskterm.domain.rows import Found
from deskterm.triage.query import Query, Term, parse, terms
from deskterm.triage.query_tree import QueryError

if TYPE_CHECKING:
    from deskterm.bootstrap import Desk

noun = Noun("search", "Find tickets, people, solutions and guides.")
COLUMNS = ("kind", "id", "title", "detail")


@noun.verb("", "deskterm search printer offline")
@reading
def search(
    call: Call,
    words: Annotated[list[str], Argument(metavar="WORDS...")],
    limit: Annotated[int, Option(min=1, max=1000, help="At most this many a kind.")] = 10,
) -> None:
    """Find tickets, people, solutions and guides, best first; ticket terms narrow the tickets.

    What the query language cannot read is searched as it was typed.
    """
    text = " ".join(words).strip()
    if len(text) < 2 and not text.isdigit():
        raise UsageError("give two characters at least to search for.")
    with opened() as desk:
        found = _find(desk, text, limit)
    output.many((_record(one) for one in found), COLUMNS, call.output)
    if not found:
        say("Nothing was found.")


def _find(desk: "Desk", text: str, limit: int) -> list[Found]:
    query = _query(text)
    if query is None:
        return desk.search.find(text, limit)
    rows = desk.board.first_page(text, limit)
    found = [Found("ticket", str(row.id), row.subject, row.state) for row in rows]
    said = (term for term in terms(query.where) if term.field == "text")
    plain = " ".join(value for term in said for value in term.values)
    others = desk.search.find(plain, limit) if plain else []
    return found + [one for one in others if one.kind != "ticket"]


def _query(text: str) -> Query | None:
    """Give the query where the text says more than words."""
    try:
        query = parse(text)
    except QueryError:
        return None
    plain = all(term.field in ("text", "id") for term in terms(query.where))
    parts = [query.where] if isinstance(query.where, Term) else getattr(query.where, "parts", ())
    flat = all(isinstance(part, Term) and len(part.values) == 1 for part in parts)
    return None if plain and flat and not query.sort else query


def _record(one: Found) -> dict[str, object]:
    number = one.kind != "guide" and one.id.isdigit()
    return one._asdict() | {"id": int(one.id) if number else one.id}
