"""The parts of the guide screen: labelled texts, the answers, the line where one types."""

from collections.abc import Sequence
from dataclasses import dataclass

from textual import events
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from deskterm.widgets.line_list import Line, LineList

LABEL = 5
"""Columns before the texts; answers stand below them."""


class Said(Static):
    """Labelled paragraphs: `Say …`, `Run …`, `Ask …`; texts hang beside their labels."""

    DEFAULT_CSS = """
    Said { height: auto; padding: 0 1; }
    """

    _parts: tuple[tuple[str, Content], ...] = ()

    def show(self, parts: Sequence[tuple[str, Content]]) -> None:
        """Draw the parts, wrapped beside their labels; the texts must be clean."""
        self._parts = tuple(parts)
        self._lay_out()

    def on_resize(self) -> None:
        """Wrap anew."""
        self._lay_out()

    def _lay_out(self) -> None:
        width = max([LABEL, *(len(label) + 1 for label, _ in self._parts)])
        room = max(20, (self.size.width or 78) - width - 2)
        lines: list[Content] = []
        for label, text in self._parts:
            if lines and label:
                lines.append(Content(""))
            for place, line in enumerate(text.wrap(room)):
                head = label if place == 0 else ""
                lines.append(Content.assemble((head.ljust(width), "bold $accent"), line))
        self.update(Content("\n").join(lines))


class Answers(LineList):
    """The answers of one question; the cursor begins on the usual one."""

    DEFAULT_CSS = """
    Answers { height: auto; max-height: 12; margin: 1 0 1 0; padding: 0 1; }
    """

    _asked: object = None

    def ask(self, lines: Sequence[Line], question: object, start: str) -> None:
        """Show the answers; a new question begins on `start`."""
        if question != self._asked:
            self._asked = question
            self._moved = False
            self.show([])
        self.show(lines, start)


class TypedAnswer(Input):
    """A line to type into; Backspace in the empty line goes back."""

    @dataclass
    class BackWanted(Message):
        """Backspace was pressed where nothing is typed."""

    _asked: object = None

    def ask(self, hint: str, question: object) -> None:
        """Begin anew for a new question."""
        if question != self._asked:
            self._asked = question
            self.value = ""
        self.placeholder = hint

    def on_key(self, event: events.Key) -> None:
        """Leave an empty line by Backspace."""
        if event.key == "backspace" and not self.value:
            event.stop()
            self.post_message(self.BackWanted())
