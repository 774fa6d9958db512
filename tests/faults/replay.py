"""The ledger, played from the start, gives the tickets as they stand (design.md §2)."""

import json
from collections import defaultdict
from datetime import datetime
from typing import Any

from deskterm.domain.clock import from_text, to_text
from deskterm.storage.driver import Database, Row, moment
from deskterm.storage.ticket.columns import MOMENTS
from deskterm.storage.ticket.columns import NAMES as COLUMNS

UNTOLD = {"body"}
"""What a customer said is the ticket's own text; it never changes."""
_TABLES = {
    "step": "SELECT ticket_id, step, status, actor, at, reason FROM step",
    "field": "SELECT ticket_id, name, value FROM field_value",
    "watcher": "SELECT ticket_id, person_id FROM watcher",
    "link": "SELECT ticket_id, kind, other_id FROM link",
}


def contradictions(database: Database) -> list[str]:
    """Give a sentence for each ticket whose rows are not what its ledger says."""
    told = _told(database)
    found = []
    for row in database.all(f"SELECT id, {', '.join(COLUMNS)} FROM ticket"):
        number = row["id"]
        stands = {name: _plain(name, row[name]) for name in COLUMNS if name not in UNTOLD}
        stands = {name: value for name, value in stands.items() if value not in (None, "", False)}
        found += _differences(number, stands, told.pop(number, {}))
    found += [f"#{number}: told of, but not there" for number in told]
    return [*found, *_parts(database)]


def _differences(number: int, stands: dict[str, Any], told: dict[str, Any]) -> list[str]:
    told = {
        name: value
        for name, value in told.items()
        if "." not in name and name not in UNTOLD and value not in (None, "", False)
    }
    return [
        f"#{number} {name}: {stands.get(name)!r} stands, {told.get(name)!r} was told"
        for name in sorted(stands.keys() | told.keys())
        if stands.get(name) != told.get(name)
    ]


def _told(database: Database) -> dict[int, dict[str, Any]]:
    """Play every entry in order: the last value told of each key."""
    told: dict[int, dict[str, Any]] = defaultdict(dict)
    for row in database.all(
        "SELECT subject_id, changes FROM ledger WHERE kind = 'ticket' ORDER BY id"
    ):
        for name, (before, after) in json.loads(row["changes"]).items():
            said = told[row["subject_id"]]
            if name in said and said[name] != before:
                said[f"{name}, before"] = (said[name], before)
            said[name] = after
        told[row["subject_id"]]
    return dict(told)


def _parts(database: Database) -> list[str]:
    """Steps, fields, watchers and links are those told of."""
    stands = {
        (row["ticket_id"], f"{kind}.{_name(kind, row)}")
        for kind, text in _TABLES.items()
        for row in database.all(text)
    }
    told = {
        (number, name)
        for number, said in _told(database).items()
        for name, value in said.items()
        if name.partition(".")[0] in _TABLES and "," not in name and value is not None
    }
    found = [f"#{number} {name}: there, but not told of" for number, name in stands - told]
    return found + [f"#{number} {name}: told of, but not there" for number, name in told - stands]


def _name(kind: str, row: Row) -> str:
    if kind == "link":
        return f"{row['kind']}.{row['other_id']}"
    return str(row[{"step": "step", "field": "name", "watcher": "person_id"}[kind]])


def _plain(name: str, value: Any) -> Any:
    if name in MOMENTS and value is not None:
        return to_text(moment(value))
    if isinstance(value, datetime):
        return to_text(from_text(value.isoformat()))
    return bool(value) if name in ("urgent", "reproduced") and value is not None else value
