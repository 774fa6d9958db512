"""Solutions: those that fit the ticket, best first, or all; and a reading pane."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.content import Content
from textual.reactive import var

from deskterm.domain.solutions import SolutionEdit, SolutionRow
from deskterm.domain.text import clean
from deskterm.screens.action import Flow
from deskterm.screens.actions import bindings
from deskterm.screens.flows import lists
from deskterm.screens.listing import ListScreen, Read
from deskterm.screens.solutions import tending, verbs
from deskterm.screens.solutions.words import Shown, lines, page
from deskterm.widgets.line_list import Line

if TYPE_CHECKING:
    from deskterm.screens.desk import Desk

FITTING = 20
"""Solutions that are offered for a ticket at most."""
_NOTHING = "No solution fits this ticket yet: all are shown. n writes one."
_EMPTY = "No solutions yet: n writes one, or makes one of a resolved ticket (s on it)."


@dataclass(frozen=True)
class Found(Read[Shown]):
    """The solutions found, and what is said below them."""

    hint: str = ""


class SolutionsScreen(ListScreen[Shown]):
    """A list with a reading pane; narrow terminals show one or the other."""

    NAME = "solutions"
    CSS_PATH = "screen.tcss"
    FLOWS: ClassVar[Mapping[str, Flow]] = {
        **lists.FILTERED,
        **lists.PAGED,
        **verbs.FLOWS,
        **tending.FLOWS,
    }
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("solutions")]
    KIND = "solution"
    FILTER = "find solutions by words"
    ANEW = True
    PAGE = True

    told: Found = Found()
    edits: var[Sequence[SolutionEdit] | None] = var(None)
    """The history of the one in hand, while it is shown."""

    def __init__(
        self, ticket: int | None = None, solution: int | None = None, review: bool = False
    ) -> None:
        super().__init__()
        self._review = review
        """Ask for review and publishing as soon as the solution is there."""
        self.ticket = ticket
        self._asked_for = solution
        """Stays in the list, also where it is archived or fits nothing."""
        self._wanted = solution
        """Where the cursor is to go with the next list."""
        self.everything = ticket is None
        """Whether all are shown, also those that do not fit the ticket."""
        self.stale = False
        """Only those to look at again."""
        self._history_of = 0

    # --- reading the desk ---------------------------------------------------------------

    def read(self, desk: "Desk") -> Found:
        """Read what the filter finds, what fits the ticket, or everything."""
        text = self.asked.words.strip()
        if self.stale and not text:
            return _stale(desk)
        first = None if text else self._asked_for
        return _found(desk, text, None if self.everything else self.ticket, first)

    def take(self, told: Read[Shown]) -> None:
        """Draw what was found; put the cursor on the solution that was asked for."""
        super().take(told)
        if self._wanted is None:
            return
        places = [at for at, one in enumerate(self.shown) if one.row.id == self._wanted]
        if places:
            self.part.listing.highlighted = places[0]
            reading = self.part.reading or not self.everything or self.ticket is None
            self.part.reading = reading
        self._wanted = None
        if self._review:
            self._review = False
            self.FLOWS["solution_publish"](self)

    def go_to(self, number: int) -> None:
        """Show a solution that was just written, among all."""
        self.stale = False
        self.everything, self._wanted, self._asked_for = True, number, number
        self.part.forget_words()
        self.read_again()

    # --- what is in hand ----------------------------------------------------------------

    @property
    def solution(self) -> SolutionRow | None:
        """The solution under the cursor."""
        one = self.in_hand
        return one.row if one else None

    def lines(self, rows: Sequence[Shown]) -> list[Line]:
        """Give a line a solution."""
        return lines(rows)

    def name_of(self, row: Shown) -> str:
        """Give its number."""
        return str(row.row.id)

    def nothing(self) -> str:
        """Say nothing: the hint below does."""
        return ""

    def chosen_number(self) -> str:
        """Give `S12`."""
        return self.solution.name if self.solution else ""

    def chosen_text(self) -> str:
        """Give what helps, as it would be told to a customer."""
        row = self.solution
        return "\n\n".join(part for part in (row.resolution, row.tip) if part) if row else ""

    # --- drawing -------------------------------------------------------------------------

    def taken_up(self, row: Shown | None) -> None:
        """Draw the page; the history goes with the solution it was asked for."""
        self.part.tell("about", Content(clean(self.told.hint, one_line=True)))
        number = row.row.id if row else 0
        if number != self._history_of:
            self.part.page.move_to_end(last=False)
            self.edits = None
        elif self.edits is not None:
            self.read_history()
        self._history_of = number
        self.watch_edits()

    def watch_edits(self) -> None:
        """Draw the page with its history."""
        if self.composed:
            one = self.in_hand
            words = page(one.row, one.reason, self.edits) if one else Content("")
            self.part.page.show(words)

    def read_history(self) -> None:
        """Read the history of the one in hand."""
        row = self.solution
        if row is None:
            return
        number = row.id

        def show(edits: Sequence[SolutionEdit]) -> None:
            if self.edits is not None and self.solution is not None and self.solution.id == number:
                self.edits = edits

        self.load(lambda desk: desk.solutions.history(number), show, "history")


def _stale(desk: "Desk") -> Found:
    """Read what somebody should look at again, each with the reason."""
    rows = [Shown(one.row, "; ".join(one.reasons)) for one in desk.solutions.stale()]
    hint = "R renews, D retires, e mends; o shows all." if rows else "None is stale; o: all."
    return Found(rows, facts=_title(rows, "to look at again"), hint=hint)


def _found(desk: "Desk", text: str, ticket: int | None, wanted: int | None) -> Found:
    """Read what is to be shown: found by words, fitting the ticket, or all."""
    if not text and ticket is not None:
        known = desk.solutions.workaround(ticket)
        known = f"Known problem {known}" if known else ""
        hints = desk.solutions.suggest(ticket, FITTING)
        if hints:
            rows = [Shown(hint.solution, hint.reason) for hint in hints]
            return _with(desk, rows, wanted, f"for #{ticket}", known)
    found = [Shown(row) for row in desk.solutions.search(text, ticket=ticket)]
    hint = (known or _NOTHING) if ticket is not None and not text and found else ""
    if not found:
        hint = f"Nothing is like {text!r}." if text else _EMPTY
    return _with(desk, found, wanted, f"like {text!r}" if text else "", hint)


def _with(desk: "Desk", rows: list[Shown], wanted: int | None, about: str, hint: str) -> Found:
    """Add the solution that was asked for where it is not among them, an archived one too."""
    if wanted is not None and all(one.row.id != wanted for one in rows):
        rows = [Shown(desk.solutions.show(wanted)), *rows]
    return Found(rows, facts=_title(rows, about), hint=hint)


def _title(rows: Sequence[Shown], about: str) -> str:
    many = {0: "no solutions", 1: "1 solution"}.get(len(rows), f"{len(rows)} solutions")
    return f"{many} {about}".strip()
