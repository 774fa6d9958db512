"""Ranked search: the newest matches, scored by where the words stand; equal ones newest first.

Ranking every match of a common word takes a second at a million tickets; therefore only the newest
`RANKED` are looked at. FTS5's own bm25 counts every match of every word first, which alone takes
20 ms there: SQLite is asked instead, column by column, which of the newest hold which word.
"""

from collections.abc import Sequence

from deskterm.storage import search
from deskterm.storage.driver import Database
from deskterm.storage.reads.where_text import has_index, is_rare, match_text

_PHRASE = 4.0
"""What it counts that the words stand side by side."""

_UNFINISHED = 200
"""Matches of an unfinished word that are looked at."""

_WEIGHED = 6
"""Words whose column is looked at; more are only required."""


def ranked_tickets(database: Database, text: str, limit: int) -> list[int]:
    """Give the tickets that hold all words of a text, best first.

    Where these are few, the last word may be unfinished. Below two characters nothing is found.
    """
    text = text[: search.TYPED]
    words = [word for word in text.split()[:12] if len(word.rstrip("*")) >= 2]
    if not words:
        return []
    indexed = [word for word in words if search.indexable(word)]
    if not has_index(database) or not indexed:
        return _literal(database, words, limit)
    literal = [word for word in words if word not in indexed]
    found = _matching(database, indexed, literal)[:limit]
    if len(found) < limit and words[-1] == indexed[-1] and _unfinished(database, text, words[-1]):
        more = _matching(database, [*indexed[:-1], indexed[-1] + "*"], literal)
        found += [number for number in more if number not in set(found)]
    return found[:limit]


def _unfinished(database: Database, text: str, word: str) -> bool:
    """Tell whether the last word may still grow: at the text's end, and not a common word."""
    last = search.tokens(word)
    if not text.endswith(word) or word.endswith("*") or len(last[-1]) < 2:
        return False
    return is_rare(database, match_text(database.dialect, [[word]]))


def _matching(database: Database, indexed: Sequence[str], literal: Sequence[str]) -> list[int]:
    groups = [[word] for word in indexed]
    found = _newest(database, match_text(database.dialect, groups))
    if literal:
        kept = set(_literal(database, literal, search.RANKED, found))
        found = [number for number in found if number in kept]
    if any(word.endswith("*") for word in indexed):
        return _by_subject(database, indexed, found[:_UNFINISHED])
    return _rank(database, groups, found)


def _by_subject(database: Database, words: Sequence[str], found: Sequence[int]) -> list[int]:
    """Order matches of unfinished words: those with more of them in the subject first.

    Each question to the index about an unfinished word reads every word that begins so.
    """
    rows = database.all(
        "SELECT id, subject FROM ticket WHERE id IN :found",
        found=found,
    )
    begun = [token for word in words for token in search.tokens(word)]
    hits = {
        row["id"]: sum(
            any(token.startswith(one) for token in search.tokens(row["subject"])) for one in begun
        )
        for row in rows
    }
    return sorted(found, key=lambda number: -hits.get(number, 0))


def _newest(database: Database, match: str) -> list[int]:
    if database.dialect == "sqlite":
        sql = (
            "SELECT rowid AS id FROM ticket_search WHERE ticket_search MATCH :match "
            "ORDER BY rowid DESC LIMIT :some"
        )
    else:
        sql = "SELECT deskterm_found(:match, :some) AS id"
    return [row["id"] for row in database.all(sql, match=match, some=search.RANKED)]


def _rank(database: Database, groups: Sequence[Sequence[str]], found: list[int]) -> list[int]:
    """Order matches, given newest first, by likeness."""
    if len(found) < 2:
        return found
    if database.dialect == "postgresql":
        return _by_ts_rank(database, groups, found)
    scores = dict.fromkeys(found, 0.0)
    every = match_text(database.dialect, groups)
    for group in groups[:_WEIGHED]:
        for number, weight in _best_column(database, every, group, found[-1]).items():
            scores[number] = scores.get(number, 0.0) + weight
    if len(groups) > 1:
        phrase = search.fts5_phrase(" ".join(group[0] for group in groups))
        for number in _since(database, f"({every}) AND {phrase}", found[-1]):
            scores[number] = scores.get(number, 0.0) + _PHRASE
    return sorted(found, key=lambda number: -scores[number])


def _best_column(
    database: Database, every: str, group: Sequence[str], lowest: int
) -> dict[int, float]:
    """Ticket → the weight of the weightiest column that holds the word; the body's is 0.

    Only tickets that hold every word are asked for: one word alone may be in most of them.
    """
    best: dict[int, float] = {}
    for weight, column in sorted(zip(search.WEIGHTS, search.COLUMNS, strict=True)):
        if column not in ("body", search.FOLDED):
            match = f"({every}) AND ({{{column}}} : ({match_text('sqlite', [group])}))"
            best |= dict.fromkeys(_since(database, match, lowest), weight)
    return best


def _since(database: Database, match: str, lowest: int) -> list[int]:
    rows = database.all(
        "SELECT rowid AS id FROM ticket_search "
        "WHERE ticket_search MATCH :match AND rowid >= :lowest",
        match=match,
        lowest=lowest,
    )
    return [row["id"] for row in rows]


def _by_ts_rank(
    database: Database, groups: Sequence[Sequence[str]], found: Sequence[int]
) -> list[int]:
    d, c, b, a = sorted(weight / max(search.WEIGHTS) for weight in search.WEIGHTS[:4])
    rows = database.all(
        f"SELECT id FROM ticket WHERE id IN :found "  # noqa: S608 - constants
        f"ORDER BY ts_rank('{{{d}, {c}, {b}, {a}}}', search, "
        "to_tsquery('deskterm_search', :match)) DESC, id DESC",
        match=match_text(database.dialect, groups),
        found=found,
    )
    return [row["id"] for row in rows]


def _literal(
    database: Database, words: Sequence[str], limit: int, among: Sequence[int] | None = None
) -> list[int]:
    """Without an index: tickets that hold every word anywhere, newest first."""
    conditions = []
    params: dict[str, object] = {"some": limit}
    for place, word in enumerate(words):
        columns = [f"lower({name}) LIKE :w{place} ESCAPE '!'" for name in search.COLUMNS]
        conditions.append("(" + " OR ".join(columns) + ")")
        params[f"w{place}"] = search.like_pattern(word.rstrip("*").lower())
    if among is not None:
        conditions.append("id IN :among")
        params["among"] = among
    rows = database.all(
        f"SELECT id FROM ticket WHERE {' AND '.join(conditions)} "  # noqa: S608 - placeholders only
        "ORDER BY id DESC LIMIT :some",
        **params,
    )
    return [row["id"] for row in rows]
