"""One ticket: what was said, the nine steps, what it is tied to, its facts, and the reply."""

from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.binding import BindingType
from textual.widget import Widget

from deskterm.domain import clock
from deskterm.domain.errors import NotFoundError
from deskterm.screens.action import Chosen, Flow, Named
from deskterm.screens.actions import BY_ID, bindings, key_label, keys_of, part_bindings, possible
from deskterm.screens.base import DeskScreen, barred
from deskterm.screens.dialogs.verb import Targets
from deskterm.screens.flows import general, means, tickets
from deskterm.screens.flows.asking import order
from deskterm.screens.flows.proposals import to_accept
from deskterm.screens.order import VerbWanted
from deskterm.screens.ticket import flows
from deskterm.screens.ticket.head import Hint, TicketHead
from deskterm.screens.ticket.pages import Page, read_page
from deskterm.screens.ticket.parts import Parts
from deskterm.screens.ticket.writer import Writer
from deskterm.screens.work import stop_reading
from deskterm.widgets.key_bar import KeyBar, KeyItem
from deskterm.widgets.status_line import StatusLine

if TYPE_CHECKING:
    from deskterm.domain.errors import DeskError
    from deskterm.domain.rows import Done
    from deskterm.screens.flows.owner import Shown

_READING = ("help", "escape", "reply", "solution", "guide", "escalate", "take", "close", "note",
            "do", "palette")  # fmt: skip
HALF_DRAWN = 0.15
"""Seconds that a ticket is waited for before the screen is drawn without it."""
_WRITING = ("escape", "send", "editor", "insert", "palette")


