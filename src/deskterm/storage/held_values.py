"""Values held by a unit of work: what they will be, and each change kept as before → after."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from deskterm.domain.clock import to_text
from deskterm.domain.text import storable

Changes = dict[str, tuple[Any, Any]]
"""What was changed, by its key: before and after, as the ledger keeps them."""


class HeldValues:
    """The columns of one row: what they will be once the operation is stored, and what changed."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = dict(values)
        self._dirty: set[str] = set()
        self._changes: Changes = {}

    def __getitem__(self, column: str) -> Any:
        """Give a column's value as it now is in this operation."""
        return self._values[column]

    def set(self, **columns: object) -> None:
        """Change columns; equal values are no change."""
        for name, value in columns.items():
            new = storable(value) if isinstance(value, str) else value
            if self._values[name] != new:
                self._note(name, plain(self._values[name]), plain(new))
                self._values[name] = new
                self._dirty.add(name)

    def touches(self, *columns: str) -> bool:
        """Tell whether one of these columns is changed and not stored yet."""
        return any(
            self._changes.get(name, (0, 0))[0] != self._changes.get(name, (0, 0))[1]
            for name in columns
        )

    def _note(self, key: str, before: object, after: object) -> None:
        """Keep a change; of several of one key the first before and the last after."""
        self._changes[key] = (self._changes.get(key, (before,))[0], after)


def plain(value: object) -> object:
    """Give a value as the ledger keeps it: moments as text."""
    return to_text(value) if isinstance(value, datetime) else value
