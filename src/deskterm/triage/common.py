"""What tickets have in common: the values that most of them share, column by column."""

from collections import Counter
from collections.abc import Sequence

from deskterm.domain.columns import FIELD, LISTED
from deskterm.domain.rows import BoardRow, Counted, ValueCount
from deskterm.triage.query import quote

MOST = 3
"""Values of one column that are told."""
FEWEST = 2
"""So many tickets share it at least."""


def counted(rows: Sequence[BoardRow], keys: Sequence[str]) -> Counted:
    """Give the values that most of the rows have, the most frequent first, a few of each column."""
    found = [one for key in keys for one in _of_column(rows, key)]
    found.sort(key=lambda one: -one.tickets)
    return Counted(len(rows), tuple(found))


def _of_column(rows: Sequence[BoardRow], key: str) -> list[ValueCount]:
    title, term = _named(key)
    many: Counter[str] = Counter()
    for row in rows:
        value = row.value(key)
        many.update(map(str, value if isinstance(value, list) else [value] if value else []))
    return [
        ValueCount(title, value, f"{term}:{quote(value)}", count)
        for value, count in many.most_common(MOST)
        if count >= FEWEST
    ]


def _named(key: str) -> tuple[str, str]:
    """Give a column's title and the term that asks for it."""
    shown = LISTED[key].shown if key in LISTED else None
    return (shown.title, shown.term) if shown else (key.removeprefix(FIELD), key)
