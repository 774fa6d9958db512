"""Writing on a ticket: reply and note, each with a draft that is kept; then sending."""

from typing import TYPE_CHECKING

from textual import on
from textual.message import Message

from deskterm.domain.address import is_no_reply
from deskterm.domain.text import clean
from deskterm.domain.verbs import Note, Reply, Use
from deskterm.screens.drafting import DraftKeeper, nameable
from deskterm.screens.order import OnTickets, Order
from deskterm.screens.work import Working, stop_reading
from deskterm.widgets.reply_box import ReplyBox
from deskterm.widgets.typed import WordsArea

if TYPE_CHECKING:
    from datetime import datetime

    from deskterm.domain.means import Canned
    from deskterm.domain.rows import Done, TicketView
    from deskterm.domain.solutions import SolutionRow
    from deskterm.screens.desk import Desk

KINDS = ("reply", "note")
_SAID = {"reply": "Answered", "note": "Noted on"}


class Writer(ReplyBox, Working):
    """The reply area. What is written outlives screen, program and conflict."""

    begun: tuple[str, ...] = ()
    """The kinds of text that were begun and wait."""
    seen: dict[int, int] | None = None
    """The version of the ticket when the writing began; None where a clash does not matter."""
    _kind = ""
    """`reply` or `note` while one is written."""
    _keeper: DraftKeeper | None = None
    _order: tuple[str, Order] | None = None
    """What was sent last, with its order: sending the same again is safe."""

    class Sent(Message):
        """What was written is in the ledger."""

    class Turned(Message):
        """It was opened or closed, or other texts wait."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number
        self._used: set[int] = set()
        """Solutions that were put into the text."""
        self._texts: set[int] = set()
        """Canned texts that were."""

    def turn_to(self, number: int) -> None:
        """Write on another ticket from now on; what was begun on the one before is kept."""
        self.keep_draft()
        stop_reading(self)
        self.number, self.begun = number, ()
        self._kind, self._keeper, self.seen, self._order, self._used = "", None, None, None, set()
        self._texts = set()
        if self.is_open:
            self.close()

    # --- beginning and leaving --------------------------------------------------------

    def read_begun(self) -> None:
        """Ask which texts were begun."""
        number = self.number

        def kinds(desk: "Desk") -> tuple[str, ...]:
            return tuple(kind for kind in KINDS if desk.drafts.get(kind, number))

        def show(found: tuple[str, ...]) -> None:
            self.begun = found
            self.post_message(self.Turned())

        self.load(kinds, show, "drafts")

    def begin(self, kind: str, view: "TicketView") -> None:
        """Open the area for a `reply` or a `note`; a draft that was kept comes back."""
        if self._kind and self._kind != kind:
            self.keep_draft()
            self.close()
        if self._kind != kind:
            self._take_up(kind, view.id, view.version)
        self.open(_reader_of(view), kind == "note")
        self.post_message(self.Turned())

    def begin_any(self, view: "TicketView") -> None:
        """Open the area for a reply, unless something is written already."""
        if not self._kind:
            self.begin("reply", view)

    def _take_up(self, kind: str, number: int, version: int) -> None:
        self._kind, self.seen, self._used = kind, {number: version}, set()
        self._texts = set()
        keeper = DraftKeeper(self, kind, number, lambda at: self._show_kept(number, at))
        self._keeper = keeper

        def bring_back(draft: str) -> None:
            if self._keeper is keeper:
                keeper.begin(draft)
                if draft:
                    self.put(f"{draft}{self.text}")
                    self.kept = "draft brought back"

        self.load(lambda desk: desk.drafts.get(kind, number), bring_back, "draft")
        self.load(nameable, self._can_name, "logins")
        self.load(lambda desk: desk.means.texts.for_ticket(number), self._can_insert, "texts")

    def _can_insert(self, texts: "list[Canned]") -> None:
        self.area.canned = texts

    @on(WordsArea.Inserted)
    def _inserted(self, message: WordsArea.Inserted) -> None:
        message.stop()
        self._texts.add(message.text.id)
        if sentence := message.text.holes:
            self.desk_app.say(sentence, "warning")

    def _can_name(self, logins: list[str]) -> None:
        self.area.logins = logins

    def keep_draft(self) -> None:
        """Store what is written, now."""
        if self._keeper is not None:
            self._keeper.keep()

    def leave(self) -> None:
        """Close the area; the draft is kept."""
        self.keep_draft()
        self._end()

    def _end(self) -> None:
        self._kind, self._keeper, self.seen = "", None, None
        self.close()
        self.post_message(self.Turned())
        self.read_begun()

    @on(ReplyBox.Typed)
    def _touch(self, message: ReplyBox.Typed) -> None:
        if self._keeper is not None:
            self._keeper.touch(message.text)

    def _show_kept(self, number: int, at: "datetime | None") -> None:
        if number != self.number:
            return
        if self._kind:
            self.kept = f"draft kept {at.astimezone():%H:%M}" if at else ""
        else:
            self.read_begun()

    # --- writing and sending --------------------------------------------------------------

    def put_in(self, solution: "SolutionRow") -> None:
        """Put a solution's words where the cursor is."""
        words = solution.resolution + (f"\n\n{solution.tip}" if solution.tip else "")
        self.area.insert(clean(words))
        self.area.focus()
        self._used.add(solution.id)

    def send(self) -> None:
        """Send what is written; the draft goes only when the answer is in the ledger."""
        text = self.text.strip()
        if not self._kind:
            self.desk_app.say("There is nothing to send: r answers, i writes a note.")
        elif not text:
            self.desk_app.say("Write something first, or leave with Esc.", "warning")
        else:
            self.keep_draft()
            if self._order is None or self._order[0] != self._kind + text:
                self._order = (self._kind + text, self._new_order(text))
            self.desk_app.write(self._order[1])

    def _new_order(self, text: str) -> Order:
        kind, number, keeper = self._kind, self.number, self._keeper
        used, texts = tuple(self._used), tuple(self._texts)

        def sent(done: "Done") -> None:
            del done
            if keeper is not None:
                keeper.drop()
            if keeper is not None and self._keeper is keeper and keeper.has_screen:
                self._order = None
                self._end()
                self.post_message(self.Sent())
            if texts:
                self.keep(lambda desk: desk.means.texts.used(texts))
            for solution in used:
                self._record_use(number, solution)

        asked = Reply(text) if kind == "reply" else Note(text)
        seen = self.seen if kind == "reply" else None
        return Order(_SAID[kind], OnTickets((number,), asked), seen, sent)

    def _record_use(self, number: int, solution: int) -> None:
        """Record that a solution went out with the answer."""
        self.desk_app.write(Order(f"Used S{solution} on", OnTickets((number,), Use(solution))))


def _reader_of(view: "TicketView") -> str:
    """Say whom an answer reaches, and where its address says itself that nobody reads it."""
    if view.requester is None:
        return "the customer"
    address = next(iter(view.requester.addresses), "")
    if not is_no_reply(address):
        return view.requester.name
    return f"{address}, which nobody reads by its own word"
