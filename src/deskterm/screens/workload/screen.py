"""Who has what in hand, since when, and who is off; from a technician to their tickets."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on
from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import OptionList, Static

from deskterm.domain import clock
from deskterm.domain.promised_rows import LoadRow
from deskterm.domain.rows import Done
from deskterm.screens.actions import bindings
from deskterm.screens.listed import Listed
from deskterm.screens.work import Order, Seen
from deskterm.screens.workload.lines import NOBODY, lines, query_of, titles, words
from deskterm.widgets.line_list import LineList
from deskterm.widgets.status_line import StatusLine

if TYPE_CHECKING:
    from collections.abc import Callable

    from deskterm.screens.desk import Desk


class WorkloadScreen(Listed):
    """A line a technician, by login."""

    NAME = "workload"
    CSS_PATH = "screen.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("workload")]

    rows: Sequence[LoadRow] = ()

    def body(self) -> Iterable[Widget]:
        """Give titles, lines, and words about the line in hand."""
        yield Static(Content(titles()), id="titles")
        yield LineList(id="list")
        yield Static(id="words")

    def read(self) -> None:
        """Read the workload."""
        self.load(lambda desk: desk.absences.workload(), self._show, "list")

    def _show(self, rows: Sequence[LoadRow]) -> None:
        self.rows = tuple(rows)
        self.listing.show(lines(rows, clock.now(), self.size.width))
        status = self.query_one(StatusLine)
        total = sum(row.open + row.waiting + row.solved for row in rows)
        off = sum(row.off_until is not None for row in rows)
        status.facts = f"{total} open  {off} off" if off else f"{total} open"
        status.clock = clock.now().astimezone().strftime("%H:%M")
        self._draw_words()

    @on(OptionList.OptionHighlighted, "#list")
    def _draw_words(self) -> None:
        row = self.in_hand
        self.query_one("#words", Static).update(Content(words(row) if row else ""))
        self.show_keys()

    @property
    def in_hand(self) -> LoadRow | None:
        """The line under the cursor."""
        name = self.name_in_hand
        return next((row for row in self.rows if (row.login or NOBODY) == name), None)

    @on(OptionList.OptionSelected, "#list")
    def _chosen(self) -> None:
        self.action_load_open()

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
        from deskterm.screens.dialogs.absence import AbsenceDialog

        def add(values: dict[str, str] | None) -> None:
            if values:
                self._order(
                    f"{login} is off:",
                    lambda desk, how: desk.absences.add(login=login, **values, **how),
                )

        self.app.push_screen(AbsenceDialog(login), add)

    def _order(self, said: str, change: "Callable[[Desk, dict[str, Any]], object]") -> None:
        def run(desk: "Desk", operation: str, seen: Seen) -> Done:
            del seen
            change(desk, {"op_id": operation})
            return Done(operation, "absence", ())

        self.desk_app.write(Order(said, run))
