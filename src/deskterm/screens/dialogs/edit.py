"""The form of a ticket's facts, made of the table of columns and of the desk's own fields."""

from collections.abc import Iterable
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static, TextArea

from deskterm.domain.asking import Request
from deskterm.domain.columns import EDITED, Column, Edit
from deskterm.domain.records import TicketSheet
from deskterm.domain.text import clean
from deskterm.domain.verbs import Change
from deskterm.screens.dialogs.verb import Targets, VerbDialog
from deskterm.widgets.choice import Choice
from deskterm.widgets.own_fields import OwnFields
from deskterm.widgets.typed import ChoosingInput, PlainArea

NOT_SAID = "not said"
AS_IT_IS = "as it is"
"""The word of a choice where several tickets differ."""
_YES = {"yes": True, "no": False}


class EditDialog(VerbDialog[Request]):
    """All that can be corrected on a ticket; of several tickets all get what is altered.

    What is typed before the facts have come counts as altered. A choice that does not go with
    what is typed elsewhere is emptied, and the desk refuses it as well.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "accept", "Keep")]
    HINT: ClassVar[str] = "Tab goes on · ↑↓ choose · ^s or Enter keeps it · Esc leaves"
    AUTO_FOCUS = "#field-subject"
    DEFAULT_CSS = """
    EditDialog .line Input, EditDialog .line Choice { width: 1fr; }
    EditDialog .line .label { width: 17; }
    EditDialog .tall, EditDialog .tall TextArea { height: 2; }
    """

    def __init__(self, targets: Targets, limit: int) -> None:
        super().__init__("Edit", targets, limit)
        one = targets.rows[0] if len(targets.ids) == 1 and targets.rows else None
        subject = clean(one.subject, one_line=True) if one else ""
        self._before: dict[str, str] = {"subject": subject} if one else {}
        """What each part showed at first."""
        self.own = OwnFields()

    def verb_fields(self) -> Iterable[Widget]:
        """Give a labelled widget for each fact that the table of columns lets be corrected."""
        for name, column in EDITED.items():
            edit = column.edit or Edit(name)
            yield _labelled(column.label, _widget(edit, self._before.get(name, "")))
        yield self.own

    def on_mount(self) -> None:
        """Ask for the facts as they are, and for what they may be."""
        ids = self.targets.ids
        self.load(lambda desk: desk.tickets.sheet(ids), self._fill, "sheet")

    def _fill(self, sheet: TicketSheet) -> None:
        """Put in what is known where nothing was typed meanwhile."""
        for name, text in sheet.texts.items():
            widget = self.query_one(f"#field-{name}")
            if isinstance(widget, ChoosingInput):
                widget.offer(sheet.options.get(name, ()))
            self._put(widget, name, text, _edit(EDITED[name]))
        self.own.offer(sheet.fields, sheet.values)
        self._fit()

    def _put(self, widget: Widget, name: str, text: str, edit: Edit) -> None:
        shown = _shown(edit, text)
        untouched = self._text(name) == self._before.get(name, _shown(edit, ""))
        self._before[name] = shown
        if not untouched:
            return
        if isinstance(widget, TextArea):
            widget.load_text(clean(text))
        elif isinstance(widget, Choice):
            widget.options = _words(edit, shown)
            widget.value = shown
            widget.refresh()
        elif isinstance(widget, Input) and widget.value != shown:
            widget.value = shown

    # --- what goes with what ----------------------------------------------------------------

    @on(Input.Changed)
    def _fit(self) -> None:
        """Offer what goes with the other facts; empty a choice that does not any more."""
        self.own.fit(self._text("category"), self._text("service"))

    # --- the answer -----------------------------------------------------------------------------

    def answer(self) -> Request | None:
        """Give what was altered, or say what is wrong."""
        altered = {name: text for name in EDITED if (text := self._altered(name)) is not None}
        own = self.own.altered
        if not altered and not own:
            self.refuse("Nothing is altered; leave with Esc.")
            return None
        values: dict[str, object] = {}
        for name, text in altered.items():
            edit = _edit(EDITED[name])
            if edit.kind == "count" and not (text.isdigit() and text.isascii() and int(text) > 0):
                self._wrong(name, f"{EDITED[name].label}: a number from 1 on.")
                return None
            if not text.strip() and not edit.clears:
                self._wrong(name, f"{EDITED[name].label} cannot be empty.")
                return None
            values[name] = _value(edit, text)
        asked = Change(**values, fields=own)  # type: ignore[arg-type]  # each by its own kind
        if wrong := asked.check():
            self.refuse(wrong)
            return None
        return asked

    def _altered(self, name: str) -> str | None:
        text = self._text(name)
        edit = _edit(EDITED[name]) if name in EDITED else Edit(name)
        return text if text != self._before.get(name, _shown(edit, "")) else None

    def _text(self, name: str) -> str:
        widget = self.query_one(f"#field-{name}")
        if isinstance(widget, TextArea):
            return widget.text.strip()
        return widget.value.strip() if isinstance(widget, Input | Choice) else ""

    def _wrong(self, name: str, sentence: str) -> None:
        self.query_one(f"#field-{name}").focus()
        self.refuse(sentence)


def _edit(column: Column) -> Edit:
    return column.edit or Edit(column.name)


def _shown(edit: Edit, text: str) -> str:
    """Give a value as its widget shows it."""
    if edit.kind == "yes":
        return text or NOT_SAID
    if edit.kind == "words":
        return text or AS_IT_IS
    return clean(text).strip() if edit.kind == "long" else clean(text, one_line=True).strip()


def _value(edit: Edit, text: str) -> object:
    """Give an altered value as a correction holds it; what is not said any more stays as it is."""
    if edit.kind == "yes" or edit.name == "urgent":
        return _YES.get(text)
    if edit.kind == "count":
        return int(text)
    return None if text == AS_IT_IS else text


def _words(edit: Edit, shown: str) -> tuple[str, ...]:
    """Give the words to choose from; what is shown is one of them."""
    words = (NOT_SAID, "no", "yes") if edit.kind == "yes" else edit.words
    return words if shown in words else (shown, *words)


def _labelled(label: str, widget: Widget) -> Widget:
    said = clean(label, one_line=True)
    tall = " tall" if isinstance(widget, TextArea) else ""
    return Horizontal(Static(Content(said), classes="label"), widget, classes=f"line{tall}")


def _widget(edit: Edit, text: str) -> Widget:
    name = f"field-{edit.name}"
    if edit.kind == "long":
        return PlainArea(id=name, tab_behavior="focus", placeholder=edit.help)
    if edit.kind in ("yes", "words"):
        return Choice(_words(edit, _shown(edit, "")), id=name)
    return ChoosingInput(text, hint=edit.help, id=name)
