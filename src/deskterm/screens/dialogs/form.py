"""Dialogs made of declared fields: text, long text, a choice, something to find."""

from collections.abc import Callable, Iterable, Mapping, Sequence
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
    """Asks for a few fields. Enter goes to the next empty one, from the last it accepts."""

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
        check: Callable[[Mapping[str, str]], str] | None = None,
    ) -> None:
        super().__init__(verb, targets, limit)
        self._fields = tuple(fields)
        self._check = check

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
        wrong = self._check(values) if self._check else ""
        if wrong:
            self.refuse(wrong)
            return None
        return values

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


class ValuesForm(FormDialog[Values]):
    """A form whose values are the answer."""

    def answer(self) -> Values | None:
        """Give the values, or say what is missing."""
        return self.filled()


class RequestForm(FormDialog[Request]):
    """A form that asks for something to be done: `asked` makes a request of its values.

    It raises UsageError with what is missing.
    """

    def __init__(
        self,
        verb: str,
        targets: Targets,
        limit: int,
        fields: Sequence[Field],
        asked: Callable[[Values], Request],
    ) -> None:
        super().__init__(verb, targets, limit, fields)
        self._asked = asked

    def answer(self) -> Request | None:
        """Give the request, or say what is missing in it."""
        values = self.filled()
        if values is None:
            return None
        try:
            asked = self._asked(values)
        except UsageError as error:
            self.refuse(str(error))
            return None
        if wrong := asked.check():
            self.refuse(wrong)
            return None
        return asked


class TellingForm(RequestForm):
    """A request after which the customers get a letter."""

    TELLS = True
