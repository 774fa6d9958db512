"""All guides with what use tells of them; below, what has no guide."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, OptionList, Static

from deskterm.domain import clock
from deskterm.screens.actions import bindings
from deskterm.screens.guides.charts import chart_as_guide
from deskterm.screens.guides.lines import TITLES, guide_lines, guide_words
from deskterm.screens.guides.moving import Listed
from deskterm.widgets.line_list import LineList
from deskterm.widgets.status_line import StatusLine

if TYPE_CHECKING:
    from deskterm.services.guides.insight import Coverage, GuideFigures


class GuidesScreen(Listed):
    """A line a guide, the most used first."""

    NAME = "guides"
    CSS_PATH = "screen.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("guides")]

    found: "Coverage | None" = None

    def body(self) -> Iterable[Widget]:
        """Give titles, list, words about the guide in hand, and the filter."""
        yield Static(Content(TITLES), id="titles")
        yield LineList(id="list")
        yield Static(id="words")
        yield Input(placeholder="find guides by words", id="filter", select_on_focus=False)

    def on_mount(self) -> None:
        """Draw the frame; the figures come when the desk is open."""
        self.query_one("#filter", Input).can_focus = False
        self.query_one("#list", LineList).focus()

    def desk_opened(self) -> None:
        """Read the figures."""
        self.query_one(StatusLine).who = self.desk_app.desk.me
        self.read()

    def desk_changed(self) -> None:
        """Read anew; the cursor keeps its guide."""
        if self.desk_app.is_open and self.is_mounted:
            self.read()

    def read(self) -> None:
        """Read every guide with its figures."""
        if self.found is None:
            self.query_one("#words", Static).update(Content("Reading the runs of all guides …"))
        self.load(lambda desk: desk.guides.coverage(), self._show, "list")

    def _show(self, found: "Coverage") -> None:
        self.found = found
        status = self.query_one(StatusLine)
        status.facts = f"{len(found.guides)} guides"
        status.clock = clock.now().astimezone().strftime("%H:%M")
        self._draw()

    def _draw(self) -> None:
        if self.found is None:
            return
        text = self.query_one("#filter", Input).value
        self.query_one("#list", LineList).show(guide_lines(self.found, text, self.size.width - 2))
        self._draw_words()

    @on(OptionList.OptionHighlighted, "#list")
    def _draw_words(self) -> None:
        one = self.in_hand
        words = guide_words(one) if one else Content("No guide has these words; Esc shows all.")
        if self.found is not None:
            self.query_one("#words", Static).update(words)
        self.show_keys()

    @property
    def in_hand(self) -> "GuideFigures | None":
        """The guide under the cursor."""
        name = self.slug_in_hand()
        guides = self.found.guides if self.found else ()
        return next((one for one in guides if one.id == name), None)

    def slug_in_hand(self) -> str:
        """Give the id of the guide under the cursor."""
        return self.query_one("#list", LineList).in_hand if self.is_mounted else ""

    def chosen_number(self) -> str:
        """Give what `y` copies: the guide's id."""
        return self.slug_in_hand()

    @on(OptionList.OptionSelected, "#list")
    def _chosen(self) -> None:
        self.action_guides_open()

    def action_guides_open(self) -> None:
        """Draw it with its figures."""
        slug = self.slug_in_hand()
        if slug:
            self.desk_app.go("graph", slug)

    def action_guides_new(self) -> None:
        """Ask for a flowchart; without one, begin with the pattern."""
        from deskterm.screens.dialogs.ask import LineDialog

        question = "A Mermaid file (.mmd, .md), or empty for a pattern to fill in."

        def named(path: str | None) -> None:
            if path:
                self.load(lambda _: chart_as_guide(path), self._begin, "chart")
            elif path is not None:
                self.desk_app.go("editor", None)

        self.app.push_screen(LineDialog("A new guide", question), named)

    def _begin(self, text: str) -> None:
        self.desk_app.go("editor", None, text)

    # --- filter ---------------------------------------------------------------------------

    def action_guides_filter(self) -> None:
        """Let keys go into the filter."""
        line = self.query_one("#filter", Input)
        line.add_class("-open")
        line.can_focus = True
        line.focus()

    @on(Input.Changed, "#filter")
    def _typed(self) -> None:
        self._draw()

    @on(Input.Submitted, "#filter")
    def _leave_filter(self) -> None:
        line = self.query_one("#filter", Input)
        self.query_one("#list", LineList).focus()
        line.can_focus = False
        line.set_class(bool(line.value), "-open")

    def action_escape(self) -> None:
        """Take back the filter's keys, then the filter; then leave."""
        line = self.query_one("#filter", Input)
        if line.has_focus:
            self._leave_filter()
        elif line.value:
            line.value = ""
            line.remove_class("-open")
        else:
            self.action_back()
