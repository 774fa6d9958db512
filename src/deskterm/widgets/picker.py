"""Find one of many by typing: an input with a list below; arrows move, Enter takes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from deskterm.domain.text import clean

SHOWN = 50
"""Choices drawn at most."""


@dataclass(frozen=True, slots=True)
class Pick:
    """Something to find: its value, its line, and a fainter detail."""

    value: str
    line: str
    detail: str = ""


class Picker(Vertical):
    """An input that filters picks. With `remote` its owner answers `Typed` with `offer`."""

    DEFAULT_CSS = """
    Picker { height: auto; }
    Picker OptionList { max-height: 7; height: auto; border: none; }
    """

    @dataclass
    class Typed(Message):
        """Something was typed into a remote picker."""

        picker: "Picker"
        text: str

        @property
        def control(self) -> "Picker":
            """The widget, for `@on` with a selector."""
            return self.picker

    @dataclass
    class Picked(Message):
        """One was taken with Enter or a click."""

        picker: "Picker"
        value: str

        @property
        def control(self) -> "Picker":
            """The widget, for `@on` with a selector."""
            return self.picker

    def __init__(
        self,
        picks: Sequence[Pick] = (),
        *,
        placeholder: str = "",
        remote: bool = False,
        id: str | None = None,  # noqa: A002 - Textual's word
    ) -> None:
        super().__init__(id=id)
        self._all = tuple(picks)
        self._shown: list[Pick] = []
        self._remote = remote
        self._placeholder = placeholder

    def compose(self) -> ComposeResult:
        """Give input and list."""
        yield Input(placeholder=self._placeholder)
        yield OptionList(markup=False, compact=True)

    def on_mount(self) -> None:
        """Show the first picks; the list is reached through the input."""
        self.query_one(OptionList).can_focus = False
        self._show(self._all)

    def offer(self, picks: Iterable[Pick]) -> None:
        """Replace what can be picked."""
        self._all = tuple(picks)
        self._show(self._all if self._remote else self._fitting(self.typed))

    @property
    def typed(self) -> str:
        """What was typed."""
        return self.query_one(Input).value

    @property
    def value(self) -> str:
        """The value of the highlighted pick; empty where nothing fits."""
        at = self.query_one(OptionList).highlighted
        return self._shown[at].value if at is not None and at < len(self._shown) else ""

    def _fitting(self, text: str) -> list[Pick]:
        words = text.lower().split()
        return [
            pick
            for pick in self._all
            if all(word in f"{pick.line} {pick.detail}".lower() for word in words)
        ]

    def _show(self, picks: Iterable[Pick]) -> None:
        self._shown = list(picks)[:SHOWN]
        options = self.query_one(OptionList)
        options.clear_options()
        options.add_options([Option(_line(pick)) for pick in self._shown])
        options.highlighted = 0 if self._shown else None

    @on(Input.Changed)
    def _filter(self, event: Input.Changed) -> None:
        event.stop()
        if self._remote:
            self.post_message(self.Typed(self, event.value))
        else:
            self._show(self._fitting(event.value))

    @on(Input.Submitted)
    def _take(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(self.Picked(self, self.value))

    @on(OptionList.OptionSelected)
    def _take_clicked(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.post_message(self.Picked(self, self.value))

    def on_key(self, event: events.Key) -> None:
        """Move in the list while typing."""
        options = self.query_one(OptionList)
        if event.key in ("down", "up"):
            (options.action_cursor_down if event.key == "down" else options.action_cursor_up)()
            event.stop()
            event.prevent_default()


def _line(pick: Pick) -> Content:
    detail = f"  {clean(pick.detail, one_line=True)}" if pick.detail else ""
    return Content.assemble(clean(pick.line, one_line=True), (detail, "$text-muted"))
