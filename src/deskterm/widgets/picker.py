"""Find one of many by typing: an input with a list below; arrows move, Enter takes."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from deskterm.domain.text import clean
from deskterm.widgets.telling import Telling

SHOWN = 50
"""Choices drawn at most."""


@dataclass(frozen=True, slots=True)
class Pick:
    """Something to find: its value, its line, and a fainter detail."""

    value: str
    line: str
    detail: str = ""


class Told(Telling):
    """What a picker tells its owner."""

    picker: "Picker"

    @property
    def control(self) -> "Picker":
        """The widget, for `@on` with a selector."""
        return self.picker


class Picker(Vertical):
    """An input that filters picks; what is taken always fits what is typed now.

    With `remote` its owner answers `Typed` with `offer(picks, text)`; with `coming` the picks are
    offered later. Until the list of what is typed is there, Enter waits for it and is dropped when
    something else is typed. `named` gives the value that is typed itself, such as a number, which
    needs no list. `guesses`: with nothing typed the first may be taken.
    """

    DEFAULT_CSS = """
    Picker { height: auto; }
    Picker OptionList { max-height: 7; height: auto; border: none; }
    """

    class Typed(Told):
        """Something was typed into a remote picker."""

        text: str

    class Picked(Told):
        """One was taken with Enter or a click; empty: nothing fits."""

        value: str

    class Entered(Told):
        """Enter was pressed before the list was there: `Picked` follows, keys can go on."""

    class Settled(Told):
        """The list of what is typed is there."""

    class Highlighted(Told):
        """Another one would be taken now; empty: none."""

        value: str

    def __init__(
        self,
        picks: Sequence[Pick] = (),
        *,
        placeholder: str = "",
        remote: bool = False,
        coming: bool = False,
        named: Callable[[str], str] | None = None,
        id: str | None = None,  # noqa: A002 - Textual's word
    ) -> None:
        super().__init__(id=id)
        self.guesses = True
        self._all = tuple(picks)
        self._shown: list[Pick] = []
        self._remote = remote
        self._placeholder = placeholder
        self._named = named or _nothing
        self._listed: str | None = None if coming else ""
        """The text whose list is shown; None until there is one."""
        self._entered = False
        """Enter waits for the list."""
        self._moves = 0
        """Arrows that wait for the list."""
        self._clicked: str | None = None

    def compose(self) -> ComposeResult:
        """Give input and list."""
        yield Input(placeholder=self._placeholder)
        yield OptionList(markup=False, compact=True)

    def on_mount(self) -> None:
        """Show the first picks; the list is reached through the input."""
        self.query_one(OptionList).can_focus = False
        if self._listed is not None:
            self._show()

    def offer(self, picks: Iterable[Pick], text: str = "") -> None:
        """Replace what can be picked; a remote list says of which text it is."""
        if self._remote and text != self.typed:
            return
        self._all = tuple(picks)
        self._show()

    @property
    def typed(self) -> str:
        """What was typed."""
        return self.query_one(Input).value

    @property
    def is_settled(self) -> bool:
        """True while the list shown is the one of what is typed."""
        listed = self._listed is not None and (not self._remote or self._listed == self.typed)
        return listed or bool(self._named(self.typed))

    @property
    def is_shown(self) -> bool:
        """True where it is a question at all: dialogs hide what need not be answered."""
        return all(node.display for node in self.ancestors_with_self if isinstance(node, Widget))

    @property
    def fits(self) -> Sequence[Pick]:
        """What fits what is typed; empty until the list is there."""
        if not self.is_settled:
            return ()
        return self._all if self._remote else self._fitting(self.typed)

    @property
    def value(self) -> str:
        """The value that Enter would take; empty where nothing fits, or none is there yet."""
        if self._clicked is not None:
            return self._clicked
        if named := self._named(self.typed):
            return named
        if not self.is_settled:
            return ""
        if self._listed != self.typed:  # a key came before the list was drawn anew
            self._show()
        at = self.query_one(OptionList).highlighted
        return self._shown[at].value if at is not None and at < len(self._shown) else ""

    @property
    def exact(self) -> str:
        """The value of the one that is typed in full, or that alone fits; else empty."""
        words = self.typed.strip().casefold()
        found = [pick for pick in self.fits if words in (pick.line.casefold(), pick.value)]
        if not found and len(self.fits) == 1:
            found = list(self.fits)
        return found[0].value if found else ""

    def _fitting(self, text: str) -> list[Pick]:
        words = text.casefold().split()
        found = [
            pick
            for pick in self._all
            if all(word in f"{pick.line} {pick.detail}".casefold() for word in words)
        ]
        whole = text.strip().casefold()
        return sorted(found, key=lambda pick: pick.line.casefold() != whole)

    def _show(self) -> None:
        """Draw the list of what is typed; arrows and an Enter that waited for it are done."""
        self._listed = text = self.typed
        self._shown = list(self._all if self._remote else self._fitting(text))[:SHOWN]
        options = self.query_one(OptionList)
        options.clear_options()
        options.add_options([Option(_line(pick)) for pick in self._shown])
        first = self._moves or (0 if text or self.guesses else None)
        last = len(self._shown) - 1
        options.highlighted = None if first is None or last < 0 else max(0, min(first, last))
        self._moves = 0
        self.post_message(self.Settled(self))
        if self._entered:
            self._entered = False
            self.post_message(self.Picked(self, self.value))

    @on(Input.Changed)
    def _filter(self, event: Input.Changed) -> None:
        event.stop()
        self._entered, self._clicked = False, None
        self._moves = 0
        if self._remote:
            self.post_message(self.Typed(self, event.value))
        elif self._listed is not None:
            self._show()

    @on(Input.Submitted)
    def _take(self, event: Input.Submitted) -> None:
        event.stop()
        if self.is_settled:
            self.post_message(self.Picked(self, self.value))
        else:
            self._entered = True
            self.post_message(self.Entered(self))

    @on(OptionList.OptionHighlighted)
    def _say_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()
        self.post_message(self.Highlighted(self, self.value))

    @on(OptionList.OptionSelected)
    def _take_clicked(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        if event.option_index < len(self._shown):
            self._clicked = self._shown[event.option_index].value
            self.post_message(self.Picked(self, self._clicked))

    def on_key(self, event: events.Key) -> None:
        """Move in the list while typing."""
        options = self.query_one(OptionList)
        if event.key not in ("down", "up"):
            return
        event.stop()
        event.prevent_default()
        self._clicked = None
        if self.is_settled:
            (options.action_cursor_down if event.key == "down" else options.action_cursor_up)()
        else:
            self._moves += 1 if event.key == "down" else -1


def _nothing(typed: str) -> str:
    del typed
    return ""


def _line(pick: Pick) -> Content:
    detail = f"  {clean(pick.detail, one_line=True)}" if pick.detail else ""
    return Content.assemble(clean(pick.line, one_line=True), (detail, "$text-muted"))
