"""The names a desk knows for a term of the query language: what a completion offers."""

import json
from collections.abc import Mapping

from deskterm.domain.choices import values
from deskterm.storage.driver import Database
from deskterm.triage.terms import DEFAULT_VIEWS

_MANY = 200

_NAMES: Mapping[str, str] = {
    "category": "SELECT path AS name FROM category WHERE active ORDER BY path",
    "service": "SELECT name FROM service ORDER BY name",
    "group": "SELECT name FROM desk_group ORDER BY name",
    "assignee": "SELECT login AS name FROM technician WHERE active ORDER BY login",
    "org": "SELECT name FROM organisation ORDER BY name",
    "site": "SELECT name FROM site ORDER BY name",
    "device": "SELECT name FROM device ORDER BY name",
    "model": "SELECT DISTINCT model AS name FROM device WHERE model <> '' ORDER BY 1",
    "department": "SELECT DISTINCT department AS name FROM person "
    "WHERE department <> '' ORDER BY 1",
    "segment": "SELECT DISTINCT segment AS name FROM person WHERE segment <> '' ORDER BY 1",
    "owner-group": "SELECT name FROM desk_group ORDER BY name",
    "view": "SELECT name FROM saved_view WHERE owner = '' ORDER BY name",
    "guide": "SELECT slug AS name FROM guide WHERE active GROUP BY slug ORDER BY slug",
    "field": "SELECT name FROM field_definition ORDER BY position, name",
    "from": "SELECT address AS name FROM person_address WHERE position = 0 ORDER BY address",
}


def field_names(database: Database) -> list[str]:
    """Give every field of the desk's own: those defined, then those that tickets came with."""
    rows = database.all("SELECT name FROM field_definition ORDER BY position, name")
    defined = [row["name"] for row in rows]
    used = database.all("SELECT DISTINCT name FROM field_value ORDER BY name")
    known = {name.casefold() for name in defined}
    return [*defined, *(row["name"] for row in used if row["name"].casefold() not in known)]


def views_of(database: Database, me: str) -> dict[str, tuple[str, str]]:
    """Give folded name → name and query of every view that a technician sees."""
    found = {name.casefold(): (name, query) for name, query in DEFAULT_VIEWS}
    rows = database.all(
        "SELECT name, query FROM saved_view WHERE owner IN ('', :me) ORDER BY owner, id", me=me
    )
    return found | {row["name"].casefold(): (row["name"], row["query"]) for row in rows}


def known_names(database: Database, term: str) -> list[str]:
    """Give at most 200 names for a term; the choices of a field for `field.NAME`."""
    if term.startswith("field."):
        rows = database.all("SELECT name, choices FROM field_definition")
        wanted = term.removeprefix("field.").casefold()
        choices = [json.loads(r["choices"]) for r in rows if r["name"].casefold() == wanted]
        return values(choices[0])[:_MANY] if choices else []
    if term == "figure":
        from deskterm.reports.figures import BY_NAME

        return list(BY_NAME)
    sql = _NAMES.get(term)
    if sql is None:
        return []
    return [row["name"] for row in database.all(f"{sql} LIMIT :many", many=_MANY)]
