"""The rules of retention: each with the categories it is for."""

from collections.abc import Iterable
from typing import NamedTuple

from deskterm.domain.problems import ProblemState
from deskterm.domain.veil import GONE
from deskterm.storage.driver import Database

_OVER = ", ".join(f"'{one}'" for one in (ProblemState.VERIFIED, ProblemState.WONT_FIX))
FREE = f"""NOT {{0}}.is_open
AND NOT EXISTS (SELECT 1 FROM problem_ticket y JOIN problem p ON p.id = y.problem_id
  WHERE y.ticket_id = {{0}}.id AND p.state NOT IN ({_OVER}))
AND NOT EXISTS (SELECT 1 FROM callback y WHERE y.ticket_id = {{0}}.id AND y.state = 'open')
AND NOT EXISTS (SELECT 1 FROM visit y WHERE y.ticket_id = {{0}}.id
  AND y.state IN ('offered', 'fixed'))
AND NOT EXISTS (SELECT 1 FROM outbox y WHERE y.ticket_id = {{0}}.id
  AND y.state IN ('queued', 'claimed'))"""  # noqa: S608 - constants
"""The condition that nothing is to come of a ticket; a server asks it, too (retaining.sql)."""
NEEDLESS = (
    f"(p.name <> '{GONE}' OR EXISTS (SELECT 1 FROM person_address a WHERE a.person_id = p.id)) "  # noqa: S608 - constants
    "AND NOT EXISTS (SELECT 1 FROM watcher w JOIN ticket o ON o.id = w.ticket_id "
    "WHERE w.person_id = p.id AND o.is_open) "
    "AND NOT EXISTS (SELECT 1 FROM ticket o WHERE o.approver_id = p.id AND o.is_open) "
    "AND NOT EXISTS (SELECT 1 FROM recurring y WHERE y.person_id = p.id AND y.active) "
    "AND NOT EXISTS (SELECT 1 FROM member y WHERE y.person_id = p.id) "
    "AND NOT EXISTS (SELECT 1 FROM technician x JOIN person_address a "
    "ON a.address = lower(x.email) WHERE a.person_id = p.id AND x.active)"
)
"""The condition that somebody `p` has words left, and nobody needs them; a server asks the same."""


class Rule(NamedTuple):
    """A rule of retention that is in use."""

    id: int
    name: str
    category: str
    """The path of its category; empty: all tickets that no other rule is for."""
    days: int
    """So long after they were closed."""
    what: str
    """`words` of tickets, or `people`."""
    categories: frozenset[int] = frozenset()
    """Those it is for: its own, and what lies below and has no rule of its own."""
    others: frozenset[int] = frozenset()
    """Those it is not for, where it is for all."""


def rules(database: Database, what: str) -> list[Rule]:
    """Give the rules in use for words or for people, each with the categories it is for."""
    rows = database.all(
        "SELECT r.id, r.name, r.days, r.what, coalesce(c.path, '') AS category FROM retention r "
        "LEFT JOIN category c ON c.id = r.category_id WHERE r.active AND r.what = :what "
        "ORDER BY r.name",
        what=what,
    )
    found = {
        row["category"]: Rule(**{name: row[name] for name in Rule._fields[:5]}) for row in rows
    }
    whose: dict[str, set[int]] = {path: set() for path in found}
    for row in database.all("SELECT id, path FROM category"):
        nearest = next((path for path in _upwards(row["path"]) if path in found), "")
        if nearest:
            whose[nearest].add(row["id"])
    others = frozenset().union(*whose.values())
    return [
        one._replace(categories=frozenset(whose[path]), others=frozenset() if path else others)
        for path, one in found.items()
    ]


def _upwards(path: str) -> Iterable[str]:
    """Give a path and all above it, the nearest first."""
    while path:
        yield path
        path = path.rpartition("/")[0]


def twin_of(database: Database, category: int | None, what: str, but: int) -> str:
    """Give the name of another rule for the same; empty: there is none."""
    rows = database.all(
        "SELECT id, name, category_id FROM retention WHERE what = :what ORDER BY id", what=what
    )
    found = (row for row in rows if row["category_id"] == category and row["id"] != but)
    return next((str(row["name"]) for row in found), "")


def has_rules(database: Database) -> bool:
    """Tell whether anything is ever forgotten by rule."""
    return database.one("SELECT 1 AS one FROM retention WHERE active LIMIT 1") is not None
