"""The one form of all records: it follows from the declared fields, and asks the desk first."""

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.suggester import SuggestFromList
from textual.widget import Widget
from textual.widgets import Input, Static, TextArea

from deskterm.domain.errors import DeskError
from deskterm.domain.record_table import Field, Record
from deskterm.domain.records import RecordSheet
from deskterm.domain.text import clean
from deskterm.screens.dialogs.base import Dialog
from deskterm.screens.records.lines import titled
from deskterm.widgets.choice import Choice
from deskterm.widgets.typed import PlainArea, PlainInput

if TYPE_CHECKING:
    from deskterm.screens.desk import Desk

_AREAS = ("long", "style", "lines", "members", "names", "facts", "steps", "words")
_YES = ("yes", "everyone", "works")
_MOST = 5
"""So many words are offered side by side; of more, one is typed."""
Asked = tuple[str, dict[str, str]]
"""A record's name, and what was altered: field → text."""
Check = Callable[["Desk", Asked], object]
"""Tries it on the desk without keeping anything; raises DeskError."""


class RecordForm(Dialog[Asked]):
    """Asks for the fields of a record; only what is altered is given."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "accept", "Keep")]
    HINT: ClassVar[str] = "Tab goes on · ^s or Enter keeps it · Esc leaves, nothing is kept"
    DEFAULT_CSS = """
    RecordForm .line Input, RecordForm .line Choice { width: 1fr; }
    RecordForm .line .label { width: 15; }
    RecordForm TextArea { height: 3; }
    RecordForm .long TextArea { height: 8; }
    """

    def __init__(
        self,
        record: Record,
        sheet: RecordSheet,
        check: Check,
        given: Mapping[str, str] | None = None,
    ) -> None:
        called = f"{record.title}: {sheet.name or 'a new one'}"
        super().__init__(called, record.about if not sheet.name else "")
        self._record = record
        self._sheet = sheet
        self._check = check
        self._given = given or {}
        named = () if sheet.name else ("name", "text")
        self._fields = [
            one for one in record.fields if one.name in sheet.texts and one.name not in named
        ]

    def fields(self) -> Iterable[Widget]:
        """Give a labelled widget for each field; a new record begins with its name."""
        if not self._sheet.name:
            hint = self._record.asks or self._record.named
            yield _line("name", PlainInput(placeholder=hint, id="field-name-"))
        for field in self._fields:
            text = self._given.get(field.name, self._sheet.texts[field.name])
            widget = _widget(field, text, self._sheet.options.get(field.name, ()))
            if isinstance(widget, TextArea):
                label = f"{titled(field.name)}  {field.help}"
                yield Static(Content(clean(label, one_line=True)), classes="label")
                yield widget
            else:
                yield _line(field.name, widget)

    def on_mount(self) -> None:
        """Begin in the first field."""
        first = next(iter(self.query("Input, TextArea, Choice").results()), None)
        if first is not None:
            first.focus()

    def answer(self) -> Asked | None:
        """Give the name and what was altered, or say what is missing."""
        altered = {
            field.name: text
            for field in self._fields
            if (text := self._text(field.name)) != self._before(field)
        }
        if self._sheet.name:
            if not altered:
                self.refuse("Nothing is altered; leave with Esc.")
                return None
            return self._sheet.name, altered
        name = self._text("name-").strip()
        if not name:
            self._wrong_at("name-", f"It needs a name: {self._record.asks or self._record.named}.")
            return None
        return name, altered

    def action_accept(self) -> None:
        """Try it on the desk; close where it fits, else say what is wrong at its field."""
        asked = self.answer() if self.query(".hint") else None
        if asked is None:
            return

        def fits(_: object) -> None:
            self.dismiss(asked)

        self.load(lambda desk: self._check(desk, asked), fits, "check", self._wrong)

    def _wrong(self, error: DeskError) -> None:
        self._wrong_at(error.field, str(error))

    def _wrong_at(self, name: str, sentence: str) -> None:
        """Say what is wrong below its field, and put the cursor there."""
        self.refuse(sentence)
        found = self.query(f"#field-{name}") if name else self.query("#none")
        if not found:
            return
        widget = found.first()
        at = widget.parent if isinstance(widget.parent, Horizontal) else widget
        box = self.query_one("#box", VerticalScroll)
        box.move_child(self.query_one(".wrong", Static), after=at)
        widget.focus()

    def _text(self, name: str) -> str:
        widget = self.query_one(f"#field-{name}")
        if isinstance(widget, TextArea):
            return widget.text
        return widget.value if isinstance(widget, Input | Choice) else ""

    def _before(self, field: Field) -> str:
        """Give what the desk has of a field; what a new record shows as chosen counts as said."""
        text = self._sheet.texts[field.name]
        words = _words(field)
        return words[0] if words and text not in words and self._sheet.name else text


def _words(field: Field) -> tuple[str, ...]:
    """Give the words to choose from, where they are few."""
    if field.kind in _YES:
        return ("no", "yes")
    return field.words if len(field.words) <= _MOST else ()


def completing(names: Iterable[str]) -> SuggestFromList:
    """Complete what is typed by these names; one that could act where it is drawn is left out."""
    plain = [one for one in names if clean(one, one_line=True) == one]
    return SuggestFromList(plain, case_sensitive=False)


def _line(name: str, widget: Widget) -> Horizontal:
    return Horizontal(Static(Content(titled(name)), classes="label"), widget, classes="line")


def _widget(field: Field, text: str, options: tuple[str, ...]) -> Widget:
    name = f"field-{field.name}"
    words = _words(field)
    if words:
        return Choice(words, text if text in words else words[0], id=name)
    if field.kind in _AREAS or field.name in ("fields", "watchers"):
        return PlainArea(text, id=name, tab_behavior="focus")
    hint = ", ".join(field.words) or field.help
    completes = completing(options) if options else None
    return PlainInput(text, placeholder=hint, id=name, suggester=completes)
