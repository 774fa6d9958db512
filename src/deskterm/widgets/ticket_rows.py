"""The rows of the ticket table that are in memory: some thousands, whatever the table's length."""

from collections.abc import Iterable, Sequence

from deskterm.domain.rows import BoardRow

ROWS_KEPT = 2_000


class TicketRows:
    """Rows by ticket, those that are out of date, and those that were asked for."""

    def __init__(self) -> None:
        self._rows: dict[int, BoardRow] = {}
        self._stale: set[int] = set()
        self._asked: set[int] = set()

    def __len__(self) -> int:
        return len(self._rows)

    def get(self, number: int | None) -> BoardRow | None:
        """Give the row of a ticket where it is known, also one that is out of date."""
        return None if number is None else self._rows.get(number)

    def lacks(self, number: int) -> bool:
        """Tell whether the row is not known as it is now."""
        return number in self._stale or number not in self._rows

    def put(self, rows: Iterable[BoardRow]) -> None:
        """Take rows; the oldest give way."""
        for row in rows:
            self._rows.pop(row.id, None)
            self._rows[row.id] = row
            self._stale.discard(row.id)
            self._asked.discard(row.id)
        while len(self._rows) > ROWS_KEPT:
            del self._rows[next(iter(self._rows))]

    def grow_old(self) -> None:
        """Something changed: every row is out of date."""
        self._stale = set(self._rows)
        self._asked.clear()

    def ask(self, number: int, window: Sequence[int]) -> list[int]:
        """Give what is lacking of the window around a ticket, once.

        A newer ask takes the place of an older; nothing where the ticket was asked for.
        """
        if number in self._asked:
            return []
        missing = [one for one in window if self.lacks(one)]
        self._asked = set(missing)
        return missing

    def forget_asked(self) -> None:
        """Nothing is under way any more: another list is shown."""
        self._asked.clear()
