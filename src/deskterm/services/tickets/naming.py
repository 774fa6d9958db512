"""The names behind the numbers that ledger entries hold, for the timeline."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from deskterm.domain.rows import EntryRow
from deskterm.domain.vocabulary import Event
from deskterm.services.tickets.operation import Operating

Names = Mapping[str, Mapping[int, str]]
"""Column of a ticket → number → name."""

_TEXTS = {
    "category_id": "SELECT id, path AS name FROM category WHERE id IN :ids",
    "service_id": "SELECT id, name FROM service WHERE id IN :ids",
    "group_id": "SELECT id, name FROM desk_group WHERE id IN :ids",
    "device_id": "SELECT id, name FROM device WHERE id IN :ids",
    "requester_id": "SELECT id, name FROM person WHERE id IN :ids",
}
_SAME = {"from_group_id": "group_id", "watcher": "requester_id"}


class Opening(NamedTuple):
    """How a ticket of a timeline began: its own, or one that was merged into it."""

    ticket: int
    subject: str
    body: str
    channel: str
    requester: str


class Naming(Operating):
    """Reads that turn stored numbers into words."""

    def openings(self, entries: Iterable[EntryRow]) -> Mapping[int, Opening]:
        """Give, by ledger entry, what was said when each ticket of a timeline was opened."""
        numbers = [entry.id for entry in entries if entry.event == Event.OPENED]
        with self.store.reading() as database:
            rows = database.all(
                "SELECT l.id AS entry, t.id, t.subject, t.body, t.channel, p.name "
                "FROM ledger l JOIN ticket t ON t.id = l.subject_id "
                "LEFT JOIN person p ON p.id = t.requester_id "
                "WHERE l.kind = 'ticket' AND l.id IN :ids",
                ids=numbers,
            )
        return {
            row["entry"]: Opening(
                row["id"], row["subject"], row["body"], row["channel"], row["name"] or ""
            )
            for row in rows
        }

    def names(self, entries: Iterable[EntryRow]) -> Names:
        """Give the name of each number that the entries' changes hold, by column.

        `from_group_id` and `watcher` have their own keys; unknown numbers are left out.
        """
        wanted = _numbers(entries)
        known: dict[str, dict[int, str]] = {}
        with self.store.reading() as database:
            for column, numbers in wanted.items():
                text = _TEXTS[_SAME.get(column, column)]
                rows = database.all(text, ids=numbers)
                known[column] = {row["id"]: row["name"] for row in rows}
        return known


def _numbers(entries: Iterable[EntryRow]) -> dict[str, set[int]]:
    wanted: dict[str, set[int]] = {}
    for entry in entries:
        for field, values in entry.changes.items():
            column, _, name = field.partition(".")
            if column == "watcher":
                wanted.setdefault(column, set()).add(int(name))
            elif _SAME.get(column, column) in _TEXTS:
                wanted.setdefault(column, set()).update(_whole(values))
    return {column: numbers for column, numbers in wanted.items() if numbers}


def _whole(values: Iterable[Any]) -> set[int]:
    return {value for value in values if isinstance(value, int)}
