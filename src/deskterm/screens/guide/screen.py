"""The walk through a guide: what to say, what to ask, why; one key an answer."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events, on
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.reactive import var
from textual.widget import Widget
from textual.widgets import Input, OptionList, Static

from deskterm.domain import clock
from deskterm.screens.action import Chosen
from deskterm.screens.actions import BY_ID, bindings, key_label, keys_of
from deskterm.screens.base import DeskScreen
from deskterm.screens.guide import words
from deskterm.screens.guide.endings import Endings
from deskterm.screens.guide.head import GuideHead
from deskterm.screens.guide.parts import Answers, Said, TypedAnswer
from deskterm.screens.guide.start import Starting
from deskterm.screens.guide.steps import Steps
from deskterm.widgets.key_bar import KeyBar, KeyItem
from deskterm.widgets.status_line import StatusLine

if TYPE_CHECKING:
    from deskterm.guides.view import RunView

_KEYS = ("help", "answer", "step_back", "note_run", "end_solved", "end_escalated",
         "skip_question", "edit_answer", "palette", "escape")  # fmt: skip

_TYPING = (
    KeyItem("answer", "Enter", "Answer"),
    KeyItem("step_back", "Bksp", "Back"),
    KeyItem("palette", "Tab", "Other keys"),
    KeyItem("escape", "Esc", "Pause"),
)


class GuideScreen(Endings, Steps, Starting, DeskScreen):
    """One run. Every answer is stored before the next question is drawn; Esc pauses."""

    NAME = "guide"
    CSS_PATH = "screen.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("guide")]

    view: var["RunView | None"] = var(None)
    said: var[str] = var("")
    """What the diagnostic command of this question said."""
    meant: var[int | None] = var(None)
    """The answer that its exit code means."""

    def __init__(self, number: int | None = None, guide: str | None = None) -> None:
        super().__init__()
        self.number = number
        self.guide = guide
        self.begun = clock.now()

    def body(self) -> Iterable[Widget]:
        """Give head, trail, what to say and ask, the answers, why."""
        yield GuideHead()
        with VerticalScroll(id="walk"):
            yield Static(id="trail")
            yield Said(id="told")
            yield Answers(id="answers")
            yield TypedAnswer(id="typed")
            yield Said(id="why")

    # --- life ---------------------------------------------------------------

    def on_mount(self) -> None:
        """Draw the frame; the run begins when the desk is open."""
        self.query_one("#typed").display = False
        self.query_one(GuideHead).begun = self.begun
        self.set_interval(1, self._tick)

    def desk_opened(self) -> None:
        """Begin, go on, or ask which guide."""
        self.query_one(StatusLine).who = self.desk_app.desk.me
        self.choose_or_begin()

    def desk_changed(self) -> None:
        """Read the run anew: somebody else may have taken it over."""
        if self.view is not None and not self.walking:
            run = self.view.id
            self.load(lambda desk: desk.guides.run(run), self.show_view, "view")

    def _tick(self) -> None:
        head = self.query_one(GuideHead)
        head.now = clock.now()
        if self.view is None or self.view.conclusion is None:
            return
        head.begun = self.begun

    # --- drawing ------------------------------------------------------------

    def show_view(self, view: "RunView") -> None:
        """Draw where the run stands now; what was read before the last answer is out of date."""
        if self.view is not None and view.version < self.view.version:
            return
        if self.view is None or (view.node, view.step) != (self.view.node, self.view.step):
            self.said, self.meant = "", None
        self.view = view

    def watch_view(self) -> None:
        """Draw everything anew."""
        self._draw()

    def watch_said(self) -> None:
        """Draw what a command said."""
        self._draw()

    def _draw(self) -> None:
        view = self.view
        if view is None or not self.is_mounted:
            return
        self.query_one(GuideHead).view = view
        self._show("#trail", words.trail(view))
        self.query_one("#told", Said).show(words.told(view, self.said))
        self._show_why(view)
        self._draw_answers(view)
        self.query_one(StatusLine).clock = clock.now().astimezone().strftime("%H:%M")
        self.show_keys()

    def _show(self, where: str, content: Content) -> None:
        static = self.query_one(where, Static)
        static.update(content)
        static.display = bool(content.plain)

    def _show_why(self, view: "RunView") -> None:
        said = self.query_one("#why", Said)
        said.display = bool(view.why) and view.conclusion is None
        said.show([("Why", words.why(view))])

    def _draw_answers(self, view: "RunView") -> None:
        typed = self.query_one(TypedAnswer)
        lines = self.query_one(Answers)
        typing = bool(view.input) and view.conclusion is None
        typed.display, lines.display = typing, not typing
        if typing:
            typed.ask(words.typed_hint(view), (view.node, view.step))
            typed.focus()
            return
        usual = next((str(n) for n, one in enumerate(view.options) if one.usual), "0")
        start = str(self.meant) if self.meant is not None else usual
        lines.ask(words.answers(view, self.meant), (view.node, view.step, self.meant), start)
        lines.focus()

    def show_keys(self) -> None:
        """Show the keys of walking, or those of a line that is typed; Esc pauses."""
        bar = self.query_one(KeyBar)
        if self.query_one(TypedAnswer).has_focus:
            bar.items = _TYPING
            return
        labels = {"answer": ("1-9", "Answer"), "escape": ("Esc", "Pause")}
        items = []
        for name in _KEYS:
            action = BY_ID[name]
            key = key_label(keys_of(action, self.desk_app.keys)[0])
            shown, label = labels.get(name, (key, action.label))
            items.append(KeyItem(name, shown, label))
        bar.items = tuple(items)

    @on(events.DescendantFocus)
    def _other_keys(self) -> None:
        self.show_keys()

    # --- what is chosen -----------------------------------------------------

    def chosen(self) -> list[Chosen]:
        """Give the run."""
        return [Chosen("run", self.view.id)] if self.view is not None else []

    def chosen_number(self) -> str:
        """Give `#12`."""
        return f"#{self.view.ticket}" if self.view and self.view.ticket is not None else ""

    def chosen_text(self) -> str:
        """Give what to say, or the summary."""
        if self.view is None:
            return ""
        end = self.view.conclusion
        return (end.summary or end.resolution) if end else (self.view.say or self.view.ask)

    # --- keys ---------------------------------------------------------------

    def on_key(self, event: events.Key) -> None:
        """Answer with a digit."""
        digit = event.character or ""
        if digit and digit in "123456789" and not self.query_one(TypedAnswer).has_focus:
            self.answer_place(int(digit) - 1)
            event.stop()
        else:
            super().on_key(event)

    def action_answer(self) -> None:
        """Give the answer in hand, or what is typed."""
        typed = self.query_one(TypedAnswer)
        if typed.display and self.view is not None:
            self.answer_words(typed.value.strip() or words.unknown_answer(self.view))
            return
        name = self.query_one(Answers).in_hand
        self.answer_named(name)

    @on(OptionList.OptionSelected)
    def _clicked(self, message: OptionList.OptionSelected) -> None:
        message.stop()
        self.answer_named(self.query_one(Answers).in_hand)

    @on(Input.Submitted, "#typed")
    def _typed(self, message: Input.Submitted) -> None:
        message.stop()
        if self.view is not None:
            self.answer_words(message.value.strip() or words.unknown_answer(self.view))

    @on(TypedAnswer.BackWanted)
    def _back_from_typing(self) -> None:
        self.action_step_back()

    def action_back(self) -> None:
        """Pause and leave once the last answer is stored; the run waits on the ticket."""
        if self.walking:
            self.leaving = True
            return
        view = self.view
        if view is not None and not view.over and view.owner == self.desk_app.desk.me:
            self.pause_behind(view)
        super().action_back()

    def step_out(self) -> None:
        """Pause and leave."""
        self.action_back()

    def leave(self, *_: Any) -> None:
        """Leave without pausing: the run is over."""
        if self.is_current:
            super().action_back()
