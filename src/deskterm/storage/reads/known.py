"""The names a desk knows for a term of the query language: what a completion offers."""

import json
from collections.abc import Mapping

from deskterm.storage.driver import Database

_MANY = 200

_NAMES: Mapping[str, str] = {
    "category": "SELECT path AS name FROM category WHERE active ORDER BY path",
    "service": "SELECT name FROM service ORDER BY name",
    "group": "SELECT name FROM desk_group ORDER BY name",
    "assignee": "SELECT login AS name FROM technician WHERE active ORDER BY login",
    "org": "SELECT name FROM organisation ORDER BY name",
    "site": "SELECT name FROM site ORDER BY name",
    "device": "SELECT name FROM device ORDER BY name",
    "guide": "SELECT slug AS name FROM guide WHERE active GROUP BY slug ORDER BY slug",
    "field": "SELECT name FROM field_definition ORDER BY position, name",
    "from": "SELECT address AS name FROM person_address WHERE position = 0 ORDER BY address",
}


def known_names(database: Database, term: str) -> list[str]:
    """Give at most 200 names for a term; the choices of a field for `field.NAME`."""
    if term.startswith("field."):
        rows = database.all("SELECT name, choices FROM field_definition")
        wanted = term.removeprefix("field.").casefold()
        choices = [json.loads(r["choices"]) for r in rows if r["name"].casefold() == wanted]
        return [str(choice) for choice in choices[0]][:_MANY] if choices else []
    sql = _NAMES.get(term)
    if sql is None:
        return []
    return [row["name"] for row in database.all(f"{sql} LIMIT :many", many=_MANY)]
