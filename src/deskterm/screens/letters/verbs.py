"""What is done with letters and errands on their screen: read whole; orders with an undo."""

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar, Protocol

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widget import Widget
from textual.widgets import Static

from deskterm.domain.asking import How
from deskterm.domain.mail_rows import LetterRow, LettersChanged, LetterShown
from deskterm.domain.rows import Done
from deskterm.domain.trackers import ErrandRow
from deskterm.screens.dialogs.base import Dialog
from deskterm.screens.flows import lists
from deskterm.screens.letters.lines import Outbox, Post, letter_content
from deskterm.screens.order import Order
from deskterm.screens.work import look_up

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from deskterm.screens.action import Flow
    from deskterm.screens.desk import Desk
    from deskterm.screens.flows.lists import ListOwner


class LettersOwner(lists.ListOwner, Protocol):
    """The mail queue."""

    @property
    def in_hand(self) -> Post | None:
        """The letter or errand under the cursor."""

    @property
    def told(self) -> Outbox:
        """What was read: how sending stands, too."""


def show(owner: LettersOwner) -> None:
    """Show the letter as it left or would leave."""
    one = owner.in_hand

    def read(letter: LetterShown) -> None:
        owner.app.push_screen(LetterDialog(letter))

    if isinstance(one, ErrandRow):
        _show_errand(owner, one)
    elif one is not None:
        look_up(owner, lambda desk: desk.outbox.letter(one.id), read, "letter")


def open_ticket(owner: LettersOwner) -> None:
    """Open the ticket that the letter is about, or the problem."""
    one = owner.in_hand
    if one is None:
        return
    if isinstance(one, ErrandRow):
        owner.desk_app.go("problems", one.problem_id)
    elif one.ticket_id is None:
        owner.desk_app.say("This letter is about no single ticket.", "warning")
    else:
        owner.desk_app.go("ticket", one.ticket_id)


def _write(
    owner: LettersOwner,
    letter: "Callable[[LetterRow], Order]",
    errand: "Callable[[ErrandRow], Order]",
) -> None:
    """Place the order for what is in hand: a letter or an errand."""
    one = owner.in_hand
    if one is not None:
        owner.desk_app.write(errand(one) if isinstance(one, ErrandRow) else letter(one))


def retry(owner: LettersOwner) -> None:
    """Try the letter again; one that waits leaves now."""
    _write(owner, _retrying, _retrying_errand)


def retry_all(owner: LettersOwner) -> None:
    """Try every failed letter again, after asking."""
    from deskterm.screens.dialogs.ask import AskDialog

    def decided(yes: bool | None) -> None:
        if yes and letters:
            owner.desk_app.write(_retrying(None))
        if yes and asked:
            owner.desk_app.write(_retrying_errand(None))

    letters, asked = owner.told.out.failed, owner.told.errands.failed
    failed = letters + asked
    if not failed:
        owner.desk_app.say("No letter failed.")
        return
    what = "letter" if not asked else "errand" if not letters else "letter or errand"
    many = f"the failed {what}" if failed == 1 else f"all {failed} failed {what}s"
    owner.app.push_screen(AskDialog("Retry", f"Try {many} again?"), decided)


def withdraw(owner: LettersOwner) -> None:
    """Stop the letter before it leaves."""
    _write(owner, _stopping, _stopping_errand)


def pause(owner: LettersOwner) -> None:
    """Stop all letters, asking why; or go on."""
    from deskterm.screens.dialogs.ask import LineDialog

    def decided(reason: str | None) -> None:
        if reason is not None:
            owner.desk_app.write(_pausing(reason))

    if owner.told.out.paused:
        owner.desk_app.write(_resuming())
        return
    question = "No letter leaves until somebody goes on. Why? Everybody sees it."
    owner.app.push_screen(LineDialog("Stop all letters", question), decided)


def _retrying(one: LetterRow | None) -> Order:
    """Give the order to try a letter again, or every failed one."""

    def run(desk: "Desk", how: How) -> Done:
        numbers = [one.id] if one is not None else []
        return _done("mail retry", desk.outbox.retry(numbers, how=how))

    said = f"Letter {one.id} leaves again" if one is not None else "The failed letters leave again"
    return Order(said, run)


