"""The middle of a guide screen: what was answered, what to say and ask, the answers, why."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from textual import events, on
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Input, OptionList, Static

from deskterm.screens.guide import words
from deskterm.screens.guide.parts import Answers, Said, TypedAnswer
from deskterm.widgets.telling import Telling

if TYPE_CHECKING:
    from deskterm.domain.rows import Done
    from deskterm.guides.transcript import Conclusion
    from deskterm.guides.view import RunView
    from deskterm.screens.desk import Desk, Diagnosis


class WalkPart(VerticalScroll):
    """Draws where a run stands, and tells what is answered by key, by click and by typing."""

    class Answered(Telling):
        """An answer was given: its place from 0, `finish` or `back`."""

        name: str

    class Typed(Telling):
        """An answer was typed; it may be empty."""

        text: str

    def compose(self) -> ComposeResult:
        """Give trail, texts, answers, the line to type into, why."""
        yield Static(id="trail")
        yield Said(id="told")
        yield Answers(id="answers")
        yield TypedAnswer(id="typed")
        yield Said(id="why")

    def on_mount(self) -> None:
        """Nothing is typed before something is asked."""
        self.query_one(TypedAnswer).display = False

    @property
    def is_typing(self) -> bool:
        """Whether the line to type into has the keys."""
        return self.query_one(TypedAnswer).has_focus

    def draw(self, view: "RunView", said: str, meant: int | None) -> None:
        """Draw where the run stands; `said` and `meant` come from a diagnostic command."""
        trail = words.trail(view)
        self.query_one("#trail", Static).update(trail)
        self.query_one("#trail", Static).display = bool(trail.plain)
        self.query_one("#told", Said).show(words.told(view, said))
        why = self.query_one("#why", Said)
        why.display = bool(view.why) and view.conclusion is None
        why.show([("Why", words.why(view))])
        self._draw_answers(view, meant)

    def _draw_answers(self, view: "RunView", meant: int | None) -> None:
        typed, lines = self.query_one(TypedAnswer), self.query_one(Answers)
        typing = bool(view.input) and view.conclusion is None
        typed.display, lines.display = typing, not typing
        if typing:
            typed.ask(words.typed_hint(view), (view.node, view.step))
            typed.focus()
            return
        usual = next((str(n) for n, one in enumerate(view.options) if one.usual), "0")
        start = str(meant) if meant is not None else usual
        lines.ask(words.answers(view, meant), (view.node, view.step, meant), start)
        lines.focus()

    def answer(self) -> None:
        """Give the answer in hand, or what is typed."""
        typed = self.query_one(TypedAnswer)
        if typed.display:
            self.post_message(self.Typed(typed.value.strip()))
        else:
            self.post_message(self.Answered(self.query_one(Answers).in_hand))

    def on_key(self, event: events.Key) -> None:
        """Answer with a digit."""
        digit = event.character or ""
        if digit and digit in "123456789" and not self.is_typing:
            self.post_message(self.Answered(str(int(digit) - 1)))
            event.stop()

    @on(OptionList.OptionSelected)
    @on(Input.Submitted)
    def _chosen(self, message: OptionList.OptionSelected | Input.Submitted) -> None:
        message.stop()
        self.answer()

    @on(TypedAnswer.BackWanted)
    def _back(self) -> None:
        self.post_message(self.Answered("back"))


class Walks(Protocol):
    """One run: `number` says which; a rehearsal has only the one."""

    def start(self, slug: str, ticket: int | None = None) -> "RunView":
        """Begin a guide."""

    def run(self, number: int) -> "RunView":
        """Give where it stands."""

    def resume(self, number: int) -> "RunView":
        """Take it up again."""

    def answer(self, number: int, reply: str, seen: int | None = None) -> "RunView":
        """Answer the question asked now."""

    def back(self, number: int, seen: int | None = None) -> "RunView":
        """Take the last answer back."""

    def edit(self, number: int, place: int, reply: str, seen: int | None = None) -> "RunView":
        """Change an earlier answer."""

    def skip(self, number: int, reason: str) -> "RunView":
        """Leave the question out."""

    def note(self, number: int, text: str) -> "RunView":
        """Keep a note beside the question."""

    def transcript(self, number: int) -> str:
        """Give everything that was answered."""

    def conclude(self, number: int, ending: str | None = None) -> "Conclusion":
        """Give how it would end."""

    def finish(
        self, number: int, *, ending: str | None = None, words: str = "", group: str = ""
    ) -> "Done":
        """End a run without a ticket; one with a ticket is ended by an order on the desk."""

    def abandon(self, number: int, reason: str) -> "Done":
        """Leave it for good."""

    def hand_over(self, number: int, to: str) -> "RunView":
        """Give it to another technician."""

    def pause(self, number: int) -> "RunView":
        """Put it aside."""

    def diagnose(self, number: int, consent: str) -> "tuple[RunView, Diagnosis, int | None]":
        """Run the command that was agreed to."""


Keeper = Callable[["Desk"], Walks]
"""Gives whoever keeps the run; called in a thread."""
Ask = Callable[[Walks], "RunView"]
Plan = Callable[["RunView"], Ask | None]
"""What a key asks for, once the keys before it are done."""
