"""Changing a guide: its text, what is wrong with it as one types, and the node in hand."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widget import Widget
from textual.widgets import OptionList, Static, TextArea

from deskterm.domain.errors import DeskError
from deskterm.domain.text import clean
from deskterm.guides.model import Finding, Guide
from deskterm.guides.rewriting import changed
from deskterm.screens.action import Flow
from deskterm.screens.actions import bindings
from deskterm.screens.base import DeskScreen
from deskterm.screens.drafting import DraftKeeper
from deskterm.screens.guides import changing
from deskterm.screens.guides.changing import Opened, many
from deskterm.screens.guides.form import NodeForm
from deskterm.screens.guides.writing import (
    TEMPLATE,
    YamlArea,
    about_node,
    finding_lines,
    node_at,
    replace_within,
)
from deskterm.widgets.line_list import LineList
from deskterm.widgets.status_line import StatusLine

if TYPE_CHECKING:
    from textual.timer import Timer

    from deskterm.screens.desk import Desk

DRAFT = "guide-text"
"""The kind of draft in which a text is kept."""
PAUSE = 0.4
"""Seconds without a key after which the text is checked."""


class EditorScreen(DeskScreen):
    """The YAML at the left; at the right, or below, the node in hand and the findings."""

    NAME = "editor"
    CSS_PATH = "screen.tcss"
    FLOWS: ClassVar[Mapping[str, Flow]] = changing.FLOWS
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("editor")]

    opened: Opened | None = None
    guide: Guide | None = None
    found: tuple[Finding, ...] = ()
    keeper: DraftKeeper | None = None
    _pause: "Timer | None" = None

    def __init__(self, slug: str | None = None, text: str = "") -> None:
        super().__init__()
        self._slug = slug
        self._begin = text or TEMPLATE
        self.area, self.form = YamlArea(id="yaml"), NodeForm(id="form")
        self.verdict, self.findings = Static(id="verdict"), LineList(id="findings")

    def body(self) -> Iterable[Widget]:
        """Give the text, the node in hand, and the findings."""
        with Horizontal(id="both"):
            yield self.area
            yield self.form
        yield self.verdict
        yield self.findings

    # --- opening ----------------------------------------------------------------------------

    def desk_opened(self) -> None:
        """Read the newest text and what was begun before."""
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
        self.keeper = DraftKeeper(self, DRAFT, opened.number, lambda _: None)
        self.keeper.begin(opened.draft)
        base, text = _split(opened.draft)
        if text and text != opened.text:
            behind = opened.version and base != opened.version
            more = f", begun on version {base}; now it is {opened.version}" if behind else ""
            self.say(f"What you began before was brought back{more}. ^z goes back to the desk's.")
        area = self.area
        area.load_text(clean(opened.text))
        if text and text != opened.text:
            area.replace(clean(text), (0, 0), area.document.end)
            area.move_cursor((0, 0))
        area.focus()
        name = f"{opened.slug}, version {opened.version}" if opened.version else "a new guide"
        self.query_one(StatusLine).facts = f"Editing {name}"
        self._check()

    # --- checking ---------------------------------------------------------------------------

    @on(TextArea.Changed, "#yaml")
    def _typed(self) -> None:
        if self.opened is None:
            return
        if self.keeper is not None:
            changed = self.area.text != self.opened.text
            self.keeper.touch(f"{self.opened.version}\n{self.area.text}" if changed else "")
        if self._pause is not None:
            self._pause.stop()
        self._pause = self.set_timer(PAUSE, self._check)

    def _check(self) -> None:
        text, name = self.area.text, "text"
        self.load(lambda desk: desk.guides.inspect(text, name), self.show_found, "check")

    def show_found(self, result: tuple[Guide | None, tuple[Finding, ...]]) -> None:
        """Draw what is wrong with the text."""
        guide, self.found = result
        self.guide = guide or self.guide
        errors = changing.errors(self.found)
        self.findings.show(finding_lines(self.found))
        self.findings.display = bool(self.found)
        more = len(self.found) - errors
        words = f"{many(errors, 'error')}, {many(more, 'warning')}: Enter on one jumps there"
        if not self.found:
            words = "Nothing is wrong. ^t tries it, ^s saves it as a new version."
        style = "$error" if errors else "$warning" if more else "$success"
        self.verdict.update(Content.styled(words, style))
        self._draw_node()

    @on(TextArea.SelectionChanged, "#yaml")
    def _draw_node(self) -> None:
        if self.guide is not None:
            line = self.area.cursor_location[0] + 1
            node = node_at(self.guide, line)
            self.form.show(node, about_node(self.guide, node))

    @on(NodeForm.Changed)
    def _written_in_form(self, message: NodeForm.Changed) -> None:
        text, change = self.area.text, message.change

        def put(result: tuple[str, Guide]) -> None:
            if self.area.text == text:
                self.guide = result[1]
                replace_within(self.area, result[0])
                self._draw_node()

        self.load(lambda _: changed(text, change), put, "rewrite")

    @on(OptionList.OptionSelected, "#findings")
    def _clicked(self) -> None:
        changing.jump(self)

    # --- leaving ----------------------------------------------------------------------------

    def action_back(self) -> None:
        """Leave; what was written is kept."""
        if self.keeper is not None:
            self.keeper.keep()
        super().action_back()


def _split(draft: str) -> tuple[int, str]:
    """Give the version that a draft was begun on, and its text."""
    head, _, text = draft.partition("\n")
    return (int(head), text) if head.isdecimal() and len(head) < 10 else (0, draft)
