"""Drawing the lines of the ticket table as strips."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.cache import LRUCache
from textual.strip import Strip
from textual.widget import Widget

from deskterm.domain.rows import BoardRow
from deskterm.widgets.ticket_columns import Column, cell, fitting

LEAD = 4
"""Cells before the columns: mark, sign of who else is there, urgent sign, a gap."""


class Signs(NamedTuple):
    """What stands before the columns beside the mark."""

    here: str
    """Of whoever else has it open."""
    urgent: bool


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

    def dress(self, cells: list[Segment], signs: Signs, cursor: bool, marked: bool) -> Strip:
        """Give the whole line with its signs, coloured for cursor and mark."""
        lead = [
            Segment("*" if marked else " ", self.styles["marked"]),
            Segment(signs.here or " ", self.styles["waits" if signs.here else "marked"]),
            Segment("! " if signs.urgent else "  ", self.styles["urgent"]),
        ]
        strip = Strip([*lead, *cells]).adjust_cell_length(self.width)
        if marked:
            strip = Strip(Segment.apply_style(strip, None, self.styles["marked"]), self.width)
        if cursor:
            strip = Strip(Segment.apply_style(strip, None, self.styles["cursor"]), self.width)
        return strip


class TablePaint:
    """The lines of a table as they were drawn: for one width, focus, choice of columns, minute."""

    def __init__(self, table: Widget, part: str, parts: Iterable[str]) -> None:
        self._table = table
        self._part = part
        """How the names of its component styles begin."""
        self._parts = tuple(parts)
        self.here: Mapping[int, str] = {}
        """Ticket → the sign of whoever else has it open."""
        self._lines: LRUCache[tuple[int, bool, bool], tuple[BoardRow | None, str, Strip]] = (
            LRUCache(400)
        )
        """Number, cursor, marked → the row and sign that were drawn, and the line."""
        self._made_for: tuple[object, ...] = ()
        self._now: datetime | None = None
        self.base = Style.null()
        """The table's own look, as it was when these lines were begun."""
        self.painter = LinePainter((), 0, {})

    def begin(self, columns: Sequence[str], now: datetime | None) -> None:
        """Make ready to draw; what was drawn for another look is forgotten."""
        self.base = self._table.rich_style
        width = self._table.scrollable_content_region.width
        look = (width, columns, now, self._table.has_focus)
        if look == self._made_for:
            return
        self.forget()
        self._made_for, self._now = look, now
        styles = {
            name: self._table.get_component_rich_style(f"{self._part}{name}", partial=True)
            for name in self._parts
        }
        for name in ("header", "cursor"):
            styles[name] = self._on_background(name, styles[name])
        self.painter = LinePainter(fitting(columns, width - LEAD), width, styles)

    def forget(self) -> None:
        """Forget drawn lines and their colours."""
        self._made_for = ()
        self._lines.clear()

    def _on_background(self, name: str, style: Style) -> Style:
        """Give a component's style with its background mixed into the table's own."""
        part = self._table.get_component_styles(f"{self._part}{name}")
        if self._table.app.native_ansi_color:
            return Style(color=style.color, bold=style.bold, reverse=style.reverse)
        mixed = (self._table.background_colors[1] + part.background).rich_color
        return style + Style(bgcolor=mixed)

    def ticket(self, number: int, row: BoardRow | None, cursor: bool, marked: bool) -> Strip:
        """Give the line of a ticket; without a clock yet an empty one."""
        if self._now is None:
            return Strip.blank(self.painter.width, self.base)
        key = (number, cursor, marked)
        here = self.here.get(number, "")
        drawn, sign, strip = self._lines.get(key) or (None, "", None)
        if strip is None or drawn is not row or sign != here:
            painter = self.painter
            cells = painter.placeholder(number) if row is None else painter.ticket(row, self._now)
            signs = Signs(here, row is not None and row.urgent)
            strip = painter.dress(cells, signs, cursor, marked).apply_style(self.base)
            self._lines[key] = (row, here, strip)
        return strip

    def columns(self) -> list[str]:
        """Give the columns that the window has room for, in their order."""
        return [column.key for column, _ in self.painter.columns]


def fit(text: str, width: int) -> str:
    """Give the text in exactly `width` cells, cut with an ellipsis where it is longer."""
    if cell_len(text) <= width:
        return set_cell_size(text, width)
    return set_cell_size(set_cell_size(text, width - 1).rstrip() + "…", width)
