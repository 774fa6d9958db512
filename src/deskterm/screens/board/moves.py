"""Moving, marking and choosing views on the board: the keys that only touch the table."""

from textual.css.query import NoMatches

from deskterm.screens.work import Working
from deskterm.widgets.ticket_table import TicketTable


class TableKeys(Working):
    """Actions of a screen with one ticket table."""

    @property
    def table(self) -> TicketTable:
        """The table."""
        return self.query_one(TicketTable)

    @property
    def has_table(self) -> bool:
        """True once the screen is composed."""
        try:
            return self.table.is_mounted
        except NoMatches:
            return False

    def action_extend_down(self) -> None:
        """Extend the range down."""
        self.table.move(1, extend=True)

    def action_extend_up(self) -> None:
        """Extend the range up."""
        self.table.move(-1, extend=True)

    def action_mark(self) -> None:
        """Mark and move on."""
        self.table.toggle_mark()

    def action_mark_range(self) -> None:
        """Start or end a range."""
        self.table.toggle_range()

    def action_mark_all(self) -> None:
        """Mark everything in the filter, or take all marks away."""
        table = self.table
        if len(table.marks.ids) >= len(table.ids):
            table.unmark_all()
        else:
            table.mark(table.ids)
