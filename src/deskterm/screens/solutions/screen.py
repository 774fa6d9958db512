"""Solutions: those that fit the ticket, best first, or all; a list and a reading pane."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.reactive import var
from textual.widget import Widget
from textual.widgets import Input, OptionList, Static

from deskterm.domain.solutions import SolutionEdit, SolutionRow
from deskterm.domain.text import clean
from deskterm.screens.action import Action
from deskterm.screens.actions import bindings
from deskterm.screens.listed import Filtered
from deskterm.screens.solutions.tending import TendingVerbs
from deskterm.screens.solutions.verbs import SolutionVerbs
from deskterm.screens.solutions.wanted import WantedVerbs
from deskterm.screens.solutions.words import Shown, lines, page
from deskterm.widgets.line_list import LineList
from deskterm.widgets.status_line import StatusLine
from deskterm.widgets.text_pane import TextPane

if TYPE_CHECKING:
    from deskterm.screens.desk import Desk

FITTING = 20
"""Solutions that are offered for a ticket at most."""
_NOTHING = "No solution fits this ticket yet: all are shown. n writes one."
_EMPTY = "No solutions yet: n writes one, or makes one of a resolved ticket (s on it)."


class Found(tuple[Shown, ...]):
    """What a read gave."""

    hint: str = ""
    about: str = ""


class SolutionsScreen(Filtered, SolutionVerbs, WantedVerbs, TendingVerbs):
    """A list with a reading pane; narrow terminals show one or the other."""

    NAME = "solutions"
    CSS_PATH = "screen.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("solutions")]

    shown: var[tuple[Shown, ...]] = var(())
    edits: var[Sequence[SolutionEdit] | None] = var(None)
    """The history of the one in hand, while it is shown."""
    reading: var[bool] = var(False)
    """True while one is read on the whole screen."""

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
        self._everything = ticket is None
        self.stale = False
        """Only those to look at again."""
        self._loaded = False

    def body(self) -> Iterable[Widget]:
        """Give list, reading pane and filter."""
        with Horizontal(id="middle"):
            yield LineList(id="list")
            yield TextPane(id="page")
        yield Static(id="hint")
        yield Input(placeholder="find solutions by words", id="filter", select_on_focus=False)

    # --- reading the desk ---------------------------------------------------------------

    def read(self) -> None:
        """Read what the filter finds, what fits the ticket, or everything."""
        text = self.filter_line.value.strip()
        ticket, everything = self.ticket, self._everything
        wanted = None if text else self._asked_for
        stale = self.stale and not text

        def ask(desk: "Desk") -> Found:
            if stale:
                return _stale(desk)
            return _found(desk, text, None if everything else ticket, wanted)

        self.load(ask, self._show, "list")

    def _show(self, found: Found) -> None:
        self._loaded = True
        self.query_one(StatusLine).facts = self._title(found)
        hint = self.query_one("#hint", Static)
        hint.update(Content(clean(found.hint, one_line=True)))
        hint.set_class(bool(found.hint), "-shown")
        self.listing.show(lines(found))
        self.shown = tuple(found)
        if self._wanted is not None:
            self._take_up(self._wanted)
        self._read_history()
        self._draw()
        self.show_keys()

    def _title(self, found: Found) -> str:
        many = {0: "no solutions", 1: "1 solution"}.get(len(found), f"{len(found)} solutions")
        return f"{many} {found.about}".strip()

    def _take_up(self, number: int) -> None:
        """Put the cursor on the solution that was asked for, once it is there."""
        places = [at for at, one in enumerate(self.shown) if one.row.id == number]
        if places:
            self.listing.highlighted = places[0]
            self.reading = self.reading or not self._everything or self.ticket is None
        self._wanted = None
        if self._review:
            self._review = False
            self.action_solution_publish()

    def go_to(self, number: int) -> None:
        """Show a solution that was just written, among all."""
        self.stale = False
        self._everything, self._wanted, self._asked_for = True, number, number
        self.filter_line.value = ""
        self.read()

    # --- what is in hand ----------------------------------------------------------------

    @property
    def in_hand(self) -> SolutionRow | None:
        """The solution under the cursor."""
        one = self._one
        return one.row if one else None

    @property
    def _one(self) -> Shown | None:
        name = self.listing.in_hand
        return next((one for one in self.shown if str(one.row.id) == name), None)

    def chosen_states(self) -> list[str]:
        """Say whether there is one in hand; a solution has no state of a ticket."""
        return ["open"] if self.is_mounted and self.in_hand is not None else []

    def chosen_number(self) -> str:
        """Give `S12`."""
        return self.in_hand.name if self.in_hand else ""

    def chosen_text(self) -> str:
        """Give what helps, as it would be told to a customer."""
        row = self.in_hand
        return "\n\n".join(part for part in (row.resolution, row.tip) if part) if row else ""

    def _why_not(self, action: Action) -> str:
        return f"{action.label}: no solution is in hand."

    # --- drawing -------------------------------------------------------------------------

    def watch_reading(self) -> None:
        """Show list or page on narrow terminals, both or only the page on wide ones."""
        self.set_class(self.reading, "-reading")
        if self.is_mounted:
            self.query_one("#page" if self.reading else "#list").focus()

    def watch_edits(self) -> None:
        """Draw the page with its history."""
        self._draw()

    def _draw(self) -> None:
        if self.is_mounted and self._loaded:
            one = self._one
            words = page(one.row, one.reason, self.edits) if one else Content("")
            self.query_one("#page", TextPane).show(words)

    @on(OptionList.OptionHighlighted, "#list")
    def _moved(self) -> None:
        self.query_one("#page", TextPane).move_to_end(last=False)
        if self.edits is not None:
            self.edits = None
        self._draw()
        self.show_keys()

    @on(OptionList.OptionSelected, "#list")
    def _clicked(self) -> None:
        self.action_solution_read()

    # --- moving --------------------------------------------------------------------------

    def mover(self) -> LineList | TextPane:
        """Give the page while it is read, else the list."""
        return self.query_one("#page", TextPane) if self.reading else self.listing

    # --- seeing --------------------------------------------------------------------------

    def action_solution_read(self) -> None:
        """Read it on the whole screen, or go back to the list."""
        self.reading = not self.reading

    def action_solution_history(self) -> None:
        """Show or hide the history."""
        self.query_one("#page", TextPane).move_to_end(last=False)
        if self.edits is None:
            self.edits = ()
            self._read_history()
        else:
            self.edits = None

    def _read_history(self) -> None:
        row = self.in_hand
        if row is None or self.edits is None:
            return
        number = row.id

        def show(edits: Sequence[SolutionEdit]) -> None:
            if self.in_hand is not None and self.in_hand.id == number:
                self.edits = edits

        self.load(lambda desk: desk.solutions.history(number), show, "history")

    def action_solution_all(self) -> None:
        """Change between all and those that fit the ticket."""
        if self.ticket is None:
            self.say("All are shown; opened from a ticket (s) those that fit it come first.")
            return
        self._everything = not self._everything
        self.read()

    def action_list_filter(self) -> None:
        """Go back to the list, and let keys go into the filter."""
        self.reading = False
        super().action_list_filter()

    def filter_changed(self) -> None:
        """Find by words."""
        if self.desk_app.is_open:
            self.read()

    def action_escape(self) -> None:
        """Take back: the filter's keys, reading, the filter, the old ones; then leave."""
        if self.took_back_keys():
            return
        if self.reading:
            self.reading = False
        elif self.took_back_filter():
            return
        elif self.stale:
            self.action_solution_stale()
        else:
            self.action_back()


