"""Who has what in hand, since when, and who is off; from a technician to their tickets."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from textual.binding import BindingType
from textual.content import Content

from deskterm.domain import clock
from deskterm.domain.asking import How
from deskterm.domain.promised_rows import LoadRow
from deskterm.domain.rows import Done
from deskterm.screens.actions import bindings
from deskterm.screens.listing import ListScreen, Read
from deskterm.screens.order import Order
from deskterm.screens.workload.lines import NOBODY, lines, query_of, titles, words
from deskterm.widgets.line_list import Line

if TYPE_CHECKING:
    from collections.abc import Callable

    from deskterm.screens.desk import Desk


class WorkloadScreen(ListScreen[LoadRow]):
    """A line a technician, by login."""

    NAME = "workload"
    KIND = "technician"
    CSS_PATH = "screen.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("workload")]
    EMPTY = "Nobody has a ticket in hand, and none waits."

    def read(self, desk: "Desk") -> Read[LoadRow]:
        """Read the workload."""
        rows = desk.absences.workload()
        total = sum(row.open + row.waiting + row.solved for row in rows)
        off = sum(row.off_until is not None for row in rows)
        return Read(rows, facts=f"{total} open  {off} off" if off else f"{total} open")

    def lines(self, rows: Sequence[LoadRow]) -> list[Line]:
        """Give a line a technician."""
        return lines(rows, clock.now(), self.size.width)

    def name_of(self, row: LoadRow) -> str:
        """Give the login, or what stands for nobody."""
        return row.login or NOBODY

    def head(self) -> Content:
        """Give the heads of the columns."""
        return Content(titles())

    def about(self, row: LoadRow) -> Content:
        """Give their groups, and until when they are off."""
        return Content(words(row))

    def chosen_number(self) -> str:
        """Give the login."""
        return (self.in_hand.login or "") if self.in_hand else ""

    def action_load_open(self) -> None:
        """Show the tickets of the line on the board."""
        row = self.in_hand
        if row is not None:
            self.desk_app.show_tickets(query_of(row.login or NOBODY))

    def action_load_off(self) -> None:
        """Record that the technician in hand is off, or that they are back."""
        row = self.in_hand
        if row is None or row.login is None:
            self.say("Choose a technician first.", "warning")
        elif row.off_until is not None:
            login = row.login
            self._order(f"{login} is back:", lambda desk, how: desk.absences.end(login, **how))
        else:
            self._ask_absence(row.login)

    def _ask_absence(self, login: str) -> None:
        from deskterm.screens.dialogs.away import AbsenceDialog

        def add(values: dict[str, str] | None) -> None:
            if values:
                self._order(
                    f"{login} is off:",
                    lambda desk, how: desk.absences.add(login=login, **values, **how),
                )

        self.app.push_screen(AbsenceDialog(login), add)

    def _order(self, said: str, change: "Callable[[Desk, dict[str, Any]], object]") -> None:
        def run(desk: "Desk", how: How) -> Done:
            change(desk, {"op_id": how.op_id})
            return Done(how.op_id or "", "absence", ())

        self.desk_app.write(Order(said, run))
