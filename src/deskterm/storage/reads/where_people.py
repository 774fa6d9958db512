"""A query over people → SQL conditions on the table `person` under the name `p`.

Names are looked up first: an unknown one is refused with its place in the query and what is near.
"""

from collections.abc import Callable, Mapping, Sequence

from deskterm.domain import clock
from deskterm.storage.driver import Database
from deskterm.storage.phrases import MAIN_ADDRESS
from deskterm.storage.reads.asked import Asked
from deskterm.storage.reads.where_base import Tree
from deskterm.storage.reads.where_names import either_of, numbers_named, written_names
from deskterm.storage.search import like_pattern
from deskterm.triage.query import Query, Term

_REACHABLE = (
    f"EXISTS (SELECT 1 FROM person_address a WHERE {MAIN_ADDRESS.partition(' ON ')[2]} "  # noqa: S608 - constants
    "AND a.broken_since IS NULL)"
)
_IS = {
    "any": "TRUE",
    "reachable": _REACHABLE,
    "opted-out": "p.news = FALSE",
    "new": "NOT EXISTS (SELECT 1 FROM news_told n WHERE n.kind = 'person' AND n.person_id = p.id)",
}
_OWNED = "EXISTS (SELECT 1 FROM device d WHERE d.person_id = p.id AND "
_SYSTEM = "trim(os || ' ' || os_version)"


class PeopleWhere(Tree):
    """One query over people on its way to SQL."""

    def term(self, term: Term) -> str:
        """Give the condition of one term."""
        return self.words([term]) if term.field == "text" else _CONDITIONS[term.field](self, term)

    def words(self, terms: Sequence[Term]) -> str:
        """Give the condition of words: in the name, an address or the department."""
        return " AND ".join(either_of([_said(self, one) for one in term.values]) for term in terms)


_Condition = Callable[[PeopleWhere, Term], str]


def where_people(database: Database, query: Query) -> tuple[str, Mapping[str, object]]:
    """Give (the condition on people `p`, its parameters); raises QueryError for unknown names."""
    tree = PeopleWhere(database, query, Asked("", clock.now()))
    condition = "TRUE" if query.where is None else tree.node(query.where)
    return condition, tree.params


def _said(tree: PeopleWhere, word: str) -> str:
    lower = tree.bind(like_pattern(word.strip().lower()))
    return (
        f"(lower(p.name) LIKE {lower} ESCAPE '!' OR lower(p.department) LIKE {lower} ESCAPE '!' "  # noqa: S608 - bound
        f"OR EXISTS (SELECT 1 FROM person_address x WHERE x.person_id = p.id "
        f"AND x.address LIKE {lower} ESCAPE '!'))"
    )


def _is(_: PeopleWhere, term: Term) -> str:
    return either_of([_IS[value] for value in term.values])


def _name(tree: PeopleWhere, term: Term) -> str:
    return either_of([_said(tree, value) for value in term.values])


def _place(table: str, what: str) -> _Condition:
    """What they belong to by number: site, organisation."""

    def condition(tree: PeopleWhere, term: Term) -> str:
        wanted = numbers_named(tree, term, (table, "name", what))
        some = [number for number in wanted if number != "none"]
        parts = [f"p.{table}_id {tree.any_of(some)}"] if some else []
        return either_of([*parts, *([f"p.{table}_id IS NULL"] if len(some) < len(wanted) else [])])

    return condition


def _written(column: str) -> _Condition:
    """What is written of them: segment, department."""

    def condition(tree: PeopleWhere, term: Term) -> str:
        return either_of(
            [
                f"p.{column} = ''" if value == "none" else f"p.{column} {tree.any_of(found)}"
                for value, found in written_names(tree, term, "person", (column, column))
            ]
        )

    return condition


def _owned(column: str, called: str) -> _Condition:
    """What is written of a device of theirs."""

    def condition(tree: PeopleWhere, term: Term) -> str:
        return either_of(
            [
                f"NOT {_OWNED}{column} <> '')"
                if value == "none"
                else f"{_OWNED}{column} {tree.any_of(found)})"
                for value, found in written_names(tree, term, "device", (column, called))
            ]
        )

    return condition


def _device(tree: PeopleWhere, term: Term) -> str:
    parts = []
    for value in term.values:
        if value == "none":
            parts.append(f"NOT {_OWNED}TRUE)")
            continue
        pattern = like_pattern(value.lower())[1:-1]
        pattern = pattern[:-1] + "%" if pattern.endswith("*") else pattern
        parts.append(f"{_OWNED}lower(d.name) LIKE {tree.bind(pattern)} ESCAPE '!')")
    return either_of(parts)


def _service(tree: PeopleWhere, term: Term) -> str:
    """Whoever had a ticket about it, or has a device of which a fact is called so or says so."""
    wanted = list(numbers_named(tree, term, ("service", "name", "service")))
    names = [
        row["name"]
        for row in tree.database.all("SELECT name FROM service WHERE id IN :ids", ids=wanted)
    ]
    facts = [f"d.facts LIKE {tree.bind(like_pattern(_as_json(name)))} ESCAPE '!'" for name in names]
    return (
        "(EXISTS (SELECT 1 FROM ticket t WHERE t.requester_id = p.id "  # noqa: S608 - bound
        f"AND t.service_id {tree.any_of(wanted)}) OR {_OWNED}{either_of(facts)}))"
    )


def _as_json(name: str) -> str:
    """Give a name as it stands in the facts of a device, in its quotes."""
    import json

    return json.dumps(name)


def _problem(tree: PeopleWhere, term: Term) -> str:
    numbers = [int(value) for value in term.values]
    return (
        "EXISTS (SELECT 1 FROM problem_ticket x JOIN ticket t ON t.id = x.ticket_id "  # noqa: S608 - bound
        f"WHERE t.requester_id = p.id AND x.problem_id {tree.any_of(numbers)})"
    )


def _id(tree: PeopleWhere, term: Term) -> str:
    return f"p.id {tree.any_of([int(value) for value in term.values])}"


_CONDITIONS: Mapping[str, _Condition] = {
    "is": _is,
    "name": _name,
    "site": _place("site", "site"),
    "org": _place("organisation", "organisation"),
    "segment": _written("segment"),
    "department": _written("department"),
    "device": _device,
    "model": _owned("model", "model"),
    "os": _owned(_SYSTEM, "system"),
    "service": _service,
    "problem": _problem,
    "id": _id,
}
