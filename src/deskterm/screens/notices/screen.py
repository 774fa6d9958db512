"""One's own notices, newest first: what happened, and the way there."""

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual import events, on
from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import OptionList, Static

from deskterm.domain import clock
from deskterm.domain.notice_rows import NoticeRow, Wishes
from deskterm.screens.action import Action
from deskterm.screens.actions import bindings
from deskterm.screens.listed import Filtered, Tabbed
from deskterm.screens.notices.lines import VIEWS, chosen, lines, notice_content
from deskterm.screens.work import Order
from deskterm.widgets.line_list import LineList
from deskterm.widgets.status_line import StatusLine
from deskterm.widgets.typed import PlainInput
from deskterm.widgets.view_tabs import View, ViewTabs

MOST = 500
"""Notices that are read at most."""
_NOTHING = "Nothing new.\n\n3 shows what you have seen · o chooses what you are told of"
_NEVER = "No notices yet.\n\nWhat concerns you appears here: tickets given to you, answers, @you."
_NO_FIT = "Nothing fits.\n\n/ changes the filter · Esc takes it away"


class NoticesScreen(Tabbed, Filtered):
    """A list with views New, Urgent, All; opening one marks it as seen."""

    NAME = "notices"
    CSS_PATH = "screen.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("notices")]

    VIEW_COUNT = len(VIEWS)
    rows: Sequence[NoticeRow] = ()
    _loaded = False

    def body(self) -> Iterable[Widget]:
        """Give tabs, list, what happened, filter."""
        yield ViewTabs()
        yield LineList(id="list")
        yield Static(id="none")
        yield Static(id="words")
        yield PlainInput(placeholder="filter by words", id="filter", select_on_focus=False)

    # --- reading --------------------------------------------------------------------

    def on_mount(self) -> None:
        """Draw the frame; the notices come when the desk is open."""
        self._draw()

    def on_screen_resume(self) -> None:
        """Read anew: a ticket that was open meanwhile took its notices along."""
        if self.desk_app.is_open and self.is_mounted:
            self.read()

    def read(self) -> None:
        """Read the notices."""
        self.load(lambda desk: desk.notices.list(limit=MOST), self._show, "list")

    def _show(self, rows: Sequence[NoticeRow]) -> None:
        self._loaded = True
        self.rows = tuple(rows)
        self._draw()

    def filter_changed(self) -> None:
        """Show what fits."""
        self._draw()

    # --- drawing ----------------------------------------------------------------------

    def watch_view(self) -> None:
        """Draw the list anew, from the newest."""
        self._draw()

    def on_resize(self, event: events.Resize) -> None:
        """Draw the columns anew."""
        del event
        self._draw()

    @property
    def _shown(self) -> list[NoticeRow]:
        return chosen(self.rows, self.view, self.filter_line.value)

    def _draw(self) -> None:
        if not self.is_mounted:
            return
        shown = self._shown
        counts = [len(chosen(self.rows, place, "")) for place in range(len(VIEWS))]
        tabs = self.query_one(ViewTabs)
        tabs.views = tuple(View(name, "", str(counts[at] or "")) for at, name in enumerate(VIEWS))
        tabs.active = self.view
        listing = self.listing
        listing.show(lines(shown, max(20, self.size.width - 1), clock.now()))
        listing.display = bool(shown)
        none = self.query_one("#none", Static)
        none.display = not shown
        none.update(Content(self._why_none() if self._loaded else ""))
        self.query_one(StatusLine).clock = clock.now().astimezone().strftime("%H:%M")
        self._draw_words()

    def _why_none(self) -> str:
        if self.filter_line.value:
            return _NO_FIT
        return _NOTHING if self.rows else _NEVER

    def _draw_words(self) -> None:
        one = self.in_hand
        width = max(20, self.size.width - 2)
        self.query_one("#words", Static).update(notice_content(one, width) if one else Content(""))
        self.show_keys()

    @on(OptionList.OptionHighlighted, "#list")
    def _moved(self) -> None:
        self._draw_words()

    # --- what is in hand ----------------------------------------------------------------

    @property
    def in_hand(self) -> NoticeRow | None:
        """The notice under the cursor."""
        name = self.name_in_hand
        return next((one for one in self._shown if str(one.id) == name), None) if name else None

    def chosen_states(self) -> list[str]:
        """Give the state of the ticket in hand."""
        one = self.in_hand
        return [one.state] if one else []

    def chosen_number(self) -> str:
        """Give `#12`."""
        return f"#{self.in_hand.ticket_id}" if self.in_hand else ""

    def chosen_text(self) -> str:
        """Give the first words of what happened."""
        return self.in_hand.text or self.in_hand.subject if self.in_hand else ""

    def _why_not(self, action: Action) -> str:
        return f"{action.label}: there is no notice here."

    # --- doing ------------------------------------------------------------------------------

    @on(OptionList.OptionSelected, "#list")
    def _clicked(self) -> None:
        self.action_notice_open()

    def action_notice_open(self) -> None:
        """Open the ticket at the entry; its notices are seen."""
        one = self.in_hand
        if one is not None:
            self.desk_app.go("ticket", one.ticket_id, one.entry_id)

    def action_notice_seen(self) -> None:
        """Mark the one in hand as seen and move on."""
        one = self.in_hand
        if one is not None:
            self.listing.move(1)
            self.load(lambda desk: desk.notices.seen([one.id]), self._marked, "seen")

    def action_notice_seen_all(self) -> None:
        """Mark all as seen."""
        self.load(lambda desk: desk.notices.seen_all(), self._marked_all, "seen")

    def _marked(self, many: int) -> None:
        del many
        self.read()
        self.desk_app.look_at_notices()

    def _marked_all(self, many: int) -> None:
        self.say(f"{many} seen." if many else "Nothing was new.")
        self._marked(many)

    def action_notice_wishes(self) -> None:
        """Choose what one is told of."""
        self.load(lambda desk: desk.attention.show(), self._ask_wishes, "wishes")

    def _ask_wishes(self, wishes: Wishes) -> None:
        from deskterm.screens.notices.wishes import WishesDialog

        def decided(values: dict[str, str] | None) -> None:
            if values:
                self.write(Order("Kept", lambda desk, op, _: desk.attention.wish(values, op)))

        self.app.push_screen(WishesDialog(wishes), decided)
