"""Words of a query → the full-text index of either database; LIKE where no index can answer."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from deskterm.storage import search
from deskterm.storage.driver import Database
from deskterm.triage.query import Term

if TYPE_CHECKING:
    from deskterm.storage.reads.where_base import Terms


def has_index(database: Database) -> bool:
    """Tell whether this database was made with a full-text index (SQLite may lack FTS5)."""
    if database.dialect == "postgresql":
        return True
    row = database.one("SELECT 1 AS one FROM sqlite_master WHERE name = 'ticket_search'")
    return row is not None


def text_condition(compiler: "Terms", terms: Sequence[Term]) -> str:
    """Give the condition that a ticket holds every term, each with any of its values."""
    indexed: list[Sequence[str]] = []
    literal: list[Sequence[str]] = []
    there = has_index(compiler.database)
    for term in terms:
        answerable = there and all(search.indexable(value) for value in term.values)
        (indexed if answerable else literal).append(term.values)
    parts = [_literal(compiler, values) for values in literal]
    if indexed:
        parts.append(_indexed(compiler, indexed))
    return "(" + " AND ".join(parts) + ")"


def match_text(dialect: str, groups: Sequence[Sequence[str]]) -> str:
    """Give the search expression of either database: all groups, any value of each.

    A value ending in `*` finds words that begin so.
    """
    sqlite = dialect == "sqlite"
    phrase = search.fts5_phrase if sqlite else search.tsquery_phrase
    both, either = (" AND ", " OR ") if sqlite else (" & ", " | ")
    shown = []
    for values in groups:
        phrases = [f"({phrase(value.rstrip('*'), value.endswith('*'))})" for value in values]
        shown.append("(" + either.join(phrases) + ")")
    return both.join(shown)


def _indexed(compiler: "Terms", groups: Sequence[Sequence[str]]) -> str:
    database = compiler.database
    match = match_text(database.dialect, groups)
    place = compiler.bind(match)
    rare = is_rare(database, match)
    if database.dialect == "sqlite":
        lead = "" if rare else "+"
        return f"{lead}t.id IN (SELECT rowid FROM ticket_search WHERE ticket_search MATCH {place})"  # noqa: S608 - bound
    query = f"to_tsquery('deskterm_search', {place})"
    if rare:
        return f"t.id IN (SELECT deskterm_found({place}, NULL))"
    return f"(t.search @@ {query}) IS TRUE"


def is_rare(database: Database, match: str, few: int = search.RANKED) -> bool:
    """Tell whether so few tickets match that the index should lead; otherwise the order does."""
    found = (
        "SELECT 1 FROM ticket_search WHERE ticket_search MATCH :match LIMIT :cap"
        if database.dialect == "sqlite"
        else "SELECT deskterm_found(:match, :cap)"
    )
    row = database.one(
        f"SELECT count(*) AS n FROM ({found}) AS found",  # noqa: S608 - constants
        match=match,
        cap=few,
    )
    return row is not None and row["n"] < few


def _literal(compiler: "Terms", values: Sequence[str]) -> str:
    parts = []
    for value in values:
        pattern = compiler.bind(search.like_pattern(value.rstrip("*").lower()))
        parts += [f"lower(t.{column}) LIKE {pattern} ESCAPE '!'" for column in search.COLUMNS]
    return "(" + " OR ".join(parts) + ")"
