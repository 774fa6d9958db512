"""The first tickets of a query, in its order.

A word that very many tickets hold would be gathered whole by SQLite before the first row is there.
So the tickets that come first by all else are asked for it; mostly a page is among them.
"""

from collections.abc import Sequence
from heapq import nlargest
from itertools import count, pairwise

from deskterm.storage import search
from deskterm.storage.driver import Database, Row
from deskterm.storage.reads.asked import Asked
from deskterm.storage.reads.where import Where, compile_query
from deskterm.storage.reads.where_text import has_index, is_rare, match_text
from deskterm.triage.query import Every, Query, Term

PROBED = 1_000
"""Tickets that are asked for a common word."""
_RUNS = 40
"""Stretches of numbers in which they are looked for: each is a look of its own into the index."""
_SPAN = 200_000
"""Numbers in all stretches together; more, and the whole index is as quick."""
_IN_ORDER = frozenset({"board", "created", "age", "updated", "id"})
"""Orders that an index gives: others are sorted whole in any case."""


def first(database: Database, query: Query, asked: Asked, limit: int) -> Sequence[Row]:
    """Give numbers and versions of the first tickets of a query; raises QueryError."""
    where = compile_query(database, query, asked)
    words, rest = _parted(query)
    match = _common(database, words) if all(one.key in _IN_ORDER for one in query.sort) else ""
    if match:
        others = compile_query(database, rest, asked)
        candidates = _select(database, others._replace(order=where.order), PROBED)
        held = _holding(database, match, sorted(row["id"] for row in candidates))
        found = [row for row in candidates if row["id"] in held][:limit]
        if len(found) == limit:
            return found
    return _select(database, where, limit)


def _select(database: Database, where: Where, limit: int) -> Sequence[Row]:
    return database.all(
        f"SELECT t.id, t.version FROM ticket t WHERE {where.condition} "  # noqa: S608 - compiled, bound
        f"ORDER BY {where.order} LIMIT :page_limit",
        **where.params,
        page_limit=limit,
    )


def _parted(query: Query) -> tuple[Sequence[Term], Query]:
    """Give the words that every ticket of a query holds, and the query without them."""
    parts = query.where.parts if isinstance(query.where, Every) else (query.where,)
    words = [one for one in parts if isinstance(one, Term) and one.field == "text"]
    rest = tuple(one for one in parts if one is not None and one not in words)
    return words, query._replace(where=Every(rest) if len(rest) > 1 else (*rest, None)[0])


def _common(database: Database, words: Sequence[Term]) -> str:
    """Give the search expression of words that very many tickets hold; else the empty string."""
    values = [one.values for one in words]
    indexed = all(search.indexable(value) for each in values for value in each)
    if not values or database.dialect != "sqlite" or not indexed or not has_index(database):
        return ""
    match = match_text(database.dialect, values)
    return "" if is_rare(database, match) else match


def _holding(database: Database, match: str, numbers: Sequence[int]) -> set[int]:
    """Give those of some tickets, in the order of their numbers, that the index finds.

    Nothing where they are spread so far that the whole index is as quick.
    """
    most = 0 if "*" in match else _RUNS  # the words that begin so are gathered with each look
    widest = sorted(at for _, at in nlargest(most, map(_gap, pairwise(numbers), count(1))))
    runs = [
        numbers[start:end] for start, end in pairwise((0, *widest, len(numbers))) if start < end
    ]
    if sum(run[-1] - run[0] for run in runs) > _SPAN:
        return set()
    rows = [
        row
        for run in runs
        for row in database.all(
            "SELECT id FROM ticket WHERE id IN :ids AND id IN (SELECT rowid FROM ticket_search "
            "WHERE ticket_search MATCH :match AND rowid BETWEEN :low AND :high)",
            ids=run,
            match=match,
            low=run[0],
            high=run[-1],
        )
    ]
    return {row["id"] for row in rows}


def _gap(pair: tuple[int, int], at: int) -> tuple[int, int]:
    """Give how far apart two neighbours are, and the place of the second."""
    return pair[1] - pair[0], at
