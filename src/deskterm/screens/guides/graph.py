"""One guide drawn as a tree, with what use tells at every question and every end."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.content import Content

from deskterm.domain.errors import DeskError
from deskterm.domain.text import clean
from deskterm.guides.drawing import Drawn, draw
from deskterm.guides.proposals import sentences
from deskterm.screens.action import Flow
from deskterm.screens.actions import bindings
from deskterm.screens.guides import verbs
from deskterm.screens.guides.screen import TREE_TITLES, head_lines, node_words, tree_lines
from deskterm.screens.listing import Read, RestingList
from deskterm.widgets.line_list import Line

if TYPE_CHECKING:
    from deskterm.screens.desk import Desk
    from deskterm.services.guides.insight import GuideInsight


@dataclass(frozen=True)
class Tree(Read[Drawn]):
    """The guide laid out, with its figures and the notes of its versions."""

    insight: "GuideInsight | None" = None
    notes: Mapping[int, str] = field(default_factory=dict)


class GraphScreen(RestingList[Drawn]):
    """Proposals and versions on top, then the tree; below it, all about the node in hand."""

    NAME = "graph"
    KIND = "node"
    CSS_PATH = "screen.tcss"
    FLOWS: ClassVar[Mapping[str, Flow]] = verbs.GRAPH
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("graph")]

    told: Tree = Tree()

    def __init__(self, slug: str) -> None:
        super().__init__()
        self.slug = slug

    def read(self, desk: "Desk") -> Tree:
        """Read the figures and lay the tree out."""
        found = desk.insight.guide(self.slug)
        notes = {one.version: one.note for one in desk.guides.versions(self.slug) if one.note}
        title = clean(found.guide.title, one_line=True)
        runs = "1 run" if found.usage.runs == 1 else f"{found.usage.runs} runs"
        facts = f"{title}, v{found.guide.version}  {runs}"
        return Tree(draw(found.guide, found.usage), facts=facts, insight=found, notes=notes)

    def not_read(self, error: DeskError) -> None:
        """Say why, and leave where there is nothing to show."""
        self.desk_app.say_error(error)
        if not self.loaded and self.is_current:
            self.action_back()

    def head(self) -> Content:
        """Give the heads of the columns."""
        return Content(TREE_TITLES)

    def lines(self, rows: Sequence[Drawn]) -> list[Line]:
        """Give proposals and versions, then a line for each place of the tree."""
        insight, width = self.told.insight, self.size.width
        if insight is None:
            return []
        advice = sentences(insight.asks, insight.orders)
        return [*head_lines(insight, advice, self.told.notes, width), *tree_lines(rows, width)]

    def name_of(self, row: Drawn) -> str:
        """Give its place in the tree."""
        return str(next(at for at, one in enumerate(self.told.rows) if one is row))

    @property
    def in_hand(self) -> Drawn | None:
        """The place of the tree under the cursor."""
        place = self.part.listing.in_hand if self.is_mounted else ""
        return self.told.rows[int(place)] if place else None

    def about(self, row: Drawn) -> Content:
        """Give all figures of the node."""
        return node_words(self.told.insight, row) if self.told.insight else Content("")

    def chosen_number(self) -> str:
        """Give what `y` copies: the guide's id."""
        return self.slug
