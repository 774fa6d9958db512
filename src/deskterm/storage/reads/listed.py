"""What a list shows of tickets beside the board's own row: read only where a column asks for it."""

from collections.abc import Collection, Sequence
from typing import Any

from deskterm.domain.columns import FIELD, LISTED
from deskterm.domain.rows import BoardRow
from deskterm.storage.driver import Database
from deskterm.storage.ticket.columns import EVERY, read

_JOINED = {
    "device": "d.name",
    "model": "d.model",
    "system": "trim(d.os || ' ' || d.os_version)",
    "serial": "d.serial",
    "phone": "p.phone",
    "department": "p.department",
    "segment": "p.segment",
    "location": "p.location",
    "organisation": "o.name",
    "site": "s.name",
    "service": "v.name",
}
_FROM = """
FROM ticket t
LEFT JOIN person p ON p.id = t.requester_id
LEFT JOIN organisation o ON o.id = p.organisation_id
LEFT JOIN site s ON s.id = p.site_id
LEFT JOIN device d ON d.id = t.device_id
LEFT JOIN service v ON v.id = t.service_id
WHERE t.id IN :ids
"""
_PROBLEMS = (
    "SELECT ticket_id, 'P' || problem_id AS value FROM problem_ticket "
    "WHERE ticket_id IN :ids ORDER BY problem_id"
)
_GROUPS = (
    "SELECT t.id AS ticket_id, g.name AS value FROM ticket t "
    "JOIN membership m ON m.login = t.assignee JOIN desk_group g ON g.id = m.group_id "
    "WHERE t.id IN :ids ORDER BY g.level, g.name"
)
_FIELDS = "SELECT ticket_id, name, value FROM field_value WHERE ticket_id IN :ids ORDER BY name"

_APART = frozenset({"solution", "problems", "owner_groups", *BoardRow._fields})
"""What is put together otherwise, or stands in the row already."""
FIELDS = "fields"
"""The key of all fields of the desk's own at once."""


def with_more(
    database: Database, rows: Sequence[BoardRow], wanted: Collection[str]
) -> list[BoardRow]:
    """Give the rows with the values of these columns in `more`."""
    keys = [key for key in wanted if key not in BoardRow._fields]
    if not keys or not rows:
        return list(rows)
    ids = [row.id for row in rows]
    found: dict[int, dict[str, object]] = {number: {} for number in ids}
    _columns(database, ids, keys, found)
    if "problems" in keys:
        _several(found, "problems", _pairs(database, _PROBLEMS, ids))
    if "owner_groups" in keys:
        _several(found, "owner_groups", _pairs(database, _GROUPS, ids))
    if FIELDS in keys or any(key.startswith(FIELD) for key in keys):
        _fields(database, ids, keys, found)
    return [row._replace(more=found[row.id]) for row in rows]


def _columns(
    database: Database, ids: Sequence[int], keys: Sequence[str], found: dict[int, dict[str, object]]
) -> None:
    texts = {key: _JOINED[key] for key in keys if key in _JOINED}
    own = [key for key in keys if key in EVERY and key in LISTED and key not in _APART]
    texts |= {key: f"t.{key}" for key in own if key not in texts}
    if "solution" in keys:
        texts["solution"] = "t.solution_id"
    if not texts:
        return
    shown = ", ".join(f"{text} AS {key}" for key, text in texts.items())
    for row in database.all(f"SELECT t.id AS ticket_id, {shown} {_FROM}", ids=ids):
        for key in texts:
            found[row["ticket_id"]][key] = _value(key, row[key])


def _value(key: str, value: object) -> object:
    if key == "solution":
        return f"S{value}" if value is not None else None
    return read(key, value) if key in EVERY else value


def _pairs(database: Database, sql: str, ids: Sequence[int]) -> list[tuple[int, str]]:
    return [(row["ticket_id"], row["value"]) for row in database.all(sql, ids=ids)]


def _several(found: dict[int, dict[str, Any]], key: str, pairs: Sequence[tuple[int, str]]) -> None:
    for values in found.values():
        values[key] = []
    for number, value in pairs:
        found[number][key].append(value)


def _fields(
    database: Database, ids: Sequence[int], keys: Sequence[str], found: dict[int, dict[str, Any]]
) -> None:
    asked = {key.removeprefix(FIELD).casefold(): key for key in keys if key.startswith(FIELD)}
    for values in found.values():
        values |= dict.fromkeys(asked.values())
        if FIELDS in keys:
            values[FIELDS] = {}
    for row in database.all(_FIELDS, ids=ids):
        values = found[row["ticket_id"]]
        if row["name"].casefold() in asked:
            values[asked[row["name"].casefold()]] = row["value"]
        if FIELDS in keys:
            values[FIELDS][row["name"]] = row["value"]
