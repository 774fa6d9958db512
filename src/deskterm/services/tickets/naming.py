"""The names behind the numbers that ledger entries hold, for the timeline."""

from collections.abc import Iterable, Mapping
from typing import Any

from deskterm.domain.rows import EntryRow
from deskterm.services.tickets.operation import Operating
from deskterm.storage.spine import in_list, list_value

Names = Mapping[str, Mapping[int, str]]
"""Column of a ticket → number → name."""

_TEXTS = {
    "category_id": "SELECT id, path AS name FROM category WHERE id ",
    "service_id": "SELECT id, name FROM service WHERE id ",
    "group_id": "SELECT id, name FROM desk_group WHERE id ",
    "device_id": "SELECT id, name FROM device WHERE id ",
    "requester_id": "SELECT id, name FROM person WHERE id ",
}
_SAME = {"from_group_id": "group_id", "watcher": "requester_id"}


class Naming(Operating):
    """Reads that turn stored numbers into words."""

    def names(self, entries: Iterable[EntryRow]) -> Names:
        """Give the name of each number that the entries' changes hold, by column.

        `from_group_id` and `watcher` have their own keys; unknown numbers are left out.
        """
        wanted = _numbers(entries)
        known: dict[str, dict[int, str]] = {}
        with self.store.reading() as database:
            for column, numbers in wanted.items():
                text = _TEXTS[_SAME.get(column, column)]
                rows = database.all(
                    f"{text}{in_list(database, 'ids')}", ids=list_value(database, numbers)
                )
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
