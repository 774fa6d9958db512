"""One of a few words on one line; arrows, space or the first letter change it, or arrows alone."""

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from deskterm.domain.text import clean
from deskterm.widgets.telling import Telling


class Choice(Widget, can_focus=True):
    """A line of words of which one is chosen, marked by brackets and colour."""

    DEFAULT_CSS = """
    Choice { height: 1; color: $foreground; background: $surface; padding: 0 1; }
    Choice:focus { background: $primary 25%; text-style: bold; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("right,space", "step(1)", "Next"),
        Binding("left", "step(-1)", "Previous"),
    ]

    value: reactive[str] = reactive("")

    class Changed(Telling):
        """Another word was chosen."""

        choice: "Choice"
        value: str

        @property
        def control(self) -> "Choice":
            """The widget, for `@on` with a selector."""
            return self.choice

    def __init__(
        self,
        options: Sequence[str],
        value: str = "",
        *,
        typed: bool = True,
        id: str | None = None,  # noqa: A002
    ) -> None:
        super().__init__(id=id)
        self.options = tuple(options)
        self._typed = typed
        """Whether letters and space choose, too; else typed text can never do so."""
        self.set_reactive(Choice.value, value or self.options[0])

    def render(self) -> Content:
        """Give the words, the chosen one in brackets."""
        parts = []
        for option in self.options:
            word = clean(option, one_line=True)
            if option == self.value:
                parts.append(Content.styled(f"[{word}]", "bold $accent"))
            else:
                parts.append(Content.styled(f" {word} ", "$text-muted"))
        return Content(" ").join(parts)

    def watch_value(self) -> None:
        """Tell the dialog."""
        self.post_message(self.Changed(self, self.value))

    def action_step(self, by: int) -> None:
        """Choose the word beside."""
        at = (self.options.index(self.value) + by) % len(self.options)
        self.value = self.options[at]

    def on_key(self, event: events.Key) -> None:
        """Choose by first letter."""
        if not self._typed:
            if event.is_printable:
                event.stop()
                event.prevent_default()
            return
        letter = event.character or ""
        fits = [one for one in self.options if letter and one.lower().startswith(letter.lower())]
        if fits:
            at = fits.index(self.value) + 1 if self.value in fits else 0
            self.value = fits[at % len(fits)]
            event.stop()

    def on_click(self, event: events.Click) -> None:
        """Choose the word under the mouse."""
        at = 1
        for option in self.options:
            width = Content(clean(option, one_line=True)).cell_length + 2
            if at <= event.x < at + width:
                self.value = option
                return
            at += width + 1
