"""Items of checklists as they hang on a ticket, `item.3`."""

import json
from typing import TYPE_CHECKING

from deskterm.domain.checklists import Item
from deskterm.domain.clock import to_text
from deskterm.domain.text import storable
from deskterm.storage.driver import Database, as_row, moment

if TYPE_CHECKING:
    from deskterm.storage.work import Work

_ITEM = "SELECT number, text, checklist, required, done_by, done_at FROM checklist_item"


def items(database: Database, ticket: int) -> list[Item]:
    """Give the items of a ticket in their order."""
    rows = database.all(f"{_ITEM} WHERE ticket_id = :id ORDER BY number", id=ticket)
    return [as_row(Item, row) for row in rows]


def open_items(database: Database, ticket: int) -> list[Item]:
    """Give the items that must be done before a ticket is solved, and are not."""
    rows = database.all(
        f"{_ITEM} WHERE ticket_id = :id AND required AND done_by IS NULL ORDER BY number",
        id=ticket,
    )
    return [as_row(Item, row) for row in rows]


def checklist(database: Database, name: str) -> tuple[list[str], bool] | None:
    """Give (items, whether they are required) of a checklist of the desk's own."""
    row = database.one(
        "SELECT items, required FROM checklist WHERE lower(name) = lower(:name)", name=name.strip()
    )
    return (json.loads(row["items"]), bool(row["required"])) if row else None


def checklist_names(database: Database) -> list[str]:
    """Give the names of the checklists that are in use."""
    return [row["name"] for row in database.all("SELECT name FROM checklist ORDER BY name")]


def read_item(work: "Work", ticket: int, name: str) -> object:
    """Give [text, checklist, required, who did it, when] of an item, or None."""
    row = work.spine.one(
        f"{_ITEM} WHERE ticket_id = :id AND number = :number", id=ticket, number=int(name)
    )
    if row is None:
        return None
    at = None if row["done_at"] is None else to_text(moment(row["done_at"]))
    return [row["text"], row["checklist"], bool(row["required"]), row["done_by"], at]


def write_item(work: "Work", ticket: int, name: str, value: object) -> None:
    """Store an item; None takes it off."""
    work.spine.later(
        "DELETE FROM checklist_item WHERE ticket_id = :id AND number = :number",
        id=ticket,
        number=int(name),
    )
    if isinstance(value, list):
        text, listed, required, who, at = value
        work.spine.later(
            "INSERT INTO checklist_item (ticket_id, number, text, checklist, required, done_by, "
            "done_at) VALUES (:id, :number, :text, :checklist, :required, :who, :at)",
            id=ticket,
            number=int(name),
            text=storable(text),
            checklist=storable(listed),
            required=bool(required),
            who=who,
            at=None if at is None else moment(at),
        )
