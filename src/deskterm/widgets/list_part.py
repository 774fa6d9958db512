"""What every list screen shows: tabs, a head, the list, a text to read, words, a filter line."""

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.reactive import var
from textual.widget import Widget
from textual.widgets import Input, OptionList, Static

from deskterm.widgets.line_list import Line, LineList
from deskterm.widgets.moving import TABS, bound
from deskterm.widgets.telling import Telling
from deskterm.widgets.text_pane import TextPane
from deskterm.widgets.typed import PlainInput
from deskterm.widgets.view_tabs import View, ViewTabs


class FilterLine(PlainInput):
    """Has the keys only while it is written in; is seen while it has words or the keys."""

    DEFAULT_CSS = """
    FilterLine { border: none; height: 1; padding: 0 1; background: $surface; display: none; }
    FilterLine:focus { border: none; background: $panel; }
    FilterLine.-open { display: block; }
    """

    class Left(Telling):
        """The words are written: the keys go back to the list."""

    def __init__(self, asks: str) -> None:
        super().__init__(placeholder=asks, id="filter", select_on_focus=False)
        self.can_focus = False

    def begin(self) -> None:
        """Take the keys."""
        self.add_class("-open")
        self.can_focus = True
        self.focus()

    @on(Input.Submitted)
    def end(self) -> None:
        """Give the keys back; the words stay in force."""
        self.post_message(self.Left())
        self.can_focus = False
        self.set_class(bool(self.value), "-open")

    def step_back(self) -> bool:
        """Give the keys back, else forget the words; False where there is nothing to take back."""
        if self.has_focus:
            self.end()
        elif self.value:
            self.value = ""
            self.remove_class("-open")
        else:
            return False
        return True


