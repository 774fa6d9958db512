"""One guide drawn as a tree, with what use tells at every question and every end."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from textual import on
from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import OptionList, Static

from deskterm.domain import clock
from deskterm.domain.errors import DeskError
from deskterm.domain.text import clean
from deskterm.guides.drawing import Drawn, draw
from deskterm.guides.proposals import sentences
from deskterm.screens.actions import bindings
from deskterm.screens.guides.lines import TREE_TITLES, head_lines, node_words, tree_lines
from deskterm.screens.guides.verbs import GuideVerbs
from deskterm.screens.listed import Paced
from deskterm.widgets.line_list import LineList
from deskterm.widgets.status_line import StatusLine

if TYPE_CHECKING:
    from deskterm.screens.desk import Desk
    from deskterm.services.guides.insight import GuideInsight


class _Read(NamedTuple):
    insight: "GuideInsight"
    drawn: tuple[Drawn, ...]
    notes: dict[int, str]


class GraphScreen(GuideVerbs, Paced):
    """Proposals and versions on top, then the tree; below it, all about the node in hand."""

    NAME = "graph"
    CSS_PATH = "screen.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("graph")]

    read_last: _Read | None = None

    def __init__(self, slug: str) -> None:
        super().__init__()
        self.slug = slug

    def body(self) -> Iterable[Widget]:
        """Give titles, tree, and words about the node in hand."""
        yield Static(Content(TREE_TITLES), id="titles")
        yield LineList(id="list")
        yield Static(id="words")

    def read(self) -> None:
        """Read the figures and lay the tree out, in the thread."""
        self.reading_begins()
        slug = self.slug

        def ask(desk: "Desk") -> _Read:
            found = desk.guides.insight(slug)
            notes = {one.version: one.note for one in desk.guides.versions(slug) if one.note}
            return _Read(found, draw(found.guide, found.usage), notes)

        self.load(ask, self._show, "list", self._not)

    def _not(self, error: DeskError) -> None:
        self.desk_app.say_error(error)
        if self.read_last is None and self.is_current:
            self.action_back()

    def _show(self, found: _Read) -> None:
        self.reading_ended()
        self.read_last = found
        insight = found.insight
        status = self.query_one(StatusLine)
        title = clean(insight.guide.title, one_line=True)
        status.facts = f"{title}, v{insight.guide.version}  {insight.usage.runs} runs"
        status.clock = clock.now().astimezone().strftime("%H:%M")
        self._draw()

    def on_resize(self) -> None:
        """Lay the lines out for the new width."""
        self._draw()

    def _draw(self) -> None:
        if self.read_last is None or not self.is_mounted:
            return
        insight, drawn, notes = self.read_last
        width = self.size.width
        advice = sentences(insight.asks, insight.orders)
        lines = [*head_lines(insight, advice, notes, width), *tree_lines(drawn, width)]
        self.listing.show(lines)
        self._draw_words()

    @on(OptionList.OptionHighlighted, "#list")
    def _draw_words(self) -> None:
        one = self.in_hand
        if one is not None and self.read_last is not None:
            self.query_one("#words", Static).update(node_words(self.read_last.insight, one))
        self.show_keys()

    @property
    def in_hand(self) -> Drawn | None:
        """The line of the tree under the cursor."""
        name = self.name_in_hand
        return self.read_last.drawn[int(name)] if name and self.read_last else None

    def slug_in_hand(self) -> str:
        """Give the guide that is drawn."""
        return self.slug

    def chosen_number(self) -> str:
        """Give what `y` copies: the guide's id."""
        return self.slug

    @on(OptionList.OptionSelected, "#list")
    def _chosen(self) -> None:
        self.action_graph_follow()

    def action_graph_follow(self) -> None:
        """Go to where a node that is only named is drawn; from there to where it is named again."""
        one, found = self.in_hand, self.read_last
        if one is None or found is None:
            return
        places = [n for n, each in enumerate(found.drawn) if each.node == one.node]
        drawn = next((n for n in places if not found.drawn[n].again), None)
        lines = self.listing
        if one.again and drawn is not None:
            lines.move(drawn - found.drawn.index(one))
        elif len(places) > 1:
            on = next((n for n in places if n > (drawn or 0)), places[0])
            lines.move(on - (drawn or 0))
