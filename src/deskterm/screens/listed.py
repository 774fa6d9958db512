"""What screens with one list share: moving through it, a filter line, views in tabs, pace.

A screen composes a `LineList` named `list`; with `Filtered` also an `Input` named `filter`, with
`Tabbed` a `ViewTabs`. The keys are in `action_lists/listed.py`, one record for all of them.
"""

import time
from typing import ClassVar

from textual import events, on
from textual.reactive import var
from textual.timer import Timer
from textual.widgets import Input

from deskterm.screens.base import DeskScreen
from deskterm.widgets.line_list import LineList
from deskterm.widgets.status_line import StatusLine
from deskterm.widgets.text_pane import TextPane
from deskterm.widgets.view_tabs import ViewTabs

SPARE = 10
"""A screen that reads much rests so many times as long as its last reading took."""


class Listed(DeskScreen):
    """A screen with one list; it reads when the desk is open and after every change."""

    def on_mount(self) -> None:
        """Let keys go to the list."""
        self.listing.focus()

    def desk_opened(self) -> None:
        """Read for the first time."""
        self.query_one(StatusLine).who = self.desk_app.desk.me
        self.read()

    def desk_changed(self) -> None:
        """Read anew; the cursor keeps its line."""
        if self.desk_app.is_open and self.is_mounted:
            self.read()

    def read(self) -> None:
        """Read what the list shows."""

    @property
    def listing(self) -> LineList:
        """The list."""
        return self.query_one("#list", LineList)

    @property
    def name_in_hand(self) -> str:
        """The name of the line under the cursor; empty where there is none."""
        return self.listing.in_hand if self.is_mounted else ""

    def mover(self) -> LineList | TextPane:
        """Give what the moving keys move."""
        return self.listing

    def pager(self) -> LineList | TextPane:
        """Give what the page keys move."""
        return self.mover()

    def action_list_down(self) -> None:
        """One down."""
        self.mover().move(1)

    def action_list_up(self) -> None:
        """One up."""
        self.mover().move(-1)

    def action_list_page_down(self) -> None:
        """A page down."""
        self.pager().move_page(1)

    def action_list_page_on(self) -> None:
        """A page down, by the key that pagers have for it."""
        self.action_list_page_down()

    def action_list_page_up(self) -> None:
        """A page up."""
        self.pager().move_page(-1)

    def action_list_first(self) -> None:
        """To the beginning."""
        self.mover().move_to_end(last=False)

    def action_list_last(self) -> None:
        """To the end."""
        self.mover().move_to_end(last=True)


class Filtered(Listed):
    """A list with a filter line below it, which has the keys only while it is written in."""

    def on_mount(self) -> None:
        """Keep the keys from the filter until it is asked for."""
        self.filter_line.can_focus = False

    @property
    def filter_line(self) -> Input:
        """The filter."""
        return self.query_one("#filter", Input)

    def filter_changed(self) -> None:
        """Show what fits."""

    def action_list_filter(self) -> None:
        """Let keys go into the filter."""
        line = self.filter_line
        line.add_class("-open")
        line.can_focus = True
        line.focus()

    @on(Input.Changed, "#filter")
    def _typed(self) -> None:
        self.filter_changed()

    @on(Input.Submitted, "#filter")
    def _leave_filter(self) -> None:
        line = self.filter_line
        self.listing.focus()
        line.can_focus = False
        line.set_class(bool(line.value), "-open")

    def took_back_keys(self) -> bool:
        """Take the keys back from the filter; gives whether it had them."""
        had = self.filter_line.has_focus
        if had:
            self._leave_filter()
        return had

    def took_back_filter(self) -> bool:
        """Empty the filter; gives whether there was one."""
        line = self.filter_line
        had = bool(line.value)
        if had:
            line.value = ""
            line.remove_class("-open")
        return had

    def action_escape(self) -> None:
        """Take back: the filter's keys, the filter; then leave."""
        if not self.took_back_keys() and not self.took_back_filter():
            self.action_back()


class Tabbed(DeskScreen):
    """A screen with views in tabs: by number, by the keys beside each other, by mouse."""

    VIEW_COUNT: ClassVar[int] = 1
    """How many there are, nine at most."""

    view: var[int] = var(0)

    @on(ViewTabs.Chosen)
    def _tab_clicked(self, message: ViewTabs.Chosen) -> None:
        self.view = message.place

    def action_list_next_view(self) -> None:
        """To the view on the right."""
        self.view = (self.view + 1) % self.VIEW_COUNT

    def action_list_view_before(self) -> None:
        """To the view on the left."""
        self.view = (self.view - 1) % self.VIEW_COUNT

    def on_key(self, event: events.Key) -> None:
        """Choose a view by its number."""
        sign = event.character or ""
        if sign in "123456789"[: self.VIEW_COUNT] and sign and not isinstance(self.focused, Input):
            self.view = int(sign) - 1
            event.stop()


class Paced(Listed):
    """A list of figures whose reading takes long: changes are followed, but never without rest."""

    _asked_at = _rested_at = 0.0
    _late: Timer | None = None

    def reading_begins(self) -> None:
        """Note that the reading has begun."""
        self._asked_at = time.monotonic()

    def reading_ended(self) -> None:
        """Note that it is there, and how long to rest."""
        now = time.monotonic()
        self._rested_at = now + SPARE * (now - self._asked_at)

    def catch_up(self) -> None:
        """Read anew now, or once it has rested."""
        wait = self._rested_at - time.monotonic()
        if wait <= 0:
            super().catch_up()
        elif self._late is None:
            self._late = self.set_timer(wait, self._rested)

    def _rested(self) -> None:
        self._late = None
        if self.is_current:
            self.catch_up()
