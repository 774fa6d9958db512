"""The review board: what is done to improve and whether it worked, decisions, feedback (H3, H6)."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.content import Content

from deskterm.reports.register import BETTER
from deskterm.screens.action import Chosen, Flow
from deskterm.screens.actions import bindings
from deskterm.screens.listing import ListScreen, Read, Shelf, columns
from deskterm.screens.register import verbs
from deskterm.screens.register.lines import SHAPES, SIGNS, Item, about, items, lines, titles
from deskterm.widgets.line_list import Line
from deskterm.widgets.list_part import has_words

if TYPE_CHECKING:
    from deskterm.screens.desk import Desk

_KINDS = tuple(SHAPES)


class RegisterScreen(ListScreen[Item]):
    """A tab a kind; every line is a record that Enter opens in its form."""

    NAME = "register"
    KIND = "action"
    CSS_PATH = "screen.tcss"
    FLOWS: ClassVar[Mapping[str, Flow]] = verbs.FLOWS
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("register")]
    SHELVES = (
        Shelf("Actions", "No action yet.\n\nn makes one · a on a figure of F12 takes that figure"),
        Shelf("Decisions", "Nothing is asked, nothing was decided.\n\nn asks the review board"),
        Shelf("Feedback", "Nothing was said outside the poll.\n\nn keeps what somebody said"),
        Shelf("Members", "Nobody sits on the review board.\n\nn names somebody"),
    )
    FILTER = "words in anything that is known of it"

    def read(self, desk: "Desk") -> Read[Item]:
        """Read everything."""
        rows = items(desk)
        counts = [sum(row.kind == kind for row in rows) for kind in _KINDS]
        better = sum(row.first == SIGNS[BETTER][0] for row in rows)
        asked = sum(row.kind == "decision" and not row.done for row in rows)
        facts = [f"{better} better"] * bool(better) + [f"{asked} asked"] * bool(asked)
        return Read(rows, counts, ", ".join(facts))

    @property
    def kind(self) -> str:
        """The kind of record on the tab in hand."""
        return _KINDS[self.part.view]

    def fitting(self) -> Sequence[Item]:
        """Give what is on the tab and has the words."""
        return [
            row
            for row in self.told.rows
            if row.kind == self.kind
            and has_words(" ".join((*row.told, *row.cells)), self.part.words)
        ]

    def lines(self, rows: Sequence[Item]) -> list[Line]:
        """Give a line a thing."""
        return lines(rows, columns(self))

    def name_of(self, row: Item) -> str:
        """Give its kind and name."""
        return f"{row.kind} {row.name}"

    def head(self) -> Content:
        """Give the heads of the columns."""
        return Content(titles(self.kind, columns(self)))

    def about(self, row: Item) -> Content:
        """Give what is known of it."""
        return about(row)

    def chosen(self) -> list[Chosen]:
        """Give what is in hand, by its own kind."""
        row = self.in_hand
        return [Chosen(row.kind, row.name)] if row is not None else []

    def chosen_number(self) -> str:
        """Give its name."""
        return self.in_hand.name if self.in_hand else ""

    def chosen_text(self) -> str:
        """Give all that is known of it."""
        return "\n".join(one for one in self.in_hand.told if one) if self.in_hand else ""
