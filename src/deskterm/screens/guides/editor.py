"""Changing a guide: its text, what is wrong with it as one types, and the node in hand."""

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from textual import on
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, OptionList, Static, TextArea

from deskterm.domain.asking import How
from deskterm.domain.errors import DeskError
from deskterm.domain.text import clean
from deskterm.guides.model import Finding, Guide
from deskterm.guides.rewriting import changed
from deskterm.screens.actions import bindings
from deskterm.screens.base import DeskScreen
from deskterm.screens.drafting import DraftKeeper
from deskterm.screens.guides.form import NodeForm
from deskterm.screens.guides.writing import (
    TEMPLATE,
    YamlArea,
    about_node,
    finding_lines,
    node_at,
    replace_within,
)
from deskterm.screens.order import Order
from deskterm.widgets.line_list import LineList
from deskterm.widgets.status_line import StatusLine

if TYPE_CHECKING:
    from textual.timer import Timer

    from deskterm.domain.rows import Done
    from deskterm.screens.desk import Desk

DRAFT = "guide-text"
"""The kind of draft in which a text is kept."""
PAUSE = 0.4
"""Seconds without a key after which the text is checked."""


class Opened(NamedTuple):
    """What the editor begins with."""

    slug: str
    number: int
    version: int
    text: str
    draft: str


