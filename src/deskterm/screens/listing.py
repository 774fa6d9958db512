"""Every list screen: tabs, digits, filter, place, Escape, what is said where there is nothing.

A new one says what it is (NAME, KIND, SHELVES, FILTER, EMPTY), reads (`read`), draws (`lines`,
`about`), names its rows (KEY) and adds its verbs. Moving belongs to the list itself
(`widgets/moving.py`), keys and words of the verbs to `action_lists/`.
"""

import time
from abc import abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Generic, NamedTuple, TypeVar

from textual import events, on
from textual.content import Content
from textual.timer import Timer
from textual.widget import Widget

from deskterm.domain import clock
from deskterm.domain.errors import DatabaseError, DeskError
from deskterm.screens.action import Chosen, Flow
from deskterm.screens.actions import for_screen
from deskterm.screens.base import DeskScreen
from deskterm.screens.flows import lists
from deskterm.widgets.line_list import Line
from deskterm.widgets.list_part import ListPart
from deskterm.widgets.status_line import StatusLine

if TYPE_CHECKING:
    from deskterm.screens.desk import Desk

Row = TypeVar("Row")
SPARE = 10
"""A screen that reads much rests so many times as long as its last reading took."""
NO_FIT = "Nothing fits.\n\n/ changes the filter · Esc takes it away"


class Shelf(NamedTuple):
    """A tab, and what is said where nothing is on it."""

    label: str
    nothing: str = ""


class Asked(NamedTuple):
    """What the list was asked for when a reading began."""

    view: int = 0
    words: str = ""


@dataclass(frozen=True)
class Read(Generic[Row]):
    """What a reading gave. A screen that reads more than this has a subclass of its own."""

    rows: Sequence[Row] = ()
    counts: Sequence[int] = ()
    """How many are on each shelf; 0 is not shown."""
    facts: str = ""
    """What the header says."""


class ListScreen(DeskScreen, Generic[Row]):
    """A screen with one list of rows; it reads when the desk is open and after every change."""

    FLOWS: ClassVar[Mapping[str, Flow]] = lists.FLOWS
    SHELVES: ClassVar[Sequence[Shelf]] = ()
    FILTER: ClassVar[str] = ""
    """What the filter line asks for; empty: this list has none."""
    EMPTY: ClassVar[str] = ""
    """What is said where nothing was read at all."""
    WAIT: ClassVar[str] = ""
    """What is said until the first reading is there."""
    ANEW: ClassVar[bool] = False
    """Whether another shelf, or other words, are read from the desk instead of chosen here."""
    PAGE: ClassVar[bool] = False
    """Whether one row can be read in the place of the list."""
    BESIDE: ClassVar[bool] = False
    """Whether the text of the row in hand stands beside the list all the time."""
    KEY: ClassVar[str] = "id"
    """Which field of a row is its lasting name; where none is, `name_of` says it."""

    told: Read[Row] = Read()
    shown: Sequence[Row] = ()
    """The rows that are drawn."""
    asked = Asked()
    loaded = False
    start = ""
    """The name of the row on which the cursor begins; empty: the first."""

    def __init__(self, shelf: str = "") -> None:
        super().__init__()
        labels = [one.label for one in self.SHELVES]
        self.part = ListPart(labels, self.FILTER, page=self.PAGE, beside=self.BESIDE)
        self.part.set_reactive(ListPart.view, _place_of(self.SHELVES, shelf))

    def body(self) -> Iterable[Widget]:
        """Give the list and what belongs to it."""
        yield self.part

    # --- what a screen gives ------------------------------------------------------------

    @abstractmethod
    def read(self, desk: "Desk") -> Read[Row]:
        """Read what `asked` says; called in a thread: it draws nothing and changes nothing."""

    @abstractmethod
    def lines(self, rows: Sequence[Row]) -> list[Line]:
        """Give the lines of these rows; a line without a name is never in hand."""

    def name_of(self, row: Row) -> str:
        """Give the lasting name of a row, the same as its line's."""
        return str(getattr(row, self.KEY))

    def about(self, row: Row) -> Content:
        """Give what stands below the list about the row in hand."""
        del row
        return Content("")

    def head(self) -> Content:
        """Give what stands above the list."""
        return Content("")

    def fitting(self) -> Sequence[Row]:
        """Give the rows read that are on the shelf and have the words of the filter."""
        return self.told.rows

    def nothing(self) -> str:
        """Say why there are no lines."""
        if self.part.words:
            return NO_FIT
        if self.EMPTY and not self.told.rows:
            return self.EMPTY
        return self.SHELVES[self.part.view].nothing if self.SHELVES else ""

    def taken_up(self, row: Row | None) -> None:
        """Called when another row is in hand, or the same as read anew."""

    # --- reading --------------------------------------------------------------------------

    def desk_changed(self) -> None:
        """Read anew; the cursor keeps its line."""
        if self.desk_app.is_open:
            self.read_again()

    def read_again(self) -> None:
        """Read the shelf in hand, in a thread; an answer to an older question is not drawn."""
        asked = self.asked = Asked(self.part.view, self.part.words)

        def show(told: Read[Row]) -> None:
            if asked is self.asked:
                self.take(told)

        self.load(self.read, show, "list", self.not_read)

    def take(self, told: Read[Row]) -> None:
        """Draw what was read."""
        self.told, self.loaded = told, True
        self.query_one(StatusLine).facts = told.facts
        self.draw()

    def not_read(self, error: DeskError) -> None:
        """Say why it could not be read; a lost database shows in the footer already."""
        if not isinstance(error, DatabaseError):
            self.desk_app.say_error(error)

    # --- drawing ----------------------------------------------------------------------------

    @on(events.Resize)
    def draw(self) -> None:
        """Draw everything for the window as it is now."""
        if not self.composed:
            return
        self.shown = self.fitting()
        nothing = self.nothing() if self.loaded else self.WAIT
        self.part.show(self.lines(self.shown), nothing, self.told.counts, self.start)
        self.part.tell("head", self.head())
        self.query_one(StatusLine).clock = clock.now().astimezone().strftime("%H:%M")
        self._draw_about()

    @on(ListPart.InHand)
    def _draw_about(self) -> None:
        row = self.in_hand
        self.part.tell("about", self.about(row) if row is not None else Content(""))
        self.show_keys()
        self.taken_up(row)

    # --- what is in hand ----------------------------------------------------------------------

    @property
    def in_hand(self) -> Row | None:
        """The row under the cursor."""
        name = self.part.in_hand
        return next((one for one in self.shown if name and self.name_of(one) == name), None)

    def chosen(self) -> list[Chosen]:
        """Give the row in hand."""
        row = self.in_hand
        return [Chosen(self.KIND, self.name_of(row))] if row is not None else []

    # --- keys -----------------------------------------------------------------------------------

    @on(ListPart.Asked)
    def _other_rows(self) -> None:
        if not self.ANEW:
            self.draw()
        elif self.desk_app.is_open:
            self.read_again()

    @on(ListPart.Opened)
    async def _opened(self) -> None:
        """A click does what Enter does."""
        enter = (one for one in for_screen(self.NAME) if "enter" in one.keys.split(","))
        await self.run_named(next((one.id for one in enter), None))


