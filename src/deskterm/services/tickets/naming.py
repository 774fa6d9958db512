"""The names behind the numbers that ledger entries hold, for the timeline."""

from collections.abc import Iterable, Mapping
from typing import Any

from deskterm.domain.rows import EntryRow
from deskterm.domain.vocabulary import Event
from deskterm.services.tickets.operation import Operating
from deskterm.storage.reads import held as reads
from deskterm.storage.reads.held import Opening

Names = Mapping[str, Mapping[int, str]]
"""Column of a ticket → number → name."""

_SAME = {"from_group_id": "group_id", "watcher": "requester_id"}


class Naming(Operating):
    """Reads that turn stored numbers into words."""

    def openings(self, entries: Iterable[EntryRow]) -> Mapping[int, Opening]:
        """Give, by ledger entry, what was said when each ticket of a timeline was opened."""
        numbers = [entry.id for entry in entries if entry.event == Event.OPENED]
        with self.store.reading() as database:
            return reads.openings(database, numbers)

    def names(self, entries: Iterable[EntryRow]) -> Names:
        """Give the name of each number that the entries' changes hold, by column.

        `from_group_id` and `watcher` have their own keys; unknown numbers are left out.
        """
        wanted = _numbers(entries)
        known: dict[str, dict[int, str]] = {}
        with self.store.reading() as database:
            for column, numbers in wanted.items():
                known[column] = reads.names(database, _SAME.get(column, column), numbers)
        return known


def _numbers(entries: Iterable[EntryRow]) -> dict[str, set[int]]:
    wanted: dict[str, set[int]] = {}
    for entry in entries:
        for field, values in entry.changes.items():
            column, _, name = field.partition(".")
            if column == "watcher":
                wanted.setdefault(column, set()).add(int(name))
            elif _SAME.get(column, column) in reads.NAMED:
                wanted.setdefault(column, set()).update(_whole(values))
    return {column: numbers for column, numbers in wanted.items() if numbers}


def _whole(values: Iterable[Any]) -> set[int]:
    return {value for value in values if isinstance(value, int)}