class EditorScreen(DeskScreen):
    """The YAML at the left; at the right, or below, the node in hand and the findings."""

    NAME = "editor"
    CSS_PATH = "screen.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("editor")]

    opened: Opened | None = None
    guide: Guide | None = None
    found: tuple[Finding, ...] = ()
    _keeper: DraftKeeper | None = None
    _pause: "Timer | None" = None

    def __init__(self, slug: str | None = None, text: str = "") -> None:
        super().__init__()
        self._slug = slug
        self._begin = text or TEMPLATE

    def body(self) -> Iterable[Widget]:
        """Give the text, the node in hand, and the findings."""
        with Horizontal(id="both"):
            yield YamlArea(id="yaml")
            yield NodeForm(id="form")
        yield Static(id="verdict")
        yield LineList(id="findings")

    # --- opening ----------------------------------------------------------------------------

    def desk_opened(self) -> None:
        """Read the newest text and what was begun before."""
        self.query_one(StatusLine).who = self.desk_app.desk.me
        slug, begin = self._slug, self._begin

        def ask(desk: "Desk") -> Opened:
            if slug is None:
                return Opened("", 0, 0, begin, desk.drafts.get(DRAFT, 0))
            guide = desk.guides.text(slug)
            draft = desk.drafts.get(DRAFT, guide.number)
            return Opened(guide.id, guide.number, guide.version, guide.text, draft)

        self.load(ask, self._show, "text", self._not)

    def _not(self, error: DeskError) -> None:
        self.desk_app.say_error(error)
        if self.is_current:
            self.action_back()

    def _show(self, opened: Opened) -> None:
        self.opened = opened
        self._keeper = DraftKeeper(self, DRAFT, opened.number, lambda _: None)
        self._keeper.begin(opened.draft)
        base, text = _split(opened.draft)
        if text and text != opened.text:
            behind = opened.version and base != opened.version
            more = f", begun on version {base}; now it is {opened.version}" if behind else ""
            self.say(f"What you began before was brought back{more}. ^z goes back to the desk's.")
        area = self.query_one(YamlArea)
        area.load_text(clean(opened.text))
        if text and text != opened.text:
            area.replace(clean(text), (0, 0), area.document.end)
            area.move_cursor((0, 0))
        area.focus()
        name = f"{opened.slug}, version {opened.version}" if opened.version else "a new guide"
        self.query_one(StatusLine).facts = f"Editing {name}"
        self._check()

    # --- checking ---------------------------------------------------------------------------

    @property
    def text(self) -> str:
        """What stands in the text area."""
        return self.query_one(YamlArea).text

    @on(TextArea.Changed, "#yaml")
    def _typed(self) -> None:
        if self.opened is None:
            return
        if self._keeper is not None:
            changed = self.text != self.opened.text
            self._keeper.touch(f"{self.opened.version}\n{self.text}" if changed else "")
        if self._pause is not None:
            self._pause.stop()
        self._pause = self.set_timer(PAUSE, self._check)

    def _check(self) -> None:
        text, name = self.text, "text"
        self.load(lambda desk: desk.guides.inspect(text, name), self._checked, "check")

    def _checked(self, result: tuple[Guide | None, tuple[Finding, ...]]) -> None:
        guide, self.found = result
        self.guide = guide or self.guide
        errors = self.errors
        lines = self.query_one("#findings", LineList)
        lines.show(finding_lines(self.found))
        lines.display = bool(self.found)
        more = len(self.found) - errors
        words = f"{_many(errors, 'error')}, {_many(more, 'warning')}: Enter on one jumps there"
        if not self.found:
            words = "Nothing is wrong. ^t tries it, ^s saves it as a new version."
        style = "$error" if errors else "$warning" if more else "$success"
        self.query_one("#verdict", Static).update(Content.styled(words, style))
        self._draw_node()

    @property
    def errors(self) -> int:
        """How many errors stand in the text, as last checked."""
        return sum(one.severity == "error" for one in self.found)

    @on(TextArea.SelectionChanged, "#yaml")
    def _draw_node(self) -> None:
        if self.guide is not None:
            line = self.query_one(YamlArea).cursor_location[0] + 1
            node = node_at(self.guide, line)
            self.query_one(NodeForm).show(node, about_node(self.guide, node))

    @on(NodeForm.Changed)
    def _written_in_form(self, message: NodeForm.Changed) -> None:
        text, change = self.text, message.change

        def put(result: tuple[str, Guide]) -> None:
            if self.text == text:
                self.guide = result[1]
                replace_within(self.query_one(YamlArea), result[0])
                self._draw_node()

        self.load(lambda _: changed(text, change), put, "rewrite")

    def action_editor_form(self) -> None:
        """Go from the text into the form of the node in hand, or back."""
        area, form = self.query_one(YamlArea), self.query_one(NodeForm)
        fields = [one for one in form.query(Input) if one.display and one.parent]
        if area.has_focus and self.guide is not None and form.node and form.node.kind != "when":
            self.add_class("-form")
            self.call_after_refresh(fields[0].focus)
        elif area.has_focus:
            self.say("Put the cursor on a question, an instruction or an ending first.")
        else:
            self.action_escape()

    @on(OptionList.OptionSelected, "#findings")
    def _jump(self) -> None:
        name = self.query_one("#findings", LineList).in_hand
        if name:
            self.query_one(YamlArea).go_to_line(self.found[int(name)].line)

    def action_finding_open(self) -> None:
        """Jump to the line of the finding in hand."""
        self._jump()

    # --- doing ------------------------------------------------------------------------------

    def action_editor_try(self) -> None:
        """Walk the text as it stands; nothing is saved."""
        from deskterm.screens.guides.trying import trying

        self.app.push_screen(trying(self.text, self.guide.id if self.guide else ""))

    def action_editor_external(self) -> None:
        """Write it in the technician's own editor."""
        from deskterm.screens.editing import edit_text, editor_command

        try:
            command = editor_command(str(self.desk_app.settings["editor"]), os.environ)
            text = edit_text(self.app, command, self.text)
        except DeskError as error:
            self.desk_app.say_error(error)
            return
        area = self.query_one(YamlArea)
        area.replace(clean(text) + "\n", (0, 0), area.document.end)

    def action_editor_save(self) -> None:
        """Check, ask why, save as a new version."""
        text = self.text
        self.load(lambda desk: desk.guides.inspect(text, "text"), self._ask_note, "check")

    def _ask_note(self, result: tuple[Guide | None, tuple[Finding, ...]]) -> None:
        from deskterm.screens.dialogs.ask import LineDialog

        self._checked(result)
        opened = self.opened
        if self.errors:
            first = next(one for one in self.found if one.severity == "error")
            self.say(f"Not saved: line {first.line}: {first.message}", "error")
            self.query_one(YamlArea).go_to_line(first.line)
            return
        if opened is None or (opened.version and self.text == opened.text):
            self.say("Nothing was altered.")
            return

        def said(note: str | None) -> None:
            if note:
                self._save(note)

        question = f"No errors, {_many(len(self.found), 'warning')}. Why is it changed?"
        dialog = LineDialog("Save as a new version", question, needed="Say why, in a line.")
        self.app.push_screen(dialog, said)

    def _save(self, note: str) -> None:
        text, opened = self.text, self.opened
        slug = self.guide.id if self.guide else ""
        if opened is None:
            return
        seen = opened.version if slug == opened.slug else 0

        def run(desk: "Desk", how: How) -> "Done":
            return desk.guides.add(text, "text", note=note, seen=seen, op_id=how.op_id)

        def saved(done: "Done") -> None:
            del done
            if self._keeper is not None:
                self._keeper.drop()
            if self.is_current:
                self.action_back()

        self.desk_app.write(Order(f"Saved {slug}:", run, None, saved))

    def action_escape(self) -> None:
        """From the findings back to the text; from there leave, the draft is kept."""
        area = self.query_one(YamlArea)
        if not area.has_focus and self.opened is not None:
            self.remove_class("-form")
            area.focus()
        else:
            self.action_back()

    def action_back(self) -> None:
        """Leave; what was written is kept."""
        if self._keeper is not None:
            self._keeper.keep()
        super().action_back()


def _many(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"


def _split(draft: str) -> tuple[int, str]:
    """Give the version that a draft was begun on, and its text."""
    head, _, text = draft.partition("\n")
    return (int(head), text) if head.isdecimal() and len(head) < 10 else (0, draft)
