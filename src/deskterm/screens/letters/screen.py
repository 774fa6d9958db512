"""The mail queue: what waits, what failed and why, one line a letter; live."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import OptionList, Static

from deskterm.domain import clock
from deskterm.domain.mail_rows import LetterRow, LetterShown, Outgoing
from deskterm.screens.action import Action
from deskterm.screens.actions import bindings
from deskterm.screens.letters.lines import VIEWS, chosen, facts_content, head_content, lines
from deskterm.screens.letters.verbs import pausing, resuming, retrying, stopping
from deskterm.screens.listed import Filtered, Tabbed
from deskterm.widgets.line_list import LineList
from deskterm.widgets.status_line import StatusLine
from deskterm.widgets.typed import PlainInput
from deskterm.widgets.view_tabs import View, ViewTabs

if TYPE_CHECKING:
    from deskterm.screens.desk import Desk

MOST = 500
"""Letters that are read at most; failed and waiting ones come first."""
EVERY = 2.0
"""Seconds between two looks: a letter that leaves writes nothing into the ledger."""
_OUT = "All letters are out.\n\n3 shows those that left · q goes back"
_NONE_FAILED = "No letter failed.\n\n1 shows what waits"
_NEVER = "No letter was ever written.\n\nOpening, answering or closing a ticket writes one."
_NO_FIT = "Nothing fits.\n\n/ changes the filter · Esc takes it away"
Read = tuple[Outgoing, Sequence[LetterRow]]


class LettersScreen(Tabbed, Filtered):
    """A list with views Waiting, Failed, All; Enter shows a letter as it left or would leave."""

    NAME = "letters"
    CSS_PATH = "screen.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("letters")]

    VIEW_COUNT = len(VIEWS)
    rows: Sequence[LetterRow] = ()
    out = Outgoing()
    _loaded = False

    def body(self) -> Iterable[Widget]:
        """Give how it stands, tabs, list, the facts of the one in hand, filter."""
        yield ViewTabs()
        yield Static(id="head")
        yield LineList(id="list")
        yield Static(id="none")
        yield Static(id="facts")
        yield PlainInput(placeholder="filter by words", id="filter", select_on_focus=False)

    # --- reading --------------------------------------------------------------------

    def on_mount(self) -> None:
        """Draw the frame; the letters come when the desk is open."""
        self.set_interval(EVERY, self._look)
        self._draw()

    def _look(self) -> None:
        if self.is_current and self.desk_app.is_open:
            self.read()

    def read(self) -> None:
        """Read the letters and how the outbox stands."""
        self.load(_read, self._show, "list")

    def _show(self, read: Read) -> None:
        self._loaded = True
        self.out, self.rows = read
        self._draw()

    def filter_changed(self) -> None:
        """Show what fits."""
        self._draw()

    # --- drawing ----------------------------------------------------------------------

    def watch_view(self) -> None:
        """Draw the list anew."""
        self._draw()

    def on_resize(self, event: events.Resize) -> None:
        """Draw the columns anew."""
        del event
        self._draw()

    @property
    def _shown(self) -> list[LetterRow]:
        return chosen(self.rows, self.view, self.filter_line.value)

    def _draw(self) -> None:
        if not self.is_mounted:
            return
        shown, now = self._shown, clock.now()
        counts = (self.out.waiting + self.out.failed, self.out.failed, 0)
        tabs = self.query_one(ViewTabs)
        tabs.views = tuple(View(name, "", str(counts[at] or "")) for at, name in enumerate(VIEWS))
        tabs.active = self.view
        self.query_one("#head", Static).update(head_content(self.out, now))
        listing = self.listing
        listing.show(lines(shown, max(20, self.size.width - 1), now))
        listing.display = bool(shown)
        none = self.query_one("#none", Static)
        none.display = not shown
        none.update(Content(self._why_none() if self._loaded else ""))
        self.query_one(StatusLine).clock = now.astimezone().strftime("%H:%M")
        self._draw_facts()

    def _why_none(self) -> str:
        if self.filter_line.value:
            return _NO_FIT
        if not self.rows:
            return _NEVER
        return _NONE_FAILED if self.view == 1 else _OUT

    def _draw_facts(self) -> None:
        one = self.in_hand
        facts = facts_content(one, clock.now()) if one else Content("")
        self.query_one("#facts", Static).update(facts)
        self.show_keys()

    @on(OptionList.OptionHighlighted, "#list")
    def _moved(self) -> None:
        self._draw_facts()

    # --- what is in hand ----------------------------------------------------------------

    @property
    def in_hand(self) -> LetterRow | None:
        """The letter under the cursor."""
        name = self.name_in_hand
        return next((one for one in self._shown if str(one.id) == name), None) if name else None

    def chosen_states(self) -> list[str]:
        """Give the state of the letter in hand."""
        one = self.in_hand
        return [one.state] if one else []

    def chosen_number(self) -> str:
        """Give `#12`, the ticket of the letter in hand."""
        one = self.in_hand
        return f"#{one.ticket_id}" if one and one.ticket_id is not None else ""

    def chosen_text(self) -> str:
        """Give why it failed, else to whom it goes."""
        one = self.in_hand
        return (one.error or one.recipient) if one else ""

    def _why_not(self, action: Action) -> str:
        return f"{action.label}: there is no letter here."

    # --- doing ------------------------------------------------------------------------------

    @on(OptionList.OptionSelected, "#list")
    def _clicked(self) -> None:
        self.action_letter_open()

    def action_letter_open(self) -> None:
        """Show the letter as it left or would leave."""
        one = self.in_hand
        if one is not None:
            self.load(lambda desk: desk.outbox.letter(one.id), self._open, "letter")

    def _open(self, letter: LetterShown) -> None:
        from deskterm.screens.letters.reading import LetterDialog

        self.app.push_screen(LetterDialog(letter))

    def action_letter_ticket(self) -> None:
        """Open the ticket that the letter is about."""
        one = self.in_hand
        if one is None:
            return
        if one.ticket_id is None:
            self.say("This letter is about no single ticket.", "warning")
        else:
            self.desk_app.go("ticket", one.ticket_id)

    def action_letter_retry(self) -> None:
        """Try the letter again; one that waits leaves now."""
        if self.in_hand is not None:
            self.write(retrying(self.in_hand))

    def action_letter_retry_all(self) -> None:
        """Try every failed letter again, after asking."""
        from deskterm.screens.dialogs.ask import AskDialog

        if not self.out.failed:
            self.say("No letter failed.")
            return

        def decided(yes: bool | None) -> None:
            if yes:
                self.write(retrying(None))

        failed = self.out.failed
        many = "the failed letter" if failed == 1 else f"all {failed} failed letters"
        self.app.push_screen(AskDialog("Retry", f"Try {many} again?"), decided)

    def action_letter_withdraw(self) -> None:
        """Stop the letter before it leaves."""
        if self.in_hand is not None:
            self.write(stopping(self.in_hand))

    def action_letter_pause(self) -> None:
        """Stop all letters, asking why; or go on."""
        from deskterm.screens.dialogs.ask import LineDialog

        if self.out.paused:
            self.write(resuming())
            return

        def decided(reason: str | None) -> None:
            if reason is not None:
                self.write(pausing(reason))

        question = "No letter leaves until somebody goes on. Why? Everybody sees it."
        self.app.push_screen(LineDialog("Stop all letters", question), decided)


def _read(desk: "Desk") -> Read:
    return desk.outbox.standing(), desk.outbox.queue(sent=True, limit=MOST)
