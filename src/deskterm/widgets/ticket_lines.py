"""Drawing one line of the ticket table as a strip."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from deskterm.domain.rows import BoardRow
from deskterm.widgets.ticket_columns import Column, cell

LEAD = 4
"""Cells before the columns: mark, urgent sign and their gaps."""


class LinePainter:
    """Draws lines for one width, one choice of columns and one theme."""

    def __init__(
        self, columns: Sequence[tuple[Column, int]], width: int, styles: Mapping[str, Style]
    ) -> None:
        self.columns = columns
        self.width = width
        self.styles = styles

    def header(self) -> Strip:
        """Give the line of titles."""
        titles = " ".join(set_cell_size(column.title, width) for column, width in self.columns)
        style = self.styles["header"]
        return Strip([Segment("M   " + titles, style)]).adjust_cell_length(self.width, style)

    def head_at(self, x: int) -> Column | None:
        """Give the column whose head stands at a place of the line."""
        end = LEAD
        for column, width in self.columns:
            end += width + 1
            if LEAD <= x < end:
                return column
        return None

    def ticket(self, row: BoardRow, now: datetime) -> list[Segment]:
        """Give the cells of one ticket."""
        parts = []
        for column, width in self.columns:
            broken = column.key == "promise" and row.due_at is not None and row.due_at <= now
            style = self.styles.get("urgent" if broken else column.style) or Style.null()
            parts.append(Segment(fit(cell(column, row, now), width) + " ", style))
        return parts

    def hint(self, text: str, line: int) -> Strip:
        """Give one line of what is said where there are no tickets."""
        lines = text.splitlines()
        if not 0 <= line < len(lines):
            return Strip.blank(self.width)
        segment = Segment("   " + lines[line], self.styles["hint"])
        return Strip([segment]).adjust_cell_length(self.width)

    def placeholder(self, number: int) -> list[Segment]:
        """Give the cells of a ticket whose row is still being fetched."""
        return [Segment(f"#{number}  …", self.styles["dim"])]

    def dress(
        self, cells: list[Segment], row: BoardRow | None, cursor: bool, marked: bool
    ) -> Strip:
        """Give the whole line with its signs, coloured for cursor and mark."""
        urgent = row is not None and row.urgent
        lead = [
            Segment("* " if marked else "  ", self.styles["marked"]),
            Segment("! " if urgent else "  ", self.styles["urgent"]),
        ]
        strip = Strip([*lead, *cells]).adjust_cell_length(self.width)
        if marked:
            strip = Strip(Segment.apply_style(strip, None, self.styles["marked"]), self.width)
        if cursor:
            strip = Strip(Segment.apply_style(strip, None, self.styles["cursor"]), self.width)
        return strip


def fit(text: str, width: int) -> str:
    """Give the text in exactly `width` cells, cut with an ellipsis where it is longer."""
    if cell_len(text) <= width:
        return set_cell_size(text, width)
    return set_cell_size(set_cell_size(text, width - 1).rstrip() + "…", width)
