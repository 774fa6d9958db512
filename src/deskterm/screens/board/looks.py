"""How the board looks and where its rows go: order, columns, preview, menu, views, a command."""

from typing import TYPE_CHECKING, cast

from deskterm.screens.actions import key_label, keys_of
from deskterm.screens.board.views import sorted_by
from deskterm.screens.work import Working
from deskterm.triage.terms import SORTS
from deskterm.widgets.picker import Pick
from deskterm.widgets.query_line import QueryLine
from deskterm.widgets.ticket_columns import COLUMNS

if TYPE_CHECKING:
    from deskterm.screens.board.screen import BoardScreen
    from deskterm.screens.desk import Desk


class Looks(Working):
    """Actions of the board that change nothing but the view."""

    @property
    def _board(self) -> "BoardScreen":
        return cast("BoardScreen", self)

    def action_preview(self) -> None:
        """Show or hide the preview."""
        self._board.toggle_class("-no-preview")
        self._board.call_after_refresh(self._board.read_preview)

    def action_sort(self) -> None:
        """Choose the order."""
        from deskterm.screens.dialogs.pick import PickDialog

        picks = []
        for key, words in SORTS.items():
            picks.append(Pick(key, key, words))
            if key != "board":
                picks.append(Pick(f"{key}-desc", f"{key} ↓", f"{words}, the other way"))
        self.app.push_screen(PickDialog("Sort by", picks), self._sort)

    def _sort(self, order: str | None) -> None:
        if order:
            key, _, down = order.partition("-")
            query = sorted_by(self._board.current_query, key, bool(down))
            self._board.query_one(QueryLine).show_query(query)
            self._board.read_query(query, keep=False)

    def action_columns(self) -> None:
        """Choose the columns."""
        from deskterm.screens.dialogs.columns import ColumnsDialog

        table = self._board.table
        self.app.push_screen(ColumnsDialog(COLUMNS, table.columns), self._columns)

    def _columns(self, keys: tuple[str, ...] | None) -> None:
        if keys:
            self._board.table.columns = keys

    def action_menu(self) -> None:
        """Open the menu of the ticket at the cursor."""
        table = self._board.table
        line = table.cursor - round(table.scroll_y) + 1
        self.open_menu(table.region.x + 8, table.region.y + line)

    def open_menu(self, x: int, y: int) -> None:
        """Open the menu of what can be done here."""
        from deskterm.screens.dialogs.menu import MenuDialog

        keymap = self.desk_app.keys
        items = [
            Pick(action.id, f"{key_label(keys_of(action, keymap)[0]):>5}  {action.label}")
            for action in self._board.actions()
            if action.needs and action.palette
        ]
        self.app.push_screen(MenuDialog(items, x, y), self._board.run_named)

    def action_save_view(self) -> None:
        """Keep the filter as a view of one's own."""
        from deskterm.screens.dialogs.name import NameDialog

        query = self._board.current_query
        self.app.push_screen(NameDialog("Save this view as", query), self._save_view)

    def _save_view(self, name: str | None) -> None:
        if name:
            query = self._board.current_query
            self.load(
                lambda desk: desk.admin.save_view(name, query),
                lambda _: self._board.read_views(),
                "views",
            )

    def action_pipe(self) -> None:
        """Send the chosen rows, or all in the filter, to a command."""
        from deskterm.screens.dialogs.name import NameDialog

        many = len(self._board.table.marks.ids) or len(self._board.table.ids)
        question = f"{many} tickets as JSON lines on its standard input; no shell is used."
        self.app.push_screen(NameDialog("Pipe into the command", question), self._pipe)

    def _pipe(self, command: str | None) -> None:
        from deskterm.screens.board.pipe import pipe
        from deskterm.screens.dialogs.output import OutputDialog

        if not command:
            return

        def show(text: str) -> None:
            self.app.push_screen(OutputDialog(command, text))

        table = self._board.table
        ids = table.chosen_ids() if table.marks.ids else list(table.ids)
        self.load(
            lambda desk: pipe(desk.tickets, ids, command),
            show,
            "pipe",
        )

    def action_mark_alike(self) -> None:
        """Mark the open tickets that belong with the one under the cursor."""
        from deskterm.screens.board.alike import alike

        number = self._board.table.cursor_id
        burst = self._board.outbreak_here()
        if number is None:
            return
        if burst is not None and number in burst.tickets:
            self._mark_alike(list(burst.tickets))
            return
        calls = list(burst.tickets) if burst else []

        def ask(desk: "Desk") -> list[int]:
            found = alike(desk, desk.tickets.show(number))
            return found if len(found) > 1 or not calls else calls

        self.load(ask, self._mark_alike, "alike")

    def _mark_alike(self, numbers: list[int]) -> None:
        shown = set(self._board.table.ids)
        found = [number for number in numbers if number in shown]
        self._board.table.mark(found)
        if len(found) <= 1:
            self._board.say("No other ticket here is linked to it or reads like it.")
