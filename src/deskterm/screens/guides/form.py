"""The node under the cursor as a form: what is typed there goes into the text."""

from collections.abc import Iterable

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from deskterm.domain.text import clean
from deskterm.guides.model import Choice, Node
from deskterm.guides.rewriting import FIELDS, Change, value_of
from deskterm.widgets.telling import Telling
from deskterm.widgets.typed import PlainInput

ANSWERS = 9
"""Answers that have a line; more are changed in the text."""
_MOST = max(len(fields) for fields in FIELDS.values())


class NodeForm(VerticalScroll, can_focus=False):
    """Fields and answers of one node; Enter, or leaving a field, posts what was changed."""

    class Changed(Telling):
        """A value was changed."""

        change: Change

    node: Node | None = None

    def compose(self) -> ComposeResult:
        """Give a title, a line for each field and for each answer; what is not used is hidden."""
        yield Static(id="node")
        for n in range(_MOST):
            yield Static(id=f"label-{n}", classes="label")
            yield PlainInput(id=f"field-{n}", classes="field", select_on_focus=False)
        yield Static(Content("answer, and where it leads"), id="answers", classes="label")
        for n in range(ANSWERS):
            yield Horizontal(*self._row(n), id=f"row-{n}", classes="row")

    def on_mount(self) -> None:
        """Show no field before a node is in hand."""
        self._show_fields()

    def _row(self, n: int) -> Iterable[Widget]:
        yield PlainInput(id=f"answer-{n}", classes="answer", select_on_focus=False)
        yield PlainInput(id=f"to-{n}", classes="to", select_on_focus=False)

    def show(self, node: Node | None, about: Content) -> None:
        """Show a node; what somebody is typing stays as long as it is the same node."""
        self.query_one("#node", Static).update(about)
        if node == self.node:
            return
        self.node = node
        self._show_fields()

    def _show_fields(self) -> None:
        names = self._names
        for n in range(_MOST):
            used = n < len(names)
            label, line = self.query_one(f"#label-{n}", Static), self._input(f"field-{n}")
            label.display = line.display = used
            if used and self.node is not None:
                label.update(Content(names[n]))
                line.value = clean(value_of(self.node, names[n]), one_line=True)
        self._show_answers()

    def _show_answers(self) -> None:
        choices = self.node.choices if self.node else ()
        self.query_one("#answers").display = bool(choices)
        for n in range(ANSWERS):
            row = self.query_one(f"#row-{n}")
            row.display = bool(choices) and n <= len(choices)
            answer, to = _shown(choices[n]) if n < len(choices) else ("", "")
            self._input(f"answer-{n}").value = answer
            self._input(f"to-{n}").value = to

    @property
    def _names(self) -> tuple[str, ...]:
        return FIELDS[self.node.kind] if self.node else ()

    def _input(self, name: str) -> PlainInput:
        return self.query_one(f"#{name}", PlainInput)

    @on(Input.Submitted)
    @on(Input.Blurred)
    def _left(self, message: Input.Submitted | Input.Blurred) -> None:
        message.stop()
        kind, _, number = (message.input.id or "").partition("-")
        change = self._change(kind, int(number)) if self.node else None
        if change is not None:
            self.post_message(self.Changed(change))

    def _change(self, kind: str, n: int) -> Change | None:
        """Give what was changed in a line; None where nothing was, or a line is half empty."""
        node = self.node
        assert node is not None
        if kind == "field":
            name, value = self._names[n], self._input(f"field-{n}").value.strip()
            same = value == clean(value_of(node, name), one_line=True)
            return None if same else Change(node.name, name, value)
        answer = self._input(f"answer-{n}").value.strip()
        to = self._input(f"to-{n}").value.strip()
        now = node.choices[n] if n < len(node.choices) else None
        before = _shown(now) if now else ("", "")
        if not answer or not to or (answer, to) == before:
            return None
        return Change(node.name, place=n, answer=answer, to=to)


def _shown(choice: Choice) -> tuple[str, str]:
    return clean(choice.answer, one_line=True), clean(choice.to.node, one_line=True)
