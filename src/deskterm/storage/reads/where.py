"""A query's tree → SQL conditions with :name parameters. Nothing a user typed becomes SQL text.

The conditions speak of the table `ticket` under the name `t`. Names of categories, groups and the
like are looked up first: an unknown one is refused with its place in the query and what is near.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from deskterm.storage.driver import Database
from deskterm.storage.reads.asked import Asked
from deskterm.storage.reads.where_base import Terms
from deskterm.storage.reads.where_terms import CONDITIONS, field_value
from deskterm.storage.reads.where_text import text_condition
from deskterm.triage.query import Either, Every, Node, Not, Query, Sort, Term


class Where(NamedTuple):
    """A query as SQL: the condition, its parameters and the order."""

    condition: str
    params: Mapping[str, Any]
    order: str


class Compiler(Terms):
    """One query on its way to SQL."""

    def node(self, node: Node) -> str:
        """Give the condition of a part of the tree; it may be NULL, which is not true."""
        if isinstance(node, Term):
            return self.term(node)
        if isinstance(node, Not):
            return f"({self.node(node.part)}) IS NOT TRUE"
        if isinstance(node, Either):
            return self.either(node)
        return self.every(node)

    def either(self, node: Either) -> str:
        """Join alternatives; where many tickets fit, SQLite must not collect and sort them all."""
        condition = "(" + " OR ".join(self.node(part) for part in node.parts) + ")"
        if self.database.dialect != "sqlite" or self.is_rare(condition):
            return condition
        return f"({condition} IS TRUE)"

    def every(self, node: Every) -> str:
        """Join the parts; words go to the index together, so that it finds their meeting."""
        words = [part for part in node.parts if isinstance(part, Term) and part.field == "text"]
        others = [part for part in node.parts if part not in words]
        parts = [self.node(part) for part in others]
        if words:
            parts.append(self.words(words))
        return "(" + " AND ".join(parts) + ")"

    def term(self, term: Term) -> str:
        """Give the condition of one term."""
        if term.field == "text":
            return self.words([term])
        if term.field.startswith("field."):
            return field_value(self, term)
        return CONDITIONS[term.field](self, term)

    def words(self, terms: Sequence[Term]) -> str:
        """Give the condition of words to search for."""
        return text_condition(self, terms)


def compile_query(database: Database, query: Query, asked: Asked) -> Where:
    """Give a query as SQL; raises QueryError for names that nothing has."""
    compiler = Compiler(database, query, asked)
    condition = "TRUE" if query.where is None else compiler.node(query.where)
    return Where(condition, compiler.params, order_by(query.sort))


_BOARD = "t.is_open DESC, t.urgent DESC, t.rank_at, t.impact DESC, t.opened_at, t.id"
_ORDERS: Mapping[str, str] = {
    "created": "t.opened_at",
    "updated": "t.updated_at",
    "closed": "t.closed_at",
    "promise": "t.due_at",
    "impact": "t.impact",
    "id": "t.id",
    "urgent": "t.urgent",
    "subject": "lower(t.subject)",
    "state": "t.state",
    "channel": "t.channel",
    "assignee": "t.assignee",
    "requester": "(SELECT lower(name) FROM person WHERE id = t.requester_id)",
    "group": "(SELECT name FROM desk_group WHERE id = t.group_id)",
    "category": "(SELECT path FROM category WHERE id = t.category_id)",
}
_SURE = frozenset({"created", "updated", "id", "urgent", "state", "channel", "subject", "impact"})
"""Keys that are never NULL: no `NULLS LAST`, so that an index can give the order."""


def order_by(sort: Sequence[Sort]) -> str:
    """Give the ORDER BY list; ends in the ticket number, so that no two orders are equal.

    What has no value comes last either way.
    """
    parts: list[str] = []
    down = False
    for key, descending in sort:
        if key == "board":
            return ", ".join([*parts, _BOARD])
        down = descending
        if key == "age":
            key, down = "created", not descending
        nulls = "" if key in _SURE else " NULLS LAST"
        parts.append(f"{_ORDERS[key]}{' DESC' if down else ''}{nulls}")
        if key == "id":
            return ", ".join(parts)
    return ", ".join([*parts, "t.id DESC" if down else "t.id"]) if parts else _BOARD
