"""The form of a call review: y, n and - answer the question in hand; Enter keeps it."""

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from deskterm.domain.reviews import APART, NO, YES, Question, ReviewRow
from deskterm.screens.dialogs.base import Dialog
from deskterm.screens.reviews.lines import form_content
from deskterm.widgets.typed import PlainInput

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
