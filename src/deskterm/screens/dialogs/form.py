"""Dialogs made of declared fields: text, long text, a choice, something to find."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Generic

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static, TextArea

from deskterm.domain.asking import Request
from deskterm.domain.errors import UsageError
from deskterm.domain.text import clean
from deskterm.screens.dialogs.verb import R, Targets, VerbDialog
from deskterm.widgets.choice import Choice
from deskterm.widgets.picker import Pick, Picker
from deskterm.widgets.typed import PlainArea

Values = dict[str, str]


@dataclass(frozen=True)
class Field:
    """One field of a form."""

    name: str
    label: str
    kind: str = "text"
    """text, long, choice or pick."""
    options: Sequence[str] = ()
    value: str = ""
    required: str = ""
    """The sentence said where it is empty; empty: it may be."""
    hint: str = ""


class FormDialog(VerbDialog[R], Generic[R]):
    """Asks for a few fields. Enter goes to the next empty one, from the last it accepts.

    `asked` makes the answer of the values; it raises UsageError with what is missing.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "accept", "Accept")]
    AUTO_FOCUS = ""
    BEGIN: ClassVar[str] = ""
    """The field it begins in; empty: the first that is empty."""

    def __init__(
        self,
        verb: str,
        targets: Targets,
        limit: int,
        fields: Sequence[Field],
        asked: Callable[[Values], R],
        *,
        tells: bool = False,
    ) -> None:
        super().__init__(verb, targets, limit)
        self._fields = tuple(fields)
        self._asked = asked
        self.TELLS = tells or self.TELLS

    def named(self, title: str) -> None:
        """Take a title in the place of verb and tickets, before it is shown."""
        self._title = clean(title, one_line=True)[:60]

    def verb_fields(self) -> Iterable[Widget]:
        """Give a labelled widget for each field."""
        for field in self._fields:
            if field.kind == "choice":
                label = Static(Content(f"{field.label}:"), classes="label")
                yield Horizontal(label, _widget(field), classes="line")
            else:
                yield Static(Content(field.label), classes="label")
                yield _widget(field)

    def on_mount(self) -> None:
        """Begin in the first field that is empty."""
        if self.BEGIN:
            self.query_one(f"#field-{self.BEGIN}").focus()
        else:
            self._focus_next(None)

    def offer(self, name: str, picks: Iterable[Pick]) -> None:
        """Fill a field of kind pick."""
        self.query_one(f"#field-{name}", Picker).offer(picks)

    def values(self) -> Values:
        """Give every field's value."""
        return {field.name: self._value(field) for field in self._fields}

    def _value(self, field: Field) -> str:
        widget = self.query_one(f"#field-{field.name}")
        if isinstance(widget, TextArea):
            return widget.text.strip()
        if isinstance(widget, Input | Picker | Choice):
            return widget.value.strip()
        return ""

    def filled(self) -> Values | None:
        """Give the values, or say what is missing."""
        values = self.values()
        for field in self._fields:
            if field.required and not values[field.name]:
                self._focus(field)
                self.refuse(field.required)
                return None
        return values

    def answer(self) -> R | None:
        """Give what is asked for, or say what is missing in it."""
        values = self.filled()
        if values is None:
            return None
        try:
            asked = self._asked(values)
        except UsageError as error:
            self.refuse(str(error))
            return None
        if isinstance(asked, Request) and (wrong := asked.check()):
            self.refuse(wrong)
            return None
        return asked

    def _focus(self, field: Field) -> None:
        widget = self.query_one(f"#field-{field.name}")
        (widget.query_one(Input) if isinstance(widget, Picker) else widget).focus()

    def _focus_next(self, after: str | None) -> bool:
        names = [field.name for field in self._fields]
        rest = self._fields[names.index(after) + 1 :] if after else self._fields
        for field in rest:
            if field.kind == "pick" or (field.kind != "choice" and not self._value(field)):
                self._focus(field)
                return True
        numbers = self.query("#number").results(Input)
        for number in numbers:
            if not number.value:
                number.focus()
                return True
        if after is None and self._fields:
            self._focus(self._fields[0])
        return False

    @on(Input.Submitted)
    def _next_field(self, event: Input.Submitted) -> None:
        event.stop()
        event.prevent_default()
        name = (event.input.id or "").removeprefix("field-")
        if name == "number" or not self._focus_next(name):
            self.action_accept()

    @on(Picker.Entered)
    def _meanwhile(self, event: Picker.Entered) -> None:
        """Let what is typed next go to the next field while the list is still to come."""
        event.stop()
        self._focus_next((event.picker.id or "").removeprefix("field-"))

    @on(Picker.Picked)
    def _picked(self, event: Picker.Picked) -> None:
        event.stop()
        name = (event.picker.id or "").removeprefix("field-")
        if not self._focus_next(name):
            self.action_accept()


def _widget(field: Field) -> Widget:
    name = f"field-{field.name}"
    hint = clean(field.hint, one_line=True)
    if field.kind == "long":
        return PlainArea(clean(field.value), id=name, tab_behavior="focus", placeholder=hint)
    if field.kind == "choice":
        return Choice(field.options, field.value, id=name)
    if field.kind == "pick":
        picks = [Pick(option, option) for option in field.options]
        return Picker(picks, placeholder=hint, coming=not picks, id=name)
    return Input(clean(field.value, one_line=True), placeholder=hint, id=name)


def as_given(values: Values) -> Values:
    """Give a form's values as its answer."""
    return values