class ListPart(Widget):
    """One list with all that belongs to it; its screen says what the lines are.

    `tabs` are the names of the views, `asks` is what the filter asks for (empty: none), `page`
    gives a text that takes the place of the list while `reading`; with `beside` it stands beside
    the list all the time, and the page keys scroll it.
    """

    DEFAULT_CSS = """
    ListPart { height: 1fr; layout: vertical; }
    ListPart #head {
        height: 1; padding: 0 1; background: $surface; text-wrap: nowrap; text-overflow: ellipsis;
    }
    ListPart #both, ListPart #list { height: 1fr; }
    ListPart #list.-empty { height: 0; width: 0; min-height: 0; }
    ListPart #none { height: 1fr; padding: 2 4; color: $text-muted; }
    ListPart #page { height: 1fr; display: none; }
    ListPart.-beside #page, ListPart.-reading #page { display: block; }
    ListPart.-reading #list, ListPart.-reading #none { display: none; }
    ListPart #about { height: 4; padding: 0 1; border-top: solid $panel; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [*bound(*TABS)]

    view: var[int] = var(0)
    """The place of the tab that is shown."""
    reading: var[bool] = var(False)
    """Whether the text has the place of the list."""

    class Asked(Telling):
        """Another tab, or other words in the filter."""

    class InHand(Telling):
        """The cursor is on another line, or the line under it is drawn anew."""

    class Opened(Telling):
        """A line was clicked."""

    def __init__(
        self, tabs: Sequence[str] = (), asks: str = "", *, page: bool = False, beside: bool = False
    ) -> None:
        super().__init__(classes="-beside" if beside else None)
        self._tabs, self._asks = tabs, asks
        self._has_page, self._beside = page or beside, beside
        self.listing = LineList(id="list")
        self.page = TextPane(id="page")
        """The text to read; shown only where the screen asked for one."""

    def compose(self) -> ComposeResult:
        """Give tabs, head, list, text, words and filter, those that this list has."""
        if self._tabs:
            yield ViewTabs()
        yield Static(id="head")
        with Vertical(id="both"):
            yield self.listing
            yield Static(id="none")
            if self._has_page:
                yield self.page
        yield Static(id="about")
        if self._asks:
            yield FilterLine(self._asks)

    def on_mount(self) -> None:
        """Let keys go to the list."""
        if self._has_page:
            self.page.can_focus = False
        if self._beside:
            self.listing.pages = self.page
        self.listing.focus()

    # --- its parts --------------------------------------------------------------------

    @property
    def in_hand(self) -> str:
        """The name of the line under the cursor; empty where there is none."""
        return self.listing.in_hand

    @property
    def words(self) -> str:
        """What is typed into the filter."""
        return self.query_one(FilterLine).value if self._asks else ""

    def forget_words(self) -> None:
        """Empty the filter."""
        if self.words:
            self.query_one(FilterLine).step_back()

    # --- drawing ----------------------------------------------------------------------

    def show(
        self, lines: Iterable[Line], nothing: str, counts: Sequence[int] = (), start: str = ""
    ) -> None:
        """Draw the lines, or say `nothing`; the cursor keeps its line, first it is on `start`."""
        lines = list(lines)
        self.listing.show(lines, start)
        self.listing.set_class(not lines, "-empty")
        none = self.query_one("#none", Static)
        none.display = not lines
        none.update(Content(nothing))
        if self._tabs:
            counted = [*counts, *(0 for _ in self._tabs[len(counts) :])]
            tabs = self.query_one(ViewTabs)
            tabs.views = tuple(
                View(name, "", str(counted[at] or "")) for at, name in enumerate(self._tabs)
            )
            tabs.active = self.view

    def tell(self, where: str, words: Content) -> None:
        """Draw words, clean ones, above the list (`head`) or below it (`about`); none: no room."""
        static = self.query_one(f"#{where}", Static)
        static.update(words)
        static.display = bool(words.plain)

    @on(OptionList.OptionHighlighted)
    def _moved(self, message: OptionList.OptionHighlighted) -> None:
        message.stop()
        self.post_message(self.InHand())

    @on(OptionList.OptionSelected)
    def _clicked(self, message: OptionList.OptionSelected) -> None:
        message.stop()
        self.post_message(self.Opened())

    def watch_reading(self) -> None:
        """Give the text the place of the list and the keys, or take them back."""
        self.set_class(self.reading, "-reading")
        if self.is_mounted and self._has_page:
            self.page.can_focus = self.reading
            (self.page if self.reading else self.listing).focus()

    # --- tabs ---------------------------------------------------------------------------

    def watch_view(self) -> None:
        """Ask for the lines of another tab; what was read is left."""
        if self.is_mounted:
            self.reading = False
            self.post_message(self.Asked())

    @on(ViewTabs.Chosen)
    def _tab_clicked(self, message: ViewTabs.Chosen) -> None:
        self.view = message.place

    def action_next_tab(self) -> None:
        """To the tab on the right."""
        self.view = (self.view + 1) % max(1, len(self._tabs))

    def action_tab_before(self) -> None:
        """To the tab on the left."""
        self.view = (self.view - 1) % max(1, len(self._tabs))

    def on_key(self, event: events.Key) -> None:
        """Choose a tab by its number."""
        sign = event.character or ""
        typing = isinstance(self.screen.focused, Input)
        if sign and sign in "123456789"[: len(self._tabs)] and not typing:
            self.view = int(sign) - 1
            event.stop()

    # --- filter and stepping back -----------------------------------------------------------

    def action_filter(self) -> None:
        """Leave the text, and let keys go into the filter."""
        self.reading = False
        self.query_one(FilterLine).begin()

    @on(FilterLine.Left)
    def _filtered(self) -> None:
        self.listing.focus()

    @on(Input.Changed)
    def _typed(self, message: Input.Changed) -> None:
        message.stop()
        self.post_message(self.Asked())

    def step_back(self) -> bool:
        """Take back the filter's keys, the text, the filter; False where there is none of them."""
        if self.reading:
            self.reading = False
            return True
        return bool(self._asks) and self.query_one(FilterLine).step_back()


def has_words(text: str, words: str) -> bool:
    """Tell whether a text has every one of these words, as a filter means it."""
    text = text.casefold()
    return all(word in text for word in words.casefold().split())
