"""Writing on a ticket: reply and note with a kept draft, the editor, a solution put in, sending."""

import os
from typing import TYPE_CHECKING, Any, cast

from textual import on

from deskterm.domain.errors import DeskError
from deskterm.domain.text import clean
from deskterm.domain.verbs import Note, Reply, Split, Use
from deskterm.screens.drafting import DraftKeeper
from deskterm.screens.naming import nameable
from deskterm.screens.order import OnTickets, Order
from deskterm.screens.work import Working
from deskterm.widgets.picker import Pick
from deskterm.widgets.reply_box import ReplyBox

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from deskterm.domain.rows import Done
    from deskterm.screens.action import Flow
    from deskterm.screens.ticket.screen import TicketScreen

KINDS = ("reply", "note")
_SAID = {"reply": "Answered", "note": "Noted on"}


class Writing(Working):
    """Actions of the reply area. What is written outlives screen, program and conflict."""

    _kind = ""
    """`reply` or `note` while one is written."""
    _seen: dict[int, int] | None = None
    """The version of the ticket when the writing began."""
    _keeper: DraftKeeper | None = None
    _order: tuple[str, Order] | None = None
    """What was sent last, with its order: sending the same again is safe."""
    _used: set[int]
    """Solutions that were put into the text."""

    @property
    def _ticket(self) -> "TicketScreen":
        return cast("TicketScreen", self)

    @property
    def box(self) -> ReplyBox:
        """The reply area."""
        return self._ticket.query_one(ReplyBox)

    # --- beginning and leaving --------------------------------------------------------

    def begin_text(self, kind: str) -> None:
        """Open the reply area; a draft that was kept comes back."""
        page = self._ticket.page
        if page is None:
            return
        if self._kind and self._kind != kind:
            self.keep_draft()
            self.box.close()
        if self._kind != kind:
            self._begin(kind, page.view.id, page.view.version)
        who = page.view.requester
        self.box.open(who.name if who else "the customer", internal=kind == "note")
        self._ticket.show_keys()
        self._ticket.show_hint()

    def _begin(self, kind: str, number: int, version: int) -> None:
        self._kind, self._seen, self._used = kind, {number: version}, set()
        keeper = DraftKeeper(self._ticket, kind, number, self._show_kept)
        self._keeper = keeper

        def bring_back(draft: str) -> None:
            if self._keeper is keeper:
                keeper.begin(draft)
                if draft:
                    self.box.put(f"{draft}{self.box.text}")
                    self.box.kept = "draft brought back"

        self.load(lambda desk: desk.drafts.get(kind, number), bring_back, "draft")
        self.load(nameable, self._can_name, "logins")

    def _can_name(self, logins: list[str]) -> None:
        self.box.area.logins = logins

    def keep_draft(self) -> None:
        """Store what is written, now."""
        if self._keeper is not None:
            self._keeper.keep()

    def leave_text(self) -> None:
        """Close the reply area; the draft is kept."""
        self.keep_draft()
        self._end()

    def _end(self) -> None:
        self._kind, self._keeper, self._seen = "", None, None
        self.box.close()
        self._ticket.focus_part()
        self._ticket.show_keys()
        self._ticket.show_hint()
        self._ticket.read_drafts()

    @on(ReplyBox.Typed)
    def _typed(self, message: ReplyBox.Typed) -> None:
        if self._keeper is not None:
            self._keeper.touch(message.text)

    def _show_kept(self, at: "datetime | None") -> None:
        if self._kind:
            self.box.kept = f"draft kept {at.astimezone():%H:%M}" if at else ""
        else:
            self._ticket.read_drafts()

    # --- sending -----------------------------------------------------------------------

    def action_send(self) -> None:
        """Send what is written; the draft goes only when the answer is in the ledger."""
        text = self.box.text.strip()
        if not self._kind:
            self._ticket.say("There is nothing to send: r answers, i writes a note.")
        elif not text:
            self._ticket.say("Write something first, or leave with Esc.", "warning")
        else:
            self.keep_draft()
            if self._order is None or self._order[0] != self._kind + text:
                self._order = (self._kind + text, self._new_order(text))
            self.desk_app.write(self._order[1])

    def _new_order(self, text: str) -> Order:
        kind, number, keeper = self._kind, self._ticket.number, self._keeper
        used = tuple(self._used)

        def sent(done: "Done") -> None:
            del done
            if keeper is not None:
                keeper.drop()
            if keeper is not None and self._keeper is keeper and keeper.has_screen:
                self._order = None
                self._end()
            for solution in used:
                self._record_use(number, solution)

        asked = Reply(text) if kind == "reply" else Note(text)
        seen = self._seen if kind == "reply" else None
        return Order(_SAID[kind], OnTickets((number,), asked), seen, sent)

    def _record_use(self, number: int, solution: int) -> None:
        """Record that a solution went out with the answer."""
        self.desk_app.write(Order(f"Used S{solution} on", OnTickets((number,), Use(solution))))

    # --- help with writing --------------------------------------------------------------

    def action_editor(self) -> None:
        """Write in the technician's own editor; without an open text it is a reply."""
        from deskterm.screens.editing import edit_text, editor_command

        try:
            command = editor_command(str(self.desk_app.settings["editor"]), os.environ)
        except DeskError as error:
            self.desk_app.say_error(error)
            return
        if not self._kind:
            self.begin_text("reply")
        try:
            text = edit_text(self.app, command, self.box.text)
        except DeskError as error:
            self.desk_app.say_error(error)
            return
        self.box.put(text)
        self.keep_draft()

    def action_insert(self) -> None:
        """Choose a solution and put its words where the cursor is."""
        from deskterm.screens.dialogs.pick import PickDialog

        hints = self._ticket.fitting.solutions
        if not hints:
            self._ticket.say("No solution fits yet; s searches all of them.")
            return
        if not self._kind:
            self.begin_text("reply")

        def chosen(value: str | None) -> None:
            for hint in hints:
                if value == str(hint.solution.id):
                    self._put_in(hint.solution)

        self.app.push_screen(PickDialog("Put in a solution", _picks(hints)), chosen)

    def _put_in(self, solution: Any) -> None:
        words = solution.resolution + (f"\n\n{solution.tip}" if solution.tip else "")
        self.box.area.insert(clean(words))
        self.box.area.focus()
        self._used.add(solution.id)

    def action_split(self) -> None:
        """Part the ticket from the message in hand on."""
        from deskterm.screens.dialogs.ask import AskDialog

        one, number = self._ticket.talk.in_hand, self._ticket.number
        if one is None:
            return

        def asked(yes: bool | None) -> None:
            if yes:
                self.desk_app.write(Order("Split into", OnTickets((number,), Split(one.id))))

        question = f"A new ticket begins with: {one.when} {one.head}\n{one.body[:200]}"
        self.app.push_screen(AskDialog(f"Split #{number}", question), asked)


def reply(owner: "TicketScreen") -> None:
    """Answer the customer."""
    owner.begin_text("reply")


def note(owner: "TicketScreen") -> None:
    """Write an internal note."""
    owner.begin_text("note")


FLOWS: "Mapping[str, Flow]" = {"reply": reply, "note": note}
"""Written on the screen itself, not in a dialog."""


def _picks(hints: "Sequence[Any]") -> list[Pick]:
    return [
        Pick(str(hint.solution.id), f"S{hint.solution.id} {hint.solution.title}", hint.reason)
        for hint in hints
    ]


def begun_lines(kinds: "Sequence[str]") -> list[tuple[str, str]]:
    """Give (key, words) for the drafts that wait."""
    words = {"reply": ("r", "goes on with your reply"), "note": ("i", "goes on with your note")}
    return [words[kind] for kind in kinds]
