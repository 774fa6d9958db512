"""Answers, back, edit, skip, notes, commands: one after the other, never two at once."""

from collections import deque
from typing import TYPE_CHECKING, Any

from textual.reactive import var

from deskterm.domain.errors import DeskError
from deskterm.domain.text import clean
from deskterm.screens.work import Working
from deskterm.widgets.picker import Pick

if TYPE_CHECKING:
    from collections.abc import Callable

    from deskterm.guides.view import RunView
    from deskterm.screens.desk import Desk

    Ask = Callable[[Desk], Any]
    Plan = Callable[[RunView], Ask | None]


class Steps(Working):
    """The part of the guide screen that moves the run; keys pressed ahead wait their turn."""

    view: var["RunView | None"]
    said: var[str]
    meant: var[int | None]
    _plans: "deque[Plan]"
    walking = False
    """True while an answer is being stored."""
    leaving = False
    """True where the screen is left as soon as that is done."""

    def show_view(self, view: "RunView") -> None:
        """Draw where the run stands."""
        raise NotImplementedError

    def finish_reached(self) -> None:
        """Do what the ending says."""
        raise NotImplementedError

    def step_out(self) -> None:
        """Pause and leave."""
        raise NotImplementedError

    # --- one after the other ------------------------------------------------

    def plan(self, plan: "Plan") -> None:
        """Do something with the run once it stands where the keys before have led it."""
        self._waiting.append(plan)
        self._go_on_walking()

    @property
    def _waiting(self) -> "deque[Plan]":
        if not hasattr(self, "_plans"):
            self._plans = deque()
        return self._plans

    def _go_on_walking(self) -> None:
        while self._waiting and not self.walking and self.view is not None:
            ask = self._waiting.popleft()(self.view)
            if ask is not None:
                self.walking = True
                self.load(ask, self._walked, "walk", self._refused)

    def _walked(self, view: "RunView") -> None:
        self.walking = False
        self.show_view(view)
        self._go_on_walking()
        if self.leaving and not self.walking:
            self.step_out()

    def _refused(self, error: DeskError) -> None:
        self.walking = self.leaving = False
        self._waiting.clear()
        self.desk_app.say_error(error)
        self.desk_app.desk_changed()

    # --- answers ------------------------------------------------------------

    def answer_place(self, place: int) -> None:
        """Give the answer at a place, from 0."""

        def plan(view: "RunView") -> "Ask | None":
            if view.conclusion is not None:
                self.answer_named(("finish", "back")[place] if place < 2 else "")
            elif not view.input and place < len(view.options):
                return _answer(view, view.options[place].answer)
            else:
                self.desk_app.say(f"There is no answer {place + 1} here.", "warning")
            return None

        self.plan(plan)

    def answer_named(self, name: str) -> None:
        """Do what the line in hand is for."""
        if name == "finish":
            self.finish_reached()
        elif name == "back":
            self.action_step_back()
        elif name:
            self.answer_place(int(name))

    def answer_words(self, text: str) -> None:
        """Give an answer that was typed."""
        self.plan(lambda view: _answer(view, text) if view.conclusion is None else None)

    def action_answer_yes(self) -> None:
        """Answer yes."""
        self._word("yes")

    def action_answer_no(self) -> None:
        """Answer no."""
        self._word("no")

    def _word(self, word: str) -> None:
        def plan(view: "RunView") -> "Ask | None":
            if view.conclusion is not None:
                self.answer_named("finish" if word == "yes" else "back")
                return None
            said = [option.answer.casefold() for option in view.options]
            if word in said:
                return _answer(view, view.options[said.index(word)].answer)
            starts = [place for place, answer in enumerate(said) if answer.startswith(word + ",")]
            if len(starts) == 1:
                return _answer(view, view.options[starts[0]].answer)
            self.desk_app.say(f"“{word}” is no answer here: press its number.", "warning")
            return None

        self.plan(plan)

    # --- turns --------------------------------------------------------------

    def action_step_back(self) -> None:
        """Take the last answer back."""
        self.plan(lambda view: _back(view.id, view.version))

    def action_skip_question(self) -> None:
        """Leave the question out."""
        if self._asked():
            self._line(
                "Skip this question", "Why?", lambda run, text: lambda d: d.guides.skip(run, text)
            )

    def action_note_run(self) -> None:
        """Keep a note."""
        self._line("Note", "", lambda run, text: lambda desk: desk.guides.note(run, text))

    def _line(self, title: str, question: str, ask: "Callable[[int, str], Ask]") -> None:
        from deskterm.screens.dialogs.ask import LineDialog

        def said(text: str | None) -> None:
            if text:
                self.plan(lambda view: ask(view.id, text))

        self.app.push_screen(LineDialog(title, question, needed="Say it in a line."), said)

    def action_edit_answer(self) -> None:
        """Change an earlier answer."""
        from deskterm.screens.dialogs.pick import PickDialog

        view = self.view
        if view is None or not view.trail:
            self.desk_app.say("Nothing was answered yet.", "warning")
            return
        offered = [
            Pick(str(place), passed.question, passed.answer)
            for place, passed in reversed(list(enumerate(view.trail)))
        ]
        self.app.push_screen(PickDialog("Change which answer?", offered), self._edit)

    def _edit(self, value: str | None) -> None:
        from deskterm.screens.dialogs.ask import LineDialog
        from deskterm.screens.dialogs.pick import PickDialog

        view = self.view
        if not value or view is None:
            return
        place = int(value)
        passed = view.trail[place]

        def changed(reply: str | None) -> None:
            if reply:
                self.plan(lambda now: lambda d: d.guides.edit(now.id, place, reply, now.version))

        if passed.choices:
            offered = [Pick(answer, answer) for answer in passed.choices]
            self.app.push_screen(PickDialog(passed.question, offered), changed)
        else:
            dialog = LineDialog(passed.question, "", passed.answer, "Type an answer.")
            self.app.push_screen(dialog, changed)

    # --- commands -----------------------------------------------------------

    def action_copy_command(self) -> None:
        """Copy the command as it can be typed into a shell."""
        if self._command():
            self.app.copy_to_clipboard(clean(self._command(), one_line=True))
            self.desk_app.say("Copied the command.")

    def action_run_command(self) -> None:
        """Ask, then run the command."""
        from deskterm.screens.dialogs.ask import AskDialog

        command = self._command()
        if not command:
            return

        def agreed(yes: bool | None) -> None:
            if yes and self.view is not None:
                run = self.view.id
                self.said = "Running …"
                self.load(
                    lambda desk: desk.guides.diagnose(run, command), self._diagnosed, "command"
                )

        question = f"{command}\n\nIts output is kept on the ticket, where customers do not see it."
        self.app.push_screen(AskDialog("Run this on your machine?", question), agreed)

    def _diagnosed(self, found: Any) -> None:
        view, said, place = found
        self.meant = place
        self.view = view
        self.said = said.text

    def _command(self) -> str:
        view = self.view
        if view is not None and view.command:
            return view.command
        trouble = view.command_trouble if view else ""
        self.desk_app.say(trouble or "This question has no command.", "warning")
        return ""

    def _asked(self) -> bool:
        if self.view is not None and self.view.conclusion is None:
            return True
        self.desk_app.say("The guide has come to its end.", "warning")
        return False


def _answer(view: "RunView", reply: str) -> "Ask":
    run, seen = view.id, view.version
    return lambda desk: desk.guides.answer(run, reply, seen)


def _back(run: int, seen: int) -> "Ask":
    return lambda desk: desk.guides.back(run, seen)