class TicketScreen(DeskScreen):
    """One ticket, read anew after every change by anybody; its parts keep their places."""

    NAME = "ticket"
    CSS_PATH = "screen.tcss"
    FLOWS: ClassVar[Mapping[str, Flow]] = {**general.FLOWS, **tickets.FLOWS, **flows.FLOWS}
    OWN_KEYS: ClassVar[tuple[Flow, ...]] = (means.by_key,)
    NAMED: ClassVar[Mapping[str, Named]] = {**DeskScreen.NAMED, **means.NAMED, **flows.NAMED}
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings("ticket"),
        *part_bindings("next_tab", "tab_before"),
    ]

    KEPT = True
    page: Page | None = None

    def __init__(self, number: int, entry: int | None = None) -> None:
        super().__init__()
        self.number = number
        self._wanted = entry
        """The ledger entry to be shown first."""
        self.head, self.parts, self.hint = TicketHead(), Parts(), Hint(id="hint")
        self.writer = Writer(number)
        self._still = ExitStack()

    def body(self) -> Iterable[Widget]:
        """Give head, parts, hint, reply area."""
        yield from (self.head, self.parts, self.hint, self.writer)

    # --- reading ------------------------------------------------------------------------

    def fill(self, *args: object) -> None:
        """Read another ticket; nothing of the one before is shown or done to it any more."""
        number, *entries = (one for one in args if isinstance(one, int))
        stop_reading(self)
        self._still.close()
        self.desk_app.edges.dress(self)
        self._changes_seen = self.desk_app.changes_heard
        self.page, self.number, self._wanted = None, number, next(iter(entries), None)
        self.head.view = None
        self.parts.empty()
        self.writer.turn_to(number)
        self.hint.tell(None, 0, (), None)
        self.show_keys()
        _read_first(self)

    def desk_opened(self) -> None:
        """Read the ticket and what waits to be written; let the clock run."""
        self.set_interval(60, self.draw)
        self.desk_app.presence.changed.subscribe(self, lambda _: self.draw())
        _read_first(self)
        self.writer.read_begun()

    def desk_changed(self) -> None:
        """Read anew."""
        if self.desk_app.is_open:
            self.read()

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        """Ask again which texts were begun: another screen may have begun one."""
        del event
        if self.desk_app.is_open and self.is_mounted:
            self.writer.read_begun()

    def read(self) -> None:
        """Read the ticket."""
        number = self.number
        self.load(lambda desk: read_page(desk, number), self._show, "ticket", partial(_gone, self))

    def _show(self, page: Page) -> None:
        if page.view.id != self.number:
            self.say(f"#{self.number} was merged into #{page.view.id}.")
            self.number = self.writer.number = page.view.id
        if self.is_current:
            flows.mark_seen(self, self.number)
        if self._wanted is not None:
            self.call_after_refresh(self.parts.talk.take, self._wanted)
            self._wanted = None
        self.page, self.unread = page, False
        self.parts.follow(page)
        self.draw()
        self.show_keys()
        self._still.close()

    def draw(self) -> None:
        """Draw everything for the time it is now."""
        if self not in self.app.screen_stack:
            return
        now = clock.now()
        self.head.here = self.desk_app.presence.words((self.number,))
        self.head.now, self.head.view = now, self.page.view if self.page else None
        self.query_one(StatusLine).clock = now.astimezone().strftime("%H:%M")
        self.parts.draw()

    @on(Parts.Turned)
    def show_hint(self) -> None:
        """Show what is new, begun or fitting, unless a text is being written."""
        view = self.page.view if self.page else None
        fitting = self.parts.fitting if self.has_class("-narrow") else None
        self.hint.tell(view, self.parts.below, self.writer.begun, fitting)
        self.hint.set_class(self.writer.is_open, "-quiet")

    @on(Writer.Sent)
    def _show_sent(self) -> None:
        self.parts.talk.follow_end()

    @on(Writer.Turned)
    def _writing(self) -> None:
        if not self.writer.is_open:
            self.parts.take_keys()
        self.show_keys()
        self.show_hint()

    def show_keys(self) -> None:
        """Show the keys of reading, or those of writing."""
        writing = self.writer.is_open
        chosen = self.chosen()
        items = []
        for name in _WRITING if writing else _READING:
            action = BY_ID[name]
            if barred(self, action):
                continue
            label = "Keep draft" if writing and name == "escape" else action.label
            key = key_label(keys_of(action, self.desk_app.keys)[0])
            items.append(KeyItem(name, key, label, possible(action, chosen)))
        self.query_one(KeyBar).items = tuple(items)

    # --- what is chosen -----------------------------------------------------------------

    def targets(self) -> Targets:
        """Give this ticket as it is seen."""
        return Targets.of((self.number,), (self.page.row if self.page else None,))

    def proposed(self) -> "Shown":
        """Give what is proposed for this ticket."""
        return {self.number: to_accept(self.parts.fitting.proposals)}

    def chosen(self) -> list[Chosen]:
        """Give the ticket; nothing while it is not read."""
        return [Chosen("ticket", self.number, self.page.view.state)] if self.page else []

    def chosen_number(self) -> str:
        """Give `#12`."""
        return f"#{self.number}"

    def chosen_text(self) -> str:
        """Give the entry in hand, or what was said first."""
        one = self.parts.entry
        if one is not None and one.body:
            return one.body
        return self.page.view.body if self.page else ""

    @on(VerbWanted)
    def _do(self, message: VerbWanted) -> None:
        if message.ticket == self.number:
            order(self, message.said, self.targets(), message.request)

    def written(self, done: "Done") -> None:
        """One's own change does not clash with one's own answer; what one sees no more is left."""
        if self.number in done.gone:
            _leave(self)
        elif self.number in done.tickets:
            self.writer.seen = None


def _read_first(screen: TicketScreen) -> None:
    """Read; keys wait for it, and for a moment so does what is drawn: half a screen, twice."""
    screen.unread = True
    screen._still.enter_context(screen.app.batch_update())
    screen.set_timer(HALF_DRAWN, screen._still.close)
    screen.read()


def _gone(screen: TicketScreen, error: "DeskError") -> None:
    """Say why it could not be read; a screen that shows nothing, or what is gone, is left."""
    screen.unread = False
    screen._still.close()
    gone = isinstance(error, NotFoundError) and screen.page is not None
    if gone:
        screen.say(f"#{screen.number} went to a group or client that you do not see.", "warning")
    else:
        screen.desk_app.say_error(error)
    if gone or screen.page is None:
        _leave(screen)


def _leave(screen: TicketScreen) -> None:
    """Go back from what is not seen any more; nothing of it is read again."""
    stop_reading(screen, "ticket")
    screen.page = None
    if screen.is_current:
        screen.action_back()
