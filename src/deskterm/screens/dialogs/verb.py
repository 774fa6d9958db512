"""The base of dialogs for a verb: says how many tickets and people; many want the number typed."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import ClassVar, Generic, TypeVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from deskterm.domain.asking import Request
from deskterm.domain.rows import BoardRow
from deskterm.domain.text import clean
from deskterm.screens.dialogs.base import Dialog
from deskterm.screens.order import tickets_words

R = TypeVar("R")


@dataclass(frozen=True)
class Targets:
    """The tickets a verb acts on, as they were seen."""

    ids: tuple[int, ...]
    rows: tuple[BoardRow, ...] = ()
    """Those of which the row is known."""
    seen: dict[int, int] = field(default_factory=dict)
    """Ticket → version, of those whose row is known."""

    @classmethod
    def of(cls, ids: Iterable[int], rows: Iterable[BoardRow | None]) -> "Targets":
        """Give targets with the versions of the rows that are known."""
        known = tuple(row for row in rows if row is not None)
        return cls(tuple(ids), known, {row.id: row.version for row in known})

    def only(self, numbers: Iterable[int]) -> "Targets":
        """Give some of them."""
        kept = set(numbers)
        return Targets(
            tuple(number for number in self.ids if number in kept),
            tuple(row for row in self.rows if row.id in kept),
            {number: seen for number, seen in self.seen.items() if number in kept},
        )

    @property
    def words(self) -> str:
        """`#12` or `40 tickets`."""
        return tickets_words(self.ids)

    @property
    def title(self) -> str:
        """`#12 Printer offline` or `40 tickets`."""
        if len(self.ids) == 1 and self.rows:
            return f"#{self.ids[0]} {clean(self.rows[0].subject, one_line=True)[:50]}"
        return self.words


class VerbDialog(Dialog[R], Generic[R]):
    """A dialog that acts on tickets. `TELLS` is True where customers get a letter."""

    TELLS = False

    def __init__(self, verb: str, targets: Targets, limit: int, question: str = "") -> None:
        super().__init__(f"{verb}: {targets.title}", question)
        self.targets = targets
        self._ask_number = len(targets.ids) > limit

    def verb_fields(self) -> Iterable[Widget]:
        """Give the fields of the verb itself."""
        return ()

    def fields(self) -> Iterable[Widget]:
        """Give the verb's fields, then how many are meant, and the number to be typed."""
        yield from self.verb_fields()
        if len(self.targets.ids) > 1 or self.TELLS:
            yield Static(Content(self._scope("")), id="scope")
        if self._ask_number:
            number = len(self.targets.ids)
            yield Input(placeholder=f"type {number} to go on", id="number")

    def on_mount(self) -> None:
        """Ask how many people will be told."""
        if self.TELLS:
            ids = self.targets.ids
            self.load(lambda desk: desk.tickets.people_told(ids), self._show_people, "people")

    def _scope(self, people: str) -> str:
        many = len(self.targets.ids)
        return f"{'1 ticket' if many == 1 else f'{many} tickets'}{people}"

    def people_words(self, people: int) -> str:
        """Say how many people are told."""
        words = {0: "nobody", 1: "1 person"}.get(people, f"{people} people")
        return f"{words} will be told"

    def _show_people(self, people: int) -> None:
        words = self._scope(f" · {self.people_words(people)}")
        self.query_one("#scope", Static).update(Content(words))

    def ready(self) -> bool:
        """Tell whether the number is typed, where it is asked for."""
        if not self._ask_number:
            return True
        number = str(len(self.targets.ids))
        field = self.query_one("#number", Input)
        if field.value.strip() == number:
            return True
        field.focus()
        self.refuse(f"Type {number}: that many tickets will change.")
        return False


RequestDialog = VerbDialog[Request]
"""A dialog whose answer is a request."""


class ConfirmDialog(VerbDialog[bool]):
    """Asks before a verb without further questions acts on several tickets."""

    AUTO_FOCUS = "#number"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "accept", "Accept")]

    def answer(self) -> bool:
        """Give yes."""
        return True
