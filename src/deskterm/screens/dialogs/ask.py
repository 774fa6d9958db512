"""Small questions: yes or not at all, one line, one of a list, go on after a failure; texts."""

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from deskterm.domain.columns import key_words, stored_words
from deskterm.domain.errors import AcrossClientsError, Clash, ConflictError, DeskError
from deskterm.domain.text import clean
from deskterm.screens.dialogs.base import Dialog
from deskterm.widgets.key_bar import SIGNS, STYLES, Told
from deskterm.widgets.picker import Pick, Picker
from deskterm.widgets.text_pane import TextPane
from deskterm.widgets.typed import PlainInput
from deskterm.widgets.value_words import value_words


class AskDialog(Dialog[bool]):
    """Asks; Enter does it, Esc leaves everything as it is."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "accept", "Do it")]
    HINT = "Enter does it · Esc leaves everything as it is"

    def answer(self) -> bool:
        """Give yes."""
        return True


class LineDialog(Dialog[str]):
    """Asks for one line; `needed` is said where it is empty."""

    def __init__(self, title: str, question: str = "", value: str = "", needed: str = "") -> None:
        super().__init__(title, question)
        self._value = clean(value, one_line=True)
        self._needed = needed

    def fields(self) -> Iterable[Widget]:
        """Give the line."""
        yield PlainInput(self._value, id="line")

    def answer(self) -> str | None:
        """Give what was typed."""
        text = self.query_one("#line", Input).value.strip()
        if not text and self._needed:
            self.refuse(self._needed)
            return None
        return text


class CountedDialog(Dialog[bool]):
    """Shows what would be done to many; over the limit their number is to be typed."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "accept", "Do it")]
    HINT = "Enter does it · Esc leaves everything as it is"
    WHY: ClassVar[str] = "so many are meant."

    def __init__(self, title: str, text: str, many: int, limit: int) -> None:
        super().__init__(title, text)
        self._many = many
        self._typed = many > limit

    def fields(self) -> Iterable[Widget]:
        """Give the number to be typed, where it is asked for."""
        if self._typed:
            yield Input(placeholder=f"type {self._many} to go on", id="number")

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_accept()

    def answer(self) -> bool | None:
        """Give yes, once the number is typed."""
        if self._typed and self.query_one("#number", Input).value.strip() != str(self._many):
            self.refuse(f"Type {self._many}: {self.WHY}")
            return None
        return True


class NameDialog(LineDialog):
    """Asks for one line that must not be empty."""

    def __init__(self, title: str, question: str = "") -> None:
        super().__init__(title, question, needed="Type it first, or leave with Esc.")


class PickDialog(Dialog[str]):
    """Type to find, Enter takes."""

    HINT = "type to find · ↑↓ choose · Enter takes · Esc leaves"

    def __init__(self, title: str, picks: Sequence[Pick], question: str = "") -> None:
        super().__init__(title, question)
        self._picks = picks

    def fields(self) -> Iterable[Widget]:
        """Give the finder."""
        yield Picker(self._picks)

    @on(Picker.Picked)
    def _take(self) -> None:
        self.action_accept()

    def answer(self) -> str | None:
        """Give the value of what was taken."""
        if not self.query_one(Picker).value:
            self.refuse("Nothing in the list is like that.")
            return None
        return self.query_one(Picker).value


class ReadDialog(Dialog[bool]):
    """A text that is moved with the keys of a list, and left."""

    HINT = "j k move · Esc leaves"

    def __init__(self, title: str, text: Content) -> None:
        super().__init__(title)
        self._text = text

    def fields(self) -> Iterable[Widget]:
        """Give room for the text."""
        yield TextPane()

    def on_mount(self) -> None:
        """Show it; it has the keys."""
        pane = self.query_one(TextPane)
        pane.show(self._text)
        pane.focus()

    def answer(self) -> bool:
        """Give that it was read."""
        return True


class OutputDialog(Dialog[bool]):
    """The text as it came, made harmless."""

    HINT = "Esc leaves"

    def __init__(self, command: str, text: str) -> None:
        super().__init__(command)
        self._text = text

    def fields(self) -> Iterable[Widget]:
        """Give the text."""
        yield Static(Content(clean(self._text)))

    def answer(self) -> bool:
        """Give that it was read."""
        return True


class SaidDialog(ReadDialog):
    """The messages of this session, the newest first, each with its time."""

    def __init__(self, said: Sequence[Told]) -> None:
        lines = Content("\n").join(map(_line, reversed(said)))
        super().__init__("What was said", lines or Content("Nothing yet."))


def _line(one: Told) -> Content:
    style = "" if one.severity == "information" else STYLES[one.severity]
    text = f"{SIGNS[one.severity]}{one.text}"
    return Content.assemble((f"{one.at.astimezone():%H:%M}  ", "dim"), (text, style))


def _clash_words(one: Clash) -> str:
    seen, now = (value_words(stored_words(value)) for value in (one.seen, one.now))
    return f"  {key_words(one.field)}: {seen} → {now} (by {one.by})"


class AgainDialog(Dialog[bool]):
    """Names what others changed meanwhile, or that the answer was lost. The draft is kept.

    It comes by itself, perhaps while somebody types on: what was typed for what stood there before,
    Enter among it, is no answer to it.
    """

    HINT = "y and Enter does it · Esc leaves everything as it is"

    def __init__(self, said: str, error: DeskError) -> None:
        self._conflict = isinstance(error, ConflictError)
        lines = [str(error)]
        if isinstance(error, ConflictError):
            lines += [_clash_words(clash) for clash in error.clashes]
            lines.append("\nYour text is kept. Do it all the same?")
        elif isinstance(error, AcrossClientsError):
            lines = [f"{str(error).partition(':')[0]}.", "\nIs that meant? The ledger keeps it."]
        else:
            lines.append("\nIt is not known to be stored. Trying again is safe: never done twice.")
        super().__init__(f"{said}?", "\n".join(lines))

    def fields(self) -> Iterable[Widget]:
        """Give the line that yes is typed into."""
        yield PlainInput(id="line")

    def answer(self) -> bool | None:
        """Give yes where it was typed."""
        if self.query_one("#line", Input).value.strip().lower() in ("y", "yes"):
            return True
        self.refuse("Type y if it is meant; Esc leaves everything as it is.")
        return None
