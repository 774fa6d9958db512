"""The query language: text → a frozen tree; a refusal names the character and what fits there.

Terms are joined by "and"; `or`, `not` or `-`, parentheses and quoted phrases; commas mean any of.
"""

from deskterm.domain.patterns import pattern
from deskterm.triage.query_reader import MAX_DEPTH, Reader, read_sort
from deskterm.triage.query_tree import (
    Either,
    Every,
    Node,
    Not,
    Query,
    QueryError,
    Sort,
    Term,
    terms,
)
from deskterm.triage.terms import TICKETS, Vocabulary

__all__ = [
    "MAX_DEPTH",
    "MAX_LENGTH",
    "Either",
    "Every",
    "Node",
    "Not",
    "Query",
    "Sort",
    "Term",
    "narrow",
    "parse",
    "parse_sort",
    "quote",
    "render",
    "terms",
    "widened",
]

MAX_LENGTH = 10_000


def parse(text: str, vocabulary: Vocabulary = TICKETS) -> Query:
    """Give the query that a text means, of tickets or of what else is asked; raises QueryError."""
    if len(text) > MAX_LENGTH:
        raise QueryError(
            f"the query is longer than {MAX_LENGTH} characters; name ids on standard input instead",
            text,
            MAX_LENGTH,
        )
    reader = Reader(text.removeprefix("\ufeff"), vocabulary)
    where = reader.either(0) if reader.more() else None
    if reader.more():
        raise reader.error("there is a ')' without its '('")
    return Query(where, tuple(reader.sort), text)


def parse_sort(text: str) -> Sort:
    """Give the sort that `age-desc`, `subject` and the like mean; raises QueryError."""
    return read_sort(text, text, 0)


def narrow(text: str, more: str) -> str:
    """Give a query that asks for what both texts ask for, in the second one's order."""
    first, second = parse(text), parse(more)
    known = tuple(node for node in (first.where, second.where) if node is not None)
    where = Every(known) if len(known) > 1 else (known[0] if known else None)
    return render(Query(where, second.sort, ""))


def widened(text: str) -> str:
    """Give a query without what it says of a ticket's state; empty where it says nothing of one,
    or nothing else. Raises QueryError."""
    query = parse(text)
    parts = query.where.parts if isinstance(query.where, Every) else (query.where,)
    kept = tuple(part for part in parts if part is not None and not _is_of_state(part))
    if not kept or len(kept) == len(parts):
        return ""
    return render(Query(Every(kept) if len(kept) > 1 else kept[0], query.sort, ""))


def _is_of_state(node: Node) -> bool:
    term = node.part if isinstance(node, Not) else node
    return isinstance(term, Term) and term.field in ("is", "state")


_PLAIN = pattern(r"[^\s,()\"\\<>:#-][^\s,()\"\\<>:]*\Z")


def render(query: Query) -> str:
    """Give the query in its plainest form; reading that again gives the same query."""
    parts = [_shown(query.where, top=True)] if query.where is not None else []
    parts += [f"sort:{sort.key}-{'desc' if sort.descending else 'asc'}" for sort in query.sort]
    return " ".join(parts)


def _shown(node: Node, top: bool = False) -> str:
    if isinstance(node, Term):
        return _shown_term(node)
    if isinstance(node, Not):
        return "-" + _shown(node.part)
    joined = (" or " if isinstance(node, Either) else " ").join(_shown(part) for part in node.parts)
    return joined if top else f"({joined})"


def _shown_term(term: Term) -> str:
    text = term.field == "text"
    values = ",".join(f'"{v}"' if text and v.isdigit() else quote(v) for v in term.values)
    return values if text else f"{term.field}{term.operator}{values}"


def quote(value: str) -> str:
    """Give a value as it is written in a query: in quotes where it needs them."""
    if _PLAIN.match(value) and value.lower() not in ("or", "and", "not"):
        return value
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
