"""Problems: whom they touch and what is known; told, announced and ended from here."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import BindingType
from textual.content import Content
from textual.reactive import var
from textual.widget import Widget
from textual.widgets import OptionList, Static

from deskterm.domain import clock
from deskterm.domain.problems import ProblemRow
from deskterm.screens.action import Action
from deskterm.screens.actions import bindings
from deskterm.screens.listed import Listed
from deskterm.screens.problems.lines import ProblemPage, lines, page_content, titles
from deskterm.screens.problems.verbs import ProblemVerbs
from deskterm.widgets.line_list import LineList
from deskterm.widgets.status_line import StatusLine
from deskterm.widgets.text_pane import TextPane

if TYPE_CHECKING:
    from textual import events

    from deskterm.screens.desk import Desk

TICKETS = 50
"""Open tickets that are listed; , shows all of them."""
_NONE = "No open problems.\n\nE on the board makes one of marked tickets · a shows past ones"


class ProblemsScreen(ProblemVerbs, Listed):
    """A list above, what is known of the one in hand below."""

    NAME = "problems"
    CSS_PATH = "screen.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("problems")]

    ended: var[bool] = var(False)
    """Show also those that ended."""
    rows: Sequence[ProblemRow] = ()
    page: ProblemPage | None = None

    def __init__(self, wanted: int | None = None) -> None:
        super().__init__()
        self._wanted = wanted

    def body(self) -> Iterable[Widget]:
        """Give titles, list, page."""
        yield Static(id="titles")
        yield LineList(id="list")
        yield TextPane(id="page")

    def on_mount(self) -> None:
        """Keep the keys from the page."""
        self.query_one("#page").can_focus = False

    def on_resize(self, event: "events.Resize") -> None:
        """Draw the columns anew."""
        del event
        self._draw()

    def read(self) -> None:
        """Read the list."""
        ended = self.ended
        self.load(lambda desk: desk.problems.list(ended=ended), self._show, "list")

    def _show(self, rows: Sequence[ProblemRow]) -> None:
        self.rows = tuple(rows)
        self._draw()
        self.read_page()

    def _draw(self) -> None:
        if not self.is_mounted:
            return
        width = max(40, self.size.width - 1)
        self.query_one("#titles", Static).update(Content(titles(width)))
        start = str(self._wanted) if self._wanted else ""
        self.listing.show(lines(self.rows, clock.now(), width), start)
        line = self.query_one(StatusLine)
        line.facts = f"{len(self.rows)} problems"
        line.clock = clock.now().astimezone().strftime("%H:%M")
        self.show_keys()

    # --- what is in hand -------------------------------------------------------------

    @property
    def in_hand(self) -> ProblemRow | None:
        """The problem under the cursor."""
        name = self.name_in_hand
        return next((one for one in self.rows if str(one.id) == name), None)

    def chosen_states(self) -> list[str]:
        """Give something where a problem is in hand."""
        return ["open"] if self.in_hand else []

    def chosen_number(self) -> str:
        """Give `P7`."""
        return f"P{self.in_hand.id}" if self.in_hand else ""

    def chosen_text(self) -> str:
        """Give number and title."""
        return self.in_hand.name if self.in_hand else ""

    def _why_not(self, action: Action) -> str:
        return f"{action.label}: there is no problem here."

    @on(OptionList.OptionHighlighted, "#list")
    def _moved(self) -> None:
        self.read_page()

    def read_page(self) -> None:
        """Read what is known of the one in hand."""
        one = self.in_hand
        self.show_keys()
        if one is None:
            self.page = None
            self.query_one("#page", TextPane).show(Content(_NONE))
            return
        number = one.id

        def ask(desk: "Desk") -> ProblemPage:
            view = desk.problems.show(number)
            tickets = desk.tickets.rows(view.open_tickets[:TICKETS])
            return ProblemPage(view, tickets, desk.problems.owners(number))

        self.load(ask, self._show_page, "page")

    def _show_page(self, page: ProblemPage) -> None:
        self.page = page
        self.query_one("#page", TextPane).show(page_content(page, clock.now()))

    # --- moving ----------------------------------------------------------------------

    def pager(self) -> TextPane:
        """Give what is known of the one in hand: the page keys scroll it."""
        return self.query_one("#page", TextPane)

    @on(OptionList.OptionSelected, "#list")
    def _clicked(self) -> None:
        self.action_problem_read()

    def action_problem_read(self) -> None:
        """Give the page the whole window, or the list its place back."""
        self.toggle_class("-reading")

    def action_problem_ended(self) -> None:
        """Show those that ended, or not."""
        self.ended = not self.ended
        self.read()

    def action_escape(self) -> None:
        """Back to the list; then leave."""
        if self.has_class("-reading"):
            self.remove_class("-reading")
        else:
            self.action_back()
