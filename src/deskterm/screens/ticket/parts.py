"""The middle of the ticket screen: Talk, Steps, Links and Facts in tabs, the pane beside them."""

from collections.abc import Iterable

from textual import events, on
from textual.containers import Horizontal
from textual.message import Message
from textual.reactive import var
from textual.widget import Widget
from textual.widgets import ContentSwitcher

from deskterm.domain import clock
from deskterm.screens.ticket import steps, ties
from deskterm.screens.ticket.beside import Beside
from deskterm.screens.ticket.facts import Facts
from deskterm.screens.ticket.pages import Fitting, Page
from deskterm.screens.ticket.steps import Steps
from deskterm.screens.ticket.talk import Talk
from deskterm.screens.ticket.ties import Ties
from deskterm.screens.work import Working
from deskterm.widgets.talk_lines import Saying
from deskterm.widgets.talk_view import TalkView
from deskterm.widgets.view_tabs import View, ViewTabs


class Parts(Widget, Working):
    """What is read of a ticket; one part has the keys. Its screen reads the page."""

    DEFAULT_CSS = """
    Parts { height: 1fr; layout: vertical; }
    Parts #middle, Parts #parts-of-it { height: 1fr; width: 1fr; }
    Parts.-whole #beside { display: none; }
    """

    part: var[int] = var(0)
    """The place of the part that is shown."""
    _page: Page | None = None
    _below = 0

    class Turned(Message):
        """Another part is shown, what fits is another, or entries came out of sight."""

    def __init__(self) -> None:
        super().__init__()
        self.talk = Talk(id="talk")
        self.each = (self.talk, Steps(id="steps"), Ties(id="links"), Facts(id="facts"))
        self.beside = Beside(id="beside")

    def compose(self) -> Iterable[Widget]:
        """Give tabs, parts, and the pane beside them."""
        yield ViewTabs()
        yield Horizontal(
            ContentSwitcher(*self.each, initial="talk", id="parts-of-it"),
            self.beside,
            id="middle",
        )

    def on_mount(self) -> None:
        """Draw the frame."""
        self._show_tabs()
        self.take_keys()

    @property
    def shown(self) -> "Talk | Steps | Ties | Facts":
        """The part that is shown."""
        return self.each[self.part]

    @property
    def fitting(self) -> Fitting:
        """What may help with the ticket."""
        return self.beside.fitting

    @property
    def entry(self) -> Saying | None:
        """The entry in hand, while Talk is shown."""
        return self.talk.in_hand if self.shown is self.talk else None

    @property
    def below(self) -> int:
        """New entries that are out of sight, while Talk is shown."""
        return self._below if self.shown is self.talk else 0

    def take_keys(self) -> None:
        """Let keys go to the part that is shown."""
        self.shown.focus()

    def empty(self) -> None:
        """Show nothing of any ticket, and Talk first."""
        self._page, self._below = None, 0
        for part in (*self.each, self.beside):
            part.empty()
        self.part = 0
        self._show_tabs()
        self.take_keys()

    # --- drawing ------------------------------------------------------------------------

    def follow(self, page: Page) -> None:
        """Take the ticket as it was read, and read what fits it."""
        self._page = page
        self.beside.follow(page)

    @on(Beside.Fits)
    def draw(self) -> None:
        """Draw what is seen anew; each part keeps its place."""
        if self._page is None or not self.is_mounted:
            return
        what = (self._page, self.fitting, clock.now())
        for part in (self.shown, self.beside):
            part.draw(*what)
        self._show_tabs()
        self.post_message(self.Turned())

    def _show_tabs(self) -> None:
        page = self._page
        counts = ("", steps.count(page.view.steps), str(ties.count(page) or ""), "") if page else ()
        tabs = self.query_one(ViewTabs)
        tabs.views = tuple(
            View(str(one.id).capitalize(), "", counts[at] if counts else "")
            for at, one in enumerate(self.each)
        )
        tabs.active = self.part

    @on(TalkView.Moved)
    def _moved(self, message: TalkView.Moved) -> None:
        if message.below != self._below:
            self._below = message.below
            self.post_message(self.Turned())

    # --- from part to part --------------------------------------------------------------

    def watch_part(self) -> None:
        """Go to the part."""
        if self.is_mounted:
            # Links and facts say all that the pane does: they have its room.
            self.set_class(self.part >= 2, "-whole")
            self.draw()
            self.query_one(ContentSwitcher).current = self.shown.id
            self._show_tabs()
            self.take_keys()
            self.post_message(self.Turned())

    def turn(self, by: int) -> None:
        """Go to the next part, or to the one before."""
        self.part = (self.part + by) % len(self.each)

    @on(ViewTabs.Chosen)
    def _tab_clicked(self, message: ViewTabs.Chosen) -> None:
        self.part = message.place

    def on_key(self, event: events.Key) -> None:
        """Choose a part by its number."""
        if event.character and event.character in "1234":
            self.part = int(event.character) - 1
            event.stop()
