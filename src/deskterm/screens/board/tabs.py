"""The board's tabs: the views everybody has, then the saved ones, each with its count."""

from dataclasses import replace
from typing import TYPE_CHECKING

from textual.message import Message

from deskterm.domain.errors import DeskError
from deskterm.screens.board.views import COUNT_CAP, DEFAULTS, all_views, count_words
from deskterm.screens.work import Working
from deskterm.widgets.view_tabs import View, ViewTabs

if TYPE_CHECKING:
    from deskterm.screens.desk import Desk
    from deskterm.services.tickets.board import Board


def _counted(desk: "Desk") -> tuple[View, ...]:
    return tuple(
        replace(view, count=_count(desk.board, view)) for view in all_views(desk.admin.views())
    )


def _count(board: "Board", view: View) -> str:
    try:
        return count_words(board.count(view.query, COUNT_CAP))
    except DeskError:
        return "?"


class BoardTabs(ViewTabs, Working):
    """Reads the saved views and how many tickets each view has."""

    class Counted(Message):
        """The counts of the views are new."""

    def on_mount(self) -> None:
        """Show the views everybody has."""
        self.views = DEFAULTS

    def read(self) -> None:
        """Read the saved views, and count the tickets of each."""
        self.load(_counted, self._show, "views")

    def _show(self, views: tuple[View, ...]) -> None:
        if views != self.views:
            self.views = views
            self.post_message(self.Counted())

    def place_of(self, query: str) -> int:
        """Give the place of the view with this query; -1 where there is none."""
        queries = [view.query for view in self.views]
        return queries.index(query) if query in queries else -1

    def beside(self, by: int) -> int:
        """Give the place of the view so many to the right, round the ends."""
        return (max(self.active, 0 if by < 0 else -1) + by) % max(1, len(self.views))

    def facts(self) -> list[str]:
        """Give what the header says: how many are open, how many overdue."""
        views = self.views
        late = next((view.count for view in views if view.query == "is:overdue"), "")
        return [
            f"{views[0].count} open" if views and views[0].count else "",
            f"{late} overdue" if late not in ("", "0") else "",
        ]
