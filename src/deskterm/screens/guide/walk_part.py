"""The middle of a guide screen: what was answered, what to say and ask, the answers, why."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual import events, on
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.message import Message
from textual.widgets import Input, OptionList, Static

from deskterm.screens.guide import words
from deskterm.screens.guide.parts import Answers, Said, TypedAnswer

if TYPE_CHECKING:
    from deskterm.guides.view import RunView


class WalkPart(VerticalScroll):
    """Draws where a run stands, and tells what is answered by key, by click and by typing."""

    @dataclass
    class Answered(Message):
        """An answer was given: its place from 0, `finish` or `back`."""

        name: str

    @dataclass
    class Typed(Message):
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
