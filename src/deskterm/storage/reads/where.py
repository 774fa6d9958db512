"""A query's tree → SQL conditions with :name parameters. Nothing a user typed becomes SQL text.

The conditions speak of the table `ticket` under the name `t`. Names of categories, groups and the
like are looked up first: an unknown one is refused with its place in the query and what is near.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from deskterm.storage.driver import Database
from deskterm.storage.reads.asked import Asked
from deskterm.storage.reads.known import views_of
from deskterm.storage.reads.where_base import Tree
from deskterm.storage.reads.where_terms import CONDITIONS, field_value
from deskterm.storage.reads.where_text import text_condition
from deskterm.triage.query import MAX_DEPTH, Either, Query, Sort, Term, parse
from deskterm.triage.query_tree import QueryError


class Where(NamedTuple):
    """A query as SQL: the condition, its parameters and the order."""

    condition: str
    params: Mapping[str, object]
    order: str


class Compiler(Tree):
    """One query on its way to SQL."""

    _within: tuple[str, ...] = ()
    """The views that are being read, one within the other."""

    def either(self, node: Either) -> str:
        """Join alternatives; where many tickets fit, SQLite must not collect and sort them all."""
        condition = "(" + " OR ".join(self.node(part) for part in node.parts) + ")"
        if self.database.dialect != "sqlite" or self.is_rare(condition):
            return condition
        return f"({condition} IS TRUE)"

    def term(self, term: Term) -> str:
        """Give the condition of one term."""
        if term.field == "text":
            return self.words([term])
        if term.field.startswith("field."):
            return field_value(self, term)
        if term.field == "view":
            return "(" + " OR ".join(self._view(term, value) for value in term.values) + ")"
        return CONDITIONS[term.field](self, term)

    def _view(self, term: Term, name: str) -> str:
        """Give the condition of what a view shows; one that shows itself is refused."""
        known = views_of(self.database, self.asked.me)
        found = known.get(name.strip().casefold())
        if found is None:
            raise self.unknown(term, "view", name, [one for one, _ in known.values()])
        if name.casefold() in self._within or len(self._within) > MAX_DEPTH:
            raise self.refuse(term, f"the view '{name[:60]}' shows itself")
        outer, self._within = (self.text, self._within), (*self._within, name.casefold())
        try:
            query = parse(found[1])
            self.text = query.text
            return "TRUE" if query.where is None else self.node(query.where)
        except QueryError as error:
            sentence = f"the view '{name[:60]}' cannot be read: {error.sentence}"
            raise QueryError(sentence, outer[0], term.at) from error
        finally:
            self.text, self._within = outer

    def words(self, terms: Sequence[Term]) -> str:
        """Give the condition of words to search for."""
        return text_condition(self, terms)


def compile_query(database: Database, query: Query, asked: Asked) -> Where:
    """Give a query as SQL; raises QueryError for names that nothing has."""
    compiler = Compiler(database, query, asked)
    condition = "TRUE" if query.where is None else compiler.node(query.where)
    return Where(condition, compiler.params, order_by(query.sort or _order_of(compiler, query)))


def _order_of(compiler: Compiler, query: Query) -> tuple[Sort, ...]:
    """Give the order of the view that a query shows and says no other of."""
    where = query.where
    if not isinstance(where, Term) or where.field != "view" or len(where.values) > 1:
        return ()
    known = views_of(compiler.database, compiler.asked.me)
    return parse(known[where.values[0].strip().casefold()][1]).sort


_BOARD = "t.is_open DESC, t.line, t.rank_at, t.impact DESC, t.opened_at, t.id"
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
    "service": "(SELECT name FROM service WHERE id = t.service_id)",
    "device": "(SELECT name FROM device WHERE id = t.device_id)",
    "model": "(SELECT NULLIF(model, '') FROM device WHERE id = t.device_id)",
    "org": "(SELECT o.name FROM organisation o JOIN person p ON p.organisation_id = o.id "
    "WHERE p.id = t.requester_id)",
    "site": "(SELECT s.name FROM site s JOIN person p ON p.site_id = s.id "
    "WHERE p.id = t.requester_id)",
    "department": "(SELECT NULLIF(department, '') FROM person WHERE id = t.requester_id)",
    "segment": "(SELECT NULLIF(segment, '') FROM person WHERE id = t.requester_id)",
    "level": "t.level",
    "people": "t.people",
    "rating": "t.rating",
    "time": "t.worked",
}
_SURE = frozenset(
    (
        *("created", "updated", "id", "urgent", "state", "channel", "subject", "impact", "level"),
        "time",
    )
)
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