def _stopping(one: LetterRow) -> Order:
    """Give the order to stop a letter."""

    def run(desk: "Desk", how: How) -> Done:
        return _done("mail withdraw", desk.outbox.withdraw([one.id], how=how))

    return Order(f"Letter {one.id} is stopped", run)


def _pausing(reason: str) -> Order:
    """Give the order to stop all letters."""

    def run(desk: "Desk", how: How) -> Done:
        desk.outbox.pause(reason, how=how)
        return Done(how.op_id or "", "mail pause", ())

    return Order("No letter leaves until p goes on", run)


def _resuming() -> Order:
    """Give the order to go on, whatever had stopped the letters."""

    def run(desk: "Desk", how: How) -> Done:
        desk.outbox.resume(how=how)
        return Done(how.op_id or "", "mail resume", ())

    return Order("Letters leave again", run)


def _done(kind: str, changed: LettersChanged) -> Done:
    return Done(changed.operation_id, kind, (), repeated=changed.repeated)


FLOWS: "Mapping[str, Flow]" = {
    **lists.FILTERED,
    "letter_open": show,
    "letter_ticket": open_ticket,
    "letter_retry": retry,
    "letter_retry_all": retry_all,
    "letter_withdraw": withdraw,
    "letter_pause": pause,
}


class LetterDialog(Dialog[bool]):
    """Scrolls with the keys of a list; h changes between text and HTML."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,q", "dismiss_dialog", "Leave"),
        Binding("h", "html", "HTML"),
        Binding("j,down", "scroll(1)", "Down"),
        Binding("k,up", "scroll(-1)", "Up"),
        Binding("space,pagedown,ctrl+f", "page(1)", "Page down"),
        Binding("pageup,ctrl+b", "page(-1)", "Page up"),
    ]
    HINT = "j k scroll · h HTML and text · Esc leaves"

    def __init__(self, letter: LetterShown) -> None:
        super().__init__(f"Letter {letter.row.id}")
        self._letter = letter
        self._html = False

    def fields(self) -> Iterable[Widget]:
        """Give the letter."""
        yield Static(letter_content(self._letter, self._html), id="letter")

    def answer(self) -> bool:
        """Give that it was read."""
        return True

    def action_html(self) -> None:
        """Show the HTML part as it is written, or the text again."""
        if not self._letter.html:
            self.refuse("This letter has no HTML part.")
            return
        self._html = not self._html
        self.query_one("#letter", Static).update(letter_content(self._letter, self._html))

    def action_scroll(self, lines: int) -> None:
        """Scroll by lines."""
        self._box.scroll_relative(y=lines, animate=False)

    def action_page(self, pages: int) -> None:
        """Scroll by pages."""
        self._box.scroll_relative(y=pages * max(1, self._box.size.height - 1), animate=False)

    @property
    def _box(self) -> VerticalScroll:
        return self.query_one("#box", VerticalScroll)


def _show_errand(owner: "ListOwner", one: "ErrandRow") -> None:
    """Show what a tracker was or will be asked, line for line."""
    from deskterm.screens.dialogs.ask import OutputDialog

    def read(shown: "tuple[ErrandRow, str]") -> None:
        title = f"{one.kind} P{one.problem_id} in {one.tracker}"
        words = _whole(shown[1]) or "What it says is written when it leaves."
        owner.app.push_screen(OutputDialog(title, words))

    look_up(owner, lambda desk: desk.trackers.queue.show(one.id), read, "letter")


def _retrying_errand(one: "ErrandRow | None") -> Order:
    """Give the order to ask again, at once; without one whatever failed."""

    def run(desk: "Desk", how: "How") -> "Done":
        return desk.trackers.queue.retry([one.id] if one is not None else [], how)

    said = f"{one.tracker} is asked again" if one is not None else "What failed is asked again"
    return Order(said, run)


def _stopping_errand(one: "ErrandRow") -> Order:
    """Give the order to ask it no more."""

    def run(desk: "Desk", how: "How") -> "Done":
        return desk.trackers.queue.withdraw([one.id], how)

    return Order(f"{one.tracker} is not asked", run)


def _whole(line: str) -> str:
    """Give a JSON line so that people can read it; other words as they are."""
    try:
        return json.dumps(json.loads(line), indent=2, ensure_ascii=False)
    except ValueError:
        return line
