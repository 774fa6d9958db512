"""How the columns of a ticket are stored and read back, from their one declared table."""

from typing import Any

from deskterm.domain.columns import COLUMNS, DERIVED, FIXED, FLAG, MOMENT
from deskterm.storage.driver import moment

NAMES = tuple(one.name for one in COLUMNS)
"""The columns a change may name."""
_EVERY = (*COLUMNS, *DERIVED, *FIXED)
EVERY = tuple(one.name for one in _EVERY)
_MOMENTS = frozenset(one.name for one in _EVERY if one.kind == MOMENT)
_FLAGS = frozenset(one.name for one in _EVERY if one.kind == FLAG)
FRESH = {one.name: one.default for one in COLUMNS}
"""What a ticket has in the columns a change may name, where nothing is said."""


def read(name: str, value: Any) -> Any:
    """Give a column's stored value as the program has it: times aware, yes and no as bool."""
    if value is None:
        return None
    if name in _MOMENTS:
        return moment(value)
    return bool(value) if name in _FLAGS else value
