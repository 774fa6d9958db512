"""What is done with call reviews on their screen: drawn, filled in by keys, read."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar, Protocol

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from deskterm.domain.reviews import APART, NO, YES, Question, ReviewRow
from deskterm.screens.dialogs.ask import LineDialog
from deskterm.screens.dialogs.base import Dialog
from deskterm.screens.flows import lists
from deskterm.screens.order import Order
from deskterm.screens.reviews.lines import form_content
from deskterm.widgets.typed import PlainInput

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deskterm.screens.action import Flow
    from deskterm.screens.reviews.lines import Row


Filled = tuple[str, str]
"""The answers, a word each, and the words to the reviewed."""


class ReviewDialog(Dialog[Filled]):
    """Asks the questions one after the other."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", f"say({YES!r})", "Yes"),
        Binding("n", f"say({NO!r})", "No"),
        Binding("minus", f"say({APART!r})", "Apart"),
        Binding("up,k", "move(-1)", "Up"),
        Binding("down,j", "move(1)", "Down"),
        Binding("enter", "accept", "Keep"),
    ]
    AUTO_FOCUS = ""
    HINT = "y yes · n no · - does not apply · ↑↓ · Tab words · Enter keeps · Esc leaves"

    def __init__(self, review: ReviewRow, asked: Sequence[Question]) -> None:
        title = f"Review of #{review.ticket_id}, {review.login}"
        super().__init__(title, review.subject)
        self._asked = asked
        self._said = [one.said for one in review.answers]
        if len(self._said) != len(asked):
            self._said = [""] * len(asked)
        self._note = review.note
        self._at = 0

    def fields(self) -> Iterable[Widget]:
        """Give the questions, and a line of words to the reviewed."""
        yield Static(self._content(), id="asked")
        yield PlainInput(
            self._note, placeholder="words to them: what was good, what not", id="note"
        )

    def action_say(self, said: str) -> None:
        """Answer the question in hand and go to the next."""
        self._said[self._at] = said
        self.action_move(1)

    def action_move(self, by: int) -> None:
        """Go to another question."""
        self._at = max(0, min(len(self._asked) - 1, self._at + by))
        self.query_one("#asked", Static).update(self._content())

    def answer(self) -> Filled | None:
        """Give the answers; all must be there."""
        left = self._said.count("")
        if left:
            self.refuse(f"{left} without an answer: y, n, or - where it does not apply.")
            return None
        return " ".join(self._said), self.query_one("#note", Input).value

    def _content(self) -> Content:
        return form_content(self._asked, self._said, self._at)


class ReviewOwner(lists.ListOwner, Protocol):
    """The screen of call reviews."""

    asks: "Sequence[Question]"
    me: str

    @property
    def in_hand(self) -> "Row | None":
        """The line under the cursor."""


def fill(owner: ReviewOwner) -> None:
    """Fill in the review in hand, or say of one's own that it is read."""
    review = owner.in_hand.review if owner.in_hand else None
    if review is None:
        owner.desk_app.say("Choose a review first: the tab To fill in.", "warning")
    elif review.login == owner.me:
        _read(owner, review.id, filled=review.filled_at is not None)
    elif review.reviewer not in ("", owner.me):
        owner.desk_app.say(f"{review.reviewer} has filled it in: it is between them.")
    else:
        number = review.id

        def keep(found: Filled | None) -> None:
            if found is not None:
                order = Order(
                    f"Review {number} is filled in",
                    lambda desk, how: desk.staff.reviews.fill(number, *found, how),
                )
                owner.desk_app.write(order)

        owner.app.push_screen(ReviewDialog(review, owner.asks), keep)


def _read(owner: ReviewOwner, number: int, *, filled: bool) -> None:
    if not filled:
        owner.desk_app.say("It is your own call: a colleague fills it in.")
        return

    def keep(reply: str | None) -> None:
        if reply is not None:
            order = Order(
                f"Review {number} is read",
                lambda desk, how: desk.staff.reviews.see(number, reply, how),
            )
            owner.desk_app.write(order)

    question = "You have read it. Your words to the reviewer, if any:"
    owner.app.push_screen(LineDialog("Read", question), keep)


def draw(owner: ReviewOwner) -> None:
    """Draw from a period: so many of everybody."""

    def run(line: str | None) -> None:
        if not line:
            return
        span, _, each = line.strip().partition(" ")
        many = int(each) if each.strip().isdigit() else 2
        order = Order(
            "Drew reviews", lambda desk, how: desk.staff.reviews.draw(span, each=many, how=how)
        )
        owner.desk_app.write(order)

    question = "From which period, and how many of everybody? Such as: 30d 2, last-month 3"
    owner.app.push_screen(LineDialog("Draw", question, "30d 2", "Name a period."), run)


def show_ticket(owner: ReviewOwner) -> None:
    """Open the ticket of the review in hand."""
    if owner.in_hand is not None and owner.in_hand.review is not None:
        owner.desk_app.go("ticket", owner.in_hand.review.ticket_id)


FLOWS: "Mapping[str, Flow]" = {
    **lists.FILTERED,
    "review_fill": fill,
    "review_ticket": show_ticket,
    "review_draw": draw,
}
