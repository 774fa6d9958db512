"""What the form of a ticket's facts is filled in with: values as typed, and what they may be."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from deskterm.domain.columns import EDITED, Edit
from deskterm.domain.records import TicketSheet
from deskterm.storage.driver import Database, Row
from deskterm.storage.reads import held
from deskterm.storage.reads.asked import desk_zone
from deskterm.storage.reads.known import known_names
from deskterm.storage.reads.records import fields as declared
from deskterm.storage.ticket.columns import read

_STORED = tuple(one.name for one in EDITED.values())
_SELECT = f"SELECT id, {', '.join(_STORED)} FROM ticket WHERE id IN :ids"  # noqa: S608 - constants
_OWN = (
    "SELECT DISTINCT d.name FROM device d JOIN ticket t ON t.requester_id = d.person_id "
    "WHERE t.id IN :ids ORDER BY d.name"
)


def sheet(database: Database, numbers: Sequence[int]) -> TicketSheet:
    """Give what all of some tickets have, and what their facts may be."""
    fields = declared(database)
    rows = database.all(_SELECT, ids=numbers)
    texts = [_texts(database, row) for row in rows]
    values = [held.fields_of(database, row["id"]) for row in rows]
    named = [name for name, one in EDITED.items() if one.edit and one.edit.kind == "name"]
    options = {name: tuple(known_names(database, name)) for name in named}
    own = [row["name"] for row in database.all(_OWN, ids=numbers)]
    return TicketSheet(
        texts={name: _same(one[name] for one in texts) for name in EDITED},
        options=options | {"device": tuple(dict.fromkeys((*own, *options["device"])))},
        fields=fields,
        values={one.name: _same(each.get(one.name, "") for each in values) for one in fields},
    )


def _texts(database: Database, row: Row) -> Mapping[str, str]:
    return {
        name: _typed(database, one.edit or Edit(name), one.name, read(one.name, row[one.name]))
        for name, one in EDITED.items()
    }


def _typed(database: Database, edit: Edit, column: str, value: object) -> str:
    """Give a stored value as a person would type it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.astimezone(desk_zone(database)).strftime("%Y-%m-%d %H:%M")
    if edit.name == "requester":
        return held.name_of_person(database, int(str(value)))
    if column in held.NAMED:
        return held.names(database, column, [int(str(value))]).get(int(str(value)), "")
    return str(value)


def _same(texts: Iterable[str]) -> str:
    """Give what is the same in all of them; empty where they differ."""
    found = set(texts)
    return found.pop() if len(found) == 1 else ""
