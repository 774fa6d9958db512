"""How the columns of a ticket are stored and read back, from their one declared table."""

from typing import Any

from deskterm.domain.columns import COLUMNS, FLAG, MOMENT
from deskterm.storage.driver import moment

NAMES = tuple(one.name for one in COLUMNS)
"""The columns a change may name."""
MOMENTS = frozenset(one.name for one in COLUMNS if one.kind == MOMENT)
FLAGS = frozenset(one.name for one in COLUMNS if one.kind == FLAG)
NEW = {one.name: one.default for one in COLUMNS if one.default is not None}
"""What a new ticket has in a column that may not be empty."""
DERIVED = ("picked_at", "due_at", "rank_at", "impact")
"""The columns that follow from others: the followers of a change write them, nobody else."""


def read(name: str, value: Any) -> Any:
    """Give a column's stored value as the program has it: times aware, yes and no as bool."""
    if value is None:
        return None
    if name in MOMENTS:
        return moment(value)
    return bool(value) if name in FLAGS else value
