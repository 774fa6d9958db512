"""Received mail by what became of it: what nobody understood first, with its reason."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import OptionList, Static

from deskterm.domain import clock
from deskterm.domain.mail_rows import InboxRow, MailShown
from deskterm.domain.rows import Done
from deskterm.screens.action import Action
from deskterm.screens.actions import bindings
from deskterm.screens.dialogs.ask import AskDialog
from deskterm.screens.inbox.lines import SHELVES, counted, lines, mail_content, reason_content
from deskterm.screens.listed import Filtered, Tabbed
from deskterm.screens.work import Order, Seen
from deskterm.widgets.line_list import LineList
from deskterm.widgets.status_line import StatusLine
from deskterm.widgets.text_pane import TextPane
from deskterm.widgets.typed import PlainInput
from deskterm.widgets.view_tabs import View, ViewTabs

if TYPE_CHECKING:
    from deskterm.screens.desk import Desk

MOST = 500
"""Mails that are read at most; the filter looks through all of them in the database."""
_NO_FIT = "Nothing fits.\n\n/ changes the filter · Esc takes it away"


class InboxScreen(Tabbed, Filtered):
    """A list with a tab for each state; Enter shows the mail, r tries it again, d puts it away."""

    NAME = "inbox"
    CSS_PATH = "screen.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("inbox")]

    VIEW_COUNT = len(SHELVES)
    rows: Sequence[InboxRow] = ()
    counts: Mapping[str, int] = {}
    _loaded = False

    def body(self) -> Iterable[Widget]:
        """Give tabs, list, reason, the mail itself, filter."""
        yield ViewTabs()
        yield LineList(id="list")
        yield Static(id="none")
        yield Static(id="about")
        yield TextPane(id="mail")
        yield PlainInput(placeholder="words of sender, subject or reason", id="filter",
                         select_on_focus=False)  # fmt: skip

    # --- reading --------------------------------------------------------------------

    def on_mount(self) -> None:
        """Draw the frame; the mails come when the desk is open."""
        self._draw()

    def read(self) -> None:
        """Read the shelf in hand."""
        states, words = SHELVES[self.view].states, self.filter_line.value

        def ask(desk: "Desk") -> tuple[Sequence[InboxRow], Mapping[str, int]]:
            return desk.inbox.shelf(states, MOST, words), desk.inbox.counts()

        self.load(ask, self._show, "list")

    def _show(self, found: tuple[Sequence[InboxRow], Mapping[str, int]]) -> None:
        self._loaded = True
        self.rows, self.counts = found
        self._draw()

    # --- drawing ----------------------------------------------------------------------

    def watch_view(self) -> None:
        """Read another shelf."""
        if self.is_mounted and self.desk_app.is_open:
            self._close_mail()
            self.read()

    def on_resize(self, event: events.Resize) -> None:
        """Draw the columns anew."""
        del event
        self._draw()

    def _draw(self) -> None:
        if not self.is_mounted:
            return
        tabs = self.query_one(ViewTabs)
        tabs.views = tuple(
            View(one.label, "", str(counted(one, self.counts) or "")) for one in SHELVES
        )
        tabs.active = self.view
        listing = self.listing
        listing.show(lines(self.rows, max(20, self.size.width - 1), clock.now()))
        listing.display = bool(self.rows) and not self.is_reading
        none = self.query_one("#none", Static)
        none.display = not self.rows
        none.update(Content(self._why_none() if self._loaded else ""))
        self.query_one(StatusLine).clock = clock.now().astimezone().strftime("%H:%M")
        self._draw_about()

    def _why_none(self) -> str:
        if self.filter_line.value:
            return _NO_FIT
        return SHELVES[self.view].nothing

    def _draw_about(self) -> None:
        one = self.in_hand
        self.query_one("#about", Static).update(reason_content(one) if one else Content(""))
        self.show_keys()

    @on(OptionList.OptionHighlighted, "#list")
    def _moved(self) -> None:
        self._draw_about()

    # --- what is in hand ----------------------------------------------------------------

    @property
    def is_reading(self) -> bool:
        """Whether the mail itself is open."""
        return self.query_one("#mail").has_class("-open")

    @property
    def in_hand(self) -> InboxRow | None:
        """The mail under the cursor."""
        name = self.name_in_hand
        return next((one for one in self.rows if str(one.id) == name), None) if name else None

    def chosen_states(self) -> list[str]:
        """Give the state of the mail in hand; no ticket's verb fits it."""
        return [self.in_hand.state] if self.in_hand else []

    def chosen_number(self) -> str:
        """Give `#12`, the ticket it is on."""
        one = self.in_hand
        return f"#{one.ticket_id}" if one and one.ticket_id else ""

    def chosen_text(self) -> str:
        """Give the subject."""
        return self.in_hand.subject if self.in_hand else ""

    def _why_not(self, action: Action) -> str:
        return f"{action.label}: there is no mail here."

    # --- doing ------------------------------------------------------------------------------

    @on(OptionList.OptionSelected, "#list")
    def _clicked(self) -> None:
        self.action_mail_open()

    def action_mail_open(self) -> None:
        """Show the mail in hand; once more closes it."""
        one = self.in_hand
        if self.is_reading:
            self._close_mail()
        elif one is not None:
            self.load(lambda desk: desk.inbox.show(one.id), self._open_mail, "mail")

    def _open_mail(self, shown: MailShown) -> None:
        pane = self.query_one("#mail", TextPane)
        pane.show(mail_content(shown))
        pane.move_to_end(last=False)
        pane.add_class("-open")
        self.listing.display = False
        pane.focus()

    def _close_mail(self) -> None:
        self.query_one("#mail").remove_class("-open")
        listing = self.listing
        listing.display = bool(self.rows)
        listing.focus()

    def action_mail_ticket(self) -> None:
        """Open the ticket the mail is on."""
        one = self.in_hand
        if one is not None and one.ticket_id:
            self.desk_app.go("ticket", one.ticket_id)
        elif one is not None:
            self.say(f"mail {one.id} is on no ticket.", "warning")

    def action_mail_retry(self) -> None:
        """Let the mail in hand be processed again."""
        self._move("retry", [self.in_hand] if self.in_hand else [])

    def action_mail_retry_all(self) -> None:
        """Let every mail shown be processed again."""
        self._ask("retry", f"Try these {len(self.rows)} mails again?")

    def action_mail_discard(self) -> None:
        """Put the mail in hand away, once that is confirmed."""
        one = self.in_hand
        if one is not None:
            subject = one.subject or "(no subject)"
            self._ask("discard", f"Put “{subject}” away? Its bytes are kept.", [one])

    def action_mail_discard_all(self) -> None:
        """Put every mail shown away, once that is confirmed."""
        self._ask("discard", f"Put these {len(self.rows)} mails away? Their bytes are kept.")

    def _ask(self, verb: str, question: str, rows: Sequence[InboxRow] | None = None) -> None:
        chosen = tuple(self.rows if rows is None else rows)
        if not chosen:
            self.say("There is no mail here.", "warning")
            return

        def decided(yes: bool | None) -> None:
            if yes:
                self._move(verb, chosen)

        self.app.push_screen(AskDialog("Received mail", question), decided)

    def _move(self, verb: str, rows: Sequence[InboxRow]) -> None:
        numbers = [one.id for one in rows]
        if not numbers:
            return
        what = f"mail {numbers[0]}" if len(numbers) == 1 else f"{len(numbers)} mails"
        said = f"{what} waits to be processed" if verb == "retry" else f"Put away: {what}"

        def run(desk: "Desk", operation: str, seen: Seen) -> Done:
            del seen
            getattr(desk.inbox, verb)(numbers, op_id=operation)
            return Done(operation, f"mail {verb}", ())

        self._close_mail()
        self.desk_app.write(Order(said, run))

    # --- moving and filter ------------------------------------------------------------------

    def mover(self) -> LineList | TextPane:
        """Give the open mail, else the list."""
        return self.query_one("#mail", TextPane) if self.is_reading else self.listing

    def filter_changed(self) -> None:
        """Look through all mails in the database."""
        if self.desk_app.is_open:
            self.read()

    def action_list_filter(self) -> None:
        """Close the mail, and let keys go into the filter."""
        self._close_mail()
        super().action_list_filter()

    def action_escape(self) -> None:
        """Take back: the open mail, the filter's keys, the filter; then leave."""
        if self.is_reading:
            self._close_mail()
        else:
            super().action_escape()
