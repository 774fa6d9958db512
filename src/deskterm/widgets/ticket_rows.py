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

    def put(self, rows: Iterable[BoardRow]) -> set[int]:
        """Take rows; the oldest give way. Gives the tickets that look another way than before."""
        altered = set()
        for row in rows:
            before = self._rows.pop(row.id, None)
            self._rows[row.id] = row if before is None or before != row else before
            if self._rows[row.id] is not before:
                altered.add(row.id)
            self._stale.discard(row.id)
            self._asked.discard(row.id)
        while len(self._rows) > ROWS_KEPT:
            del self._rows[next(iter(self._rows))]
        return altered

    def grow_old(self, but: Iterable[int] = ()) -> None:
        """Something changed: every row is out of date, `but` those that were looked at."""
        self._stale = self._rows.keys() - set(but)
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
