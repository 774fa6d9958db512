"""The walk through a guide: what to say, what to ask, why; one key an answer."""

from collections.abc import Mapping
from typing import ClassVar

from textual import on
from textual.binding import BindingType

from deskterm.screens.action import Flow
from deskterm.screens.actions import bindings
from deskterm.screens.flows import general
from deskterm.screens.guide import endings, steps, words
from deskterm.screens.guide.start import choose_or_begin
from deskterm.screens.guide.walk_part import WalkPart
from deskterm.screens.guide.walking import Walking


class GuideScreen(Walking):
    """One run with its keys; Esc pauses."""

    CSS_PATH = "screen.tcss"
    FLOWS: ClassVar[Mapping[str, Flow]] = {**general.FLOWS, **steps.FLOWS, **endings.FLOWS}
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("guide")]

    def desk_opened(self) -> None:
        """Begin, go on, or ask which guide."""
        choose_or_begin(self)

    @on(WalkPart.Answered)
    def _answered(self, message: WalkPart.Answered) -> None:
        steps.answer_named(self, message.name)

    @on(WalkPart.Typed)
    def _typed(self, message: WalkPart.Typed) -> None:
        if self.view is not None:
            steps.answer_words(self, message.text or words.unknown_answer(self.view))

    def action_back(self) -> None:
        """Pause and leave once the last answer is stored; the run waits on the ticket."""
        if self.turns.busy:
            self.turns.leaving = True
            return
        view = self.view
        if view is not None and not view.over and view.owner == self.desk_app.desk.me:
            endings.pause_behind(self, view)
        super().action_back()
