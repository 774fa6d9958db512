"""The base of every dialog: a box with a question; Esc leaves, ^s or Enter accepts."""

from abc import abstractmethod
from collections.abc import Iterable
from typing import ClassVar, Generic, TypeVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.geometry import Size
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Static

from deskterm.domain.text import clean
from deskterm.screens.room import fits, may_draw
from deskterm.screens.themes import DIALOGS
from deskterm.screens.work import Working
from deskterm.widgets.key_bar import KeyBar
from deskterm.widgets.picker import Picker

R = TypeVar("R")


class Dialog(ModalScreen[R | None], Working, Generic[R]):
    """A box over the screen. `answer()` gives the result, or None after `refuse(sentence)`."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss_dialog", "Leave"),
        Binding("ctrl+s", "accept", "Accept"),
    ]
    CSS_PATH = DIALOGS
    HINT: ClassVar[str] = "^s or Enter accepts · Esc leaves"

    def __init__(self, title: str, question: str = "") -> None:
        super().__init__()
        self._accepting = False
        """It is to be accepted as soon as every list is there."""
        self._title = clean(title, one_line=True)
        self._question = clean(question)

    def _refresh_layout(self, size: Size | None = None, scroll: bool = False) -> None:
        if fits(self, size):
            super()._refresh_layout(size, scroll)

    def _compositor_refresh(self) -> None:
        if may_draw(self):
            super()._compositor_refresh()

    def compose(self) -> ComposeResult:
        """Give the box: question, the dialog's own fields, what is wrong, how to go on."""
        with VerticalScroll(id="box", can_focus=False) as box:
            box.border_title = Content(self._title)
            if self._question:
                yield Static(Content(self._question), id="question")
            yield from self.fields()
            yield Static(classes="wrong")
            yield Static(Content(self.HINT), classes="hint")
        yield KeyBar(only_said=True)

    @on(events.Mount)
    def _hear(self) -> None:
        """Say below the box what is said elsewhere, too; nothing covers the box itself."""
        self.desk_app.edges.dress(self)

    def fields(self) -> Iterable[Widget]:
        """Give the dialog's own widgets."""
        return ()

    def ready(self) -> bool:
        """Tell whether it may be accepted, apart from what the fields hold."""
        return True

    @abstractmethod
    def answer(self) -> R | None:
        """Give what was chosen, or None after `refuse`."""

    def refuse(self, sentence: str) -> None:
        """Say in the box what is missing; a long form is moved to where it stands."""
        wrong = self.query_one(".wrong", Static)
        wrong.update(Content(clean(sentence)))
        wrong.add_class("-shown")
        self.call_after_refresh(wrong.scroll_visible, animate=False)

    def action_accept(self) -> None:
        """Close with the answer; a key typed before the box is drawn waits for it."""
        if not self.query(".hint"):
            self.call_after_refresh(self.action_accept)
            return
        self._accepting = any(not one.is_settled for one in self.query(Picker) if one.is_shown)
        if self._accepting or not self.ready():
            return
        result = self.answer()
        if result is not None:
            self.dismiss(result)

    def accept_later(self) -> None:
        """Accept as soon as what is missing is there: see `accept_if_wanted`."""
        self._accepting = True

    @on(Picker.Settled)
    def accept_if_wanted(self) -> None:
        """Accept what waited for a list, or for what is known, to be there."""
        if self._accepting:
            self._accepting = False
            self.call_later(self.action_accept)

    @on(Picker.Typed)
    def _stop_accepting(self) -> None:
        """What is typed after it takes the wish to accept back."""
        self._accepting = False

    def action_dismiss_dialog(self) -> None:
        """Close without an answer; nothing is changed."""
        self.dismiss(None)

    def on_input_submitted(self) -> None:
        """Accept with Enter from a one-line field."""
        self.action_accept()
