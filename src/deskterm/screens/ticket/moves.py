"""Moving on the ticket screen: parts, lines, pages, messages."""

from typing import TYPE_CHECKING, cast

from textual import events, on

from deskterm.screens.base import DeskScreen
from deskterm.widgets.line_list import LineList
from deskterm.widgets.talk_view import TalkView
from deskterm.widgets.text_pane import TextPane
from deskterm.widgets.view_tabs import ViewTabs

if TYPE_CHECKING:
    from deskterm.screens.ticket.screen import TicketScreen

PARTS = ("talk", "steps", "links", "facts")


class Moves(DeskScreen):
    """Actions that change nothing but what is seen."""

    @property
    def _here(self) -> "TicketScreen":
        return cast("TicketScreen", self)

    @property
    def talk(self) -> TalkView:
        """The timeline."""
        return self.query_one(TalkView)

    @property
    def _shown(self) -> TalkView | LineList | TextPane:
        widget = self.query_one(f"#{PARTS[self._here.part]}")
        assert isinstance(widget, TalkView | LineList | TextPane)
        return widget

    def focus_part(self) -> None:
        """Let keys go to the part that is shown."""
        self._shown.focus()

    def on_key(self, event: events.Key) -> None:
        """Choose a part by its number."""
        if event.character and event.character in "1234" and not self._here.box.area.has_focus:
            self._here.part = int(event.character) - 1
            event.stop()
        else:
            super().on_key(event)

    @on(ViewTabs.Chosen)
    def _tab_clicked(self, message: ViewTabs.Chosen) -> None:
        self._here.part = message.place

    @on(TalkView.Moved)
    def _moved(self, message: TalkView.Moved) -> None:
        self._here.below = message.below

    @on(LineList.OptionSelected)
    def _line_clicked(self) -> None:
        """A click opens what is tied to the ticket; a step is marked by a key only."""
        if PARTS[self._here.part] == "links":
            self._here.action_do()

    def action_next_tab(self) -> None:
        """To the next part; while writing, between the text and what is read."""
        self._go_beside(1)

    def action_tab_before(self) -> None:
        """To the part before."""
        self._go_beside(-1)

    def _go_beside(self, by: int) -> None:
        if not self._here.box.is_open:
            self._here.part = (self._here.part + by) % len(PARTS)
        elif self._here.box.area.has_focus:
            self.focus_part()
        else:
            self._here.box.area.focus()

    def action_page_on(self) -> None:
        """A page down, by the key that pagers have for it."""
        self._shown.move_page(1)

    def action_next_entry(self) -> None:
        """To the next message."""
        self.talk.step(1)

    def action_previous_entry(self) -> None:
        """To the message before."""
        self.talk.step(-1)

    def action_escape(self) -> None:
        """Leave the text, its draft kept; else leave the screen."""
        if self._here.box.is_open:
            self._here.leave_text()
        else:
            self.action_back()