def _stale(desk: "Desk") -> Found:
    """Read what somebody should look at again, each with the reason."""
    found = Found(Shown(one.row, "; ".join(one.reasons)) for one in desk.solutions.stale())
    found.about = "to look at again"
    found.hint = "R renews, D retires, e mends; o shows all." if found else "None is stale; o: all."
    return found


def _found(desk: "Desk", text: str, ticket: int | None, wanted: int | None) -> Found:
    """Read what is to be shown: found by words, fitting the ticket, or all."""
    if not text and ticket is not None:
        known = desk.solutions.workaround(ticket)
        known = f"Known problem {known}" if known else ""
        hints = desk.solutions.suggest(ticket, FITTING)
        if hints:
            rows = [Shown(hint.solution, hint.reason) for hint in hints]
            return _with(desk, rows, wanted, f"for #{ticket}", known)
    found = [Shown(row) for row in desk.solutions.search(text)]
    hint = (known or _NOTHING) if ticket is not None and not text and found else ""
    if not found:
        hint = f"Nothing is like {text!r}." if text else _EMPTY
    return _with(desk, found, wanted, f"like {text!r}" if text else "", hint)


def _with(desk: "Desk", rows: list[Shown], wanted: int | None, about: str, hint: str) -> Found:
    """Add the solution that was asked for where it is not among them, an archived one too."""
    if wanted is not None and all(one.row.id != wanted for one in rows):
        rows = [Shown(desk.solutions.show(wanted)), *rows]
    found = Found(rows)
    found.about, found.hint = about, hint
    return found
