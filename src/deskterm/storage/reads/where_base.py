"""What every term of a query needs to become SQL: placeholders, the leading index, refusals."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import tzinfo
from functools import cached_property

from deskterm.domain.text import storable
from deskterm.storage.driver import Database
from deskterm.storage.reads.asked import Asked, desk_zone
from deskterm.triage.near import suggestion
from deskterm.triage.query import Either, Every, Node, Not, Query, Term
from deskterm.triage.query_tree import QueryError

RARE = 2_000
"""Where fewer tickets than this fit a term, its index leads."""


class Terms:
    """What the terms of one query are compiled with."""

    def __init__(self, database: Database, query: Query, asked: Asked) -> None:
        self.database = database
        self.text = query.text
        self.asked = asked
        self.params: dict[str, object] = {}

    @cached_property
    def zone(self) -> tzinfo:
        """The zone of the query's dates."""
        return self.asked.zone or desk_zone(self.database)

    def bind(self, value: object) -> str:
        """Give the placeholder of a value."""
        name = f"q{len(self.params)}"
        self.params[name] = storable(value) if isinstance(value, str) else value
        return f":{name}"

    def any_of(self, values: Sequence[object]) -> str:
        """Give a condition's right side: one of the values."""
        return f"IN ({', '.join(map(self.bind, values))})" if values else "IN (NULL)"

    def leading(self, column: str, rest: str) -> str:
        """Give a condition whose index may lead only where few tickets fit.

        Where many do, SQLite (which keeps no statistics unless asked) is told by a `+` to walk the
        order instead and to stop after a page.
        """
        condition = f"{column} {rest}"
        if self.database.dialect != "sqlite" or self.is_rare(condition):
            return condition
        return f"+{condition}"

    def is_rare(self, condition: str) -> bool:
        """Tell whether so few tickets fit that their index may lead."""
        row = self.database.one(
            "SELECT count(*) AS n FROM (SELECT 1 FROM ticket t "  # noqa: S608 - compiled, bound
            f"WHERE {condition} LIMIT :rare_cap) AS found",
            **self.params,
            rare_cap=RARE,
        )
        return row is not None and row["n"] < RARE

    def refuse(self, term: Term, sentence: str, choices: Sequence[str] = ()) -> QueryError:
        """Give the refusal of a term."""
        return QueryError(sentence, self.text, term.at, choices)

    def unknown(self, term: Term, what: str, value: str, known: Sequence[str]) -> QueryError:
        """Give the refusal of a name that nothing has."""
        hint = suggestion(value, known)
        if not hint:
            some = ", ".join(known[:8]) + (", …" if len(known) > 8 else "")
            hint = f"known: {some}" if known else "none is known yet"
        return self.refuse(term, f"there is no {what} '{value[:60]}'; {hint}", tuple(known))


class Tree(Terms, ABC):
    """A query's tree on its way to SQL, whatever is asked for."""

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
        """Join alternatives."""
        return "(" + " OR ".join(self.node(part) for part in node.parts) + ")"

    def every(self, node: Every) -> str:
        """Join the parts; words go to the index together, so that it finds their meeting."""
        words = [part for part in node.parts if isinstance(part, Term) and part.field == "text"]
        others = [part for part in node.parts if part not in words]
        parts = [self.node(part) for part in others]
        if words:
            parts.append(self.words(words))
        return "(" + " AND ".join(parts) + ")"

    @abstractmethod
    def term(self, term: Term) -> str:
        """Give the condition of one term."""

    @abstractmethod
    def words(self, terms: Sequence[Term]) -> str:
        """Give the condition of words to search for."""
