"""A figure, computed once: screen, command, CSV, JSON and pages only show it.

A cell knows its value and its words. Nobody who shows a sheet rounds, counts or divides again.
"""

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from io import StringIO
from typing import NamedTuple

from deskterm.domain.shares import Share
from deskterm.domain.text import cell_safe, clean


class Cell(NamedTuple):
    """One value: in words, and exact."""

    text: str
    """As a table shows it; it may be somebody's words."""
    number: float | None = None
    unit: str = ""
    """Of the number: `s` for seconds; empty: things counted."""
    share: Share | None = None
    data: object = None
    """What JSON holds where it is neither a share, a number nor the words; a function gives it."""

    @property
    def n(self) -> int | None:
        """Of how many the share is."""
        return self.share.of if self.share is not None else None

    @property
    def value(self) -> object:
        """What JSON holds: the data, the share with its interval, the number, else the words."""
        if self.data is not None:
            return self._exact
        if self.share is not None:
            return self.share.record
        return self.number if self.number is not None or self.unit else self.text

    @property
    def plain(self) -> object:
        """What CSV holds: the hits of a share, a number, or words; nothing where none is known."""
        if self.share is not None:
            return self.share.hits
        if self.number is not None or self.unit:
            return "" if self.number is None else self.number
        exact = self._exact
        return exact if isinstance(exact, str) else self.text

    @property
    def _exact(self) -> object:
        return self.data() if callable(self.data) else self.data


class Row(NamedTuple):
    """One line of figures."""

    cells: Mapping[str, Cell]
    """Column → cell."""
    told: Sequence[str] = ()
    """What more is known of it, in sentences and short facts, a line each."""
    many: int = 0
    """How many tickets are behind it."""
    behind: str = ""
    """Which tickets these are: `that show it`."""
    read: Callable[[], Sequence[int]] = tuple
    """Puts them in order, for whoever wants to see them."""

    @property
    def tickets(self) -> Sequence[int]:
        """The tickets behind it, the newest first."""
        return self.read()


class Sheet(NamedTuple):
    """Figures of one kind."""

    title: str
    rows: Sequence[Row] = ()

    def records(self, columns: Sequence[str]) -> list[dict[str, object]]:
        """Give what JSON holds of these columns, a record a row."""
        return [{name: row.cells[name].value for name in columns} for row in self.rows]

    def texts(self, columns: Sequence[str]) -> list[dict[str, object]]:
        """Give what a table shows of these columns, a record a row."""
        return [{name: row.cells[name].text for name in columns} for row in self.rows]


def as_csv(rows: Iterable[Row], columns: Mapping[str, str]) -> str:
    """Give rows as CSV, heading → column; no cell starts a formula."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_defused(row.cells[name].plain) for name in columns.values()])
    return out.getvalue()


def shared(share: Share) -> Cell:
    """Give the cell of a share: `86 % (n 118, 79–91)`."""
    return Cell(share.text, share=share)


def _defused(value: object) -> object:
    return cell_safe(clean(value, one_line=True)) if isinstance(value, str) else value
