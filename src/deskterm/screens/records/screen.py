"""The desk's records: people, devices, groups, rules …: a tab a noun, one form for all."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.content import Content

from deskterm.domain.record_table import RECORDS, Record
from deskterm.screens.action import Flow
from deskterm.screens.actions import bindings
from deskterm.screens.listing import ListScreen, Read, Shelf, columns
from deskterm.screens.records import verbs
from deskterm.screens.records.lines import Shown, about, head, lines
from deskterm.widgets.line_list import Line

if TYPE_CHECKING:
    from deskterm.screens.desk import Desk

_MOST = 500
"""So many are listed; of more, words in the filter find the others."""
_KINDS = tuple(RECORDS.values())


class RecordsScreen(ListScreen[Shown]):
    """A list of records; `[` and `]` go from noun to noun."""

    NAME = "records"
    KIND = "record"
    FLOWS: ClassVar[Mapping[str, Flow]] = verbs.FLOWS
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("records")]
    SHELVES = tuple(Shelf(one.title, f"{one.about}\n\nn makes the first one.") for one in _KINDS)
    FILTER = "words in the name"
    ANEW = True

    def __init__(self, kind: str = "", number: int | None = None) -> None:
        super().__init__(RECORDS[kind].title if kind in RECORDS else "")
        self.start = str(number or "")

    @property
    def record(self) -> Record:
        """The noun on the tab in hand."""
        return _KINDS[self.part.view]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the records shown."""
        return tuple(verbs.called(self.record, row) for row in self.shown)

    def read(self, desk: "Desk") -> Read[Shown]:
        """Read the records of the noun in hand."""
        record = _KINDS[self.asked.view]
        rows = desk.records.list(record.kind, self.asked.words, _MOST)
        more = "+" if len(rows) == _MOST else ""
        return Read(rows, facts=f"{len(rows)}{more} {record.title.lower()}")

    def lines(self, rows: Sequence[Shown]) -> list[Line]:
        """Give a line a record."""
        return lines(self.record, rows, columns(self))

    def name_of(self, row: Shown) -> str:
        """Give its number, or what it is known by."""
        return str(row["id"])

    def head(self) -> Content:
        """Give the heads of the columns."""
        return Content(head(self.record, self.shown, columns(self)))

    def about(self, row: Shown) -> Content:
        """Give what is known of it besides."""
        return about(self.record, row, columns(self))

    def chosen_number(self) -> str:
        """Give its name."""
        return str(self.in_hand["name"]) if self.in_hand else ""

    def chosen_text(self) -> str:
        """Give all that is known of it."""
        return "\n".join(f"{key}: {value}" for key, value in (self.in_hand or {}).items())
