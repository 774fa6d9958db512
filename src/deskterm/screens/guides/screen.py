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
from deskterm.screens.guides.verbs import GuideVerbs
from deskterm.screens.listed import Filtered, Paced
from deskterm.widgets.line_list import LineList
from deskterm.widgets.status_line import StatusLine

if TYPE_CHECKING:
    from deskterm.services.guides.insight import Coverage, GuideFigures


class GuidesScreen(GuideVerbs, Filtered, Paced):
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

    def read(self) -> None:
        """Read every guide with its figures."""
        self.reading_begins()
        if self.found is None:
            self.query_one("#words", Static).update(Content("Reading the runs of all guides …"))
        self.load(lambda desk: desk.guides.coverage(), self._show, "list")

    def _show(self, found: "Coverage") -> None:
        self.reading_ended()
        self.found = found
        status = self.query_one(StatusLine)
        status.facts = f"{len(found.guides)} guides"
        status.clock = clock.now().astimezone().strftime("%H:%M")
        self._draw()

    def _draw(self) -> None:
        if self.found is None:
            return
        text = self.filter_line.value
        self.listing.show(guide_lines(self.found, text, self.size.width - 2))
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
        return self.name_in_hand

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

    def filter_changed(self) -> None:
        """Show what fits."""
        self._draw()
