"""The names behind the numbers that ledger entries hold, for the timeline."""

from collections.abc import Iterable, Mapping

from deskterm.domain.rows import EntryRow
from deskterm.storage.driver import Database
from deskterm.storage.reads import held as reads

Names = Mapping[str, Mapping[int, str]]
"""Column of a ticket → number → name."""

_SAME = {"from_group_id": "group_id", "watcher": "requester_id"}


def names_in(database: Database, entries: Iterable[EntryRow]) -> Names:
    """Give the name of each number that the entries' changes hold, by column.

    `from_group_id` and `watcher` have their own keys; unknown numbers are left out.
    """
    return {
        column: reads.names(database, _SAME.get(column, column), numbers)
        for column, numbers in _numbers(entries).items()
    }


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


def _whole(values: Iterable[object]) -> set[int]:
    return {value for value in values if isinstance(value, int)}