class KeptList(ListScreen[Row]):
    """A list that is opened often: it is kept, and read again whenever it is opened."""

    KEPT = True

    def fill(self, *args: object) -> None:
        """Begin anew, on the shelf that is asked for; what was read stands until it is read."""
        _begin_anew(self, _place_of(self.SHELVES, args[0]) if args else 0)
        self.catch_up()


class RestingList(ListScreen[Row]):
    """A list of figures whose reading takes long: changes are followed, but never without rest."""

    _asked_at = _rested_at = 0.0
    _late: Timer | None = None

    def fill(self, *args: object) -> None:
        """Begin anew; it is read again only where the desk changed, once the screen is on top."""
        del args
        _begin_anew(self)

    def read_again(self) -> None:
        """Read, and note when it began."""
        self._asked_at = time.monotonic()
        super().read_again()

    def take(self, told: Read[Row]) -> None:
        """Draw what was read, and note how long to rest."""
        now = time.monotonic()
        self._rested_at = now + SPARE * (now - self._asked_at)
        super().take(told)

    def catch_up(self, heard: bool = False) -> None:
        """Read anew now, or once it has rested."""
        wait = self._rested_at - time.monotonic()
        if wait <= 0:
            super().catch_up(heard)
        elif self._late is None:
            self._late = self.set_timer(wait, self._rested)

    def _rested(self) -> None:
        self._late = None
        if self.is_current:
            self.catch_up()


def columns(screen: DeskScreen, least: int = 40, margin: int = 2) -> int:
    """Give how many columns a line of a list may take; in a narrow window, the least it needs."""
    return max(least, screen.size.width - margin)


def _place_of(shelves: Sequence[Shelf], label: object) -> int:
    """Give the place of a shelf by its label; the first where there is none."""
    return next((at for at, one in enumerate(shelves) if one.label == label), 0)


def _begin_anew(screen: ListScreen[Row], view: int = 0) -> None:
    """Draw a list that was left as if it were opened first, with what was read last."""
    screen.desk_app.edges.dress(screen)
    part = screen.part
    part.reading, part.view = False, view
    part.forget_words()
    part.listing.begin_anew()
    part.listing.focus()
    screen.draw()
