"""Where people type and paste: what stands there is exact, what is drawn can never act."""

from typing import TYPE_CHECKING, Any, ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.events import Key
from textual.suggester import SuggestFromList
from textual.widgets import Input, TextArea

from deskterm.domain.means import Canned
from deskterm.domain.patterns import pattern
from deskterm.domain.text import clean, visible
from deskterm.widgets.telling import Telling

if TYPE_CHECKING:
    from collections.abc import Sequence


class PlainArea(TextArea):
    """A text area that draws control and bidirectional characters as signs.

    A terminal without bracketed paste sends the line feeds of a paste as ctrl+j.
    """

    DEFAULT_CSS = ""
    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+j", "begin_line", "New line")]

    def action_begin_line(self) -> None:
        """Begin a line, as Enter does in text of many lines."""
        self.replace("\n", *self.selection, maintain_selection_offset=False)

    def get_line(self, line_index: int) -> Text:
        """Give a line as it is drawn."""
        return Text(visible(self.document.get_line(line_index)), end="", no_wrap=True)


_BEGUN = pattern(r"(?<![\w.@+-])(@|::)([^\s:@]{0,63})\Z")
_SHORT = pattern(r"(?<!\S)::(\S{1,40})\Z")
_ENDS = ("space", "tab")


class WordsArea(PlainArea):
    """A text area in which `::name` and a space or Tab become a canned text."""

    DEFAULT_CSS = ""

    class Inserted(Telling):
        """A canned text stands in the words now."""

        text: Canned

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.canned: Sequence[Canned] = ()
        """The texts that fit, the likelier first."""

    async def _on_key(self, event: Key) -> None:
        if event.key in _ENDS and (found := self._named_before()) is not None:
            event.stop()
            event.prevent_default()
            row, column = self.cursor_location
            self.put_in(found[1], (row, column - found[0]))
            return
        await super()._on_key(event)

    def put_in(self, text: Canned, since: tuple[int, int] | None = None) -> None:
        """Put a canned text where the cursor is, in place of what was typed `since` there."""
        self.replace(text.words, since or self.cursor_location, self.cursor_location)
        self.post_message(self.Inserted(text))

    def _typed_before(self) -> str:
        row, column = self.cursor_location
        return self.document.get_line(row)[max(0, column - 70) : column]

    def _named_before(self) -> tuple[int, Canned] | None:
        """Give (how much of it is typed, the text) where its short name stands before."""
        typed = _SHORT.search(self._typed_before())
        word = typed[1].casefold() if typed else ""
        found = (one for one in self.canned if word and one.short.casefold() == word)
        one = next(found, None)
        return (len(word) + 2, one) if one and typed else None

    def names(self, sign: str) -> "Sequence[str]":
        """Give the names that a sign begins."""
        return [one.short for one in self.canned] if sign == "::" else ()

    def update_suggestion(self) -> None:
        """Suggest the rest of the name that is being written; the right arrow takes it."""
        row, column = self.cursor_location
        begun = _BEGUN.search(self._typed_before())
        self.suggestion = ""
        if begun and self.document.get_line(row)[column : column + 1].strip() == "":
            typed = begun[2].lower()
            found = (one for one in self.names(begun[1]) if one.lower().startswith(typed))
            self.suggestion = next((one[len(typed) :] for one in found), "")


class MentionArea(WordsArea):
    """A text area that completes `@login` too; the right arrow takes what it suggests."""

    DEFAULT_CSS = ""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.logins: Sequence[str] = ()
        """Who can be named, the likelier first."""

    def names(self, sign: str) -> "Sequence[str]":
        """Give the names that a sign begins."""
        return self.logins if sign == "@" else super().names(sign)


class PlainInput(Input):
    """An input that draws control and bidirectional characters as signs."""

    DEFAULT_CSS = ""

    @property
    def _value(self) -> Text:
        return Text(visible(self.value), no_wrap=True, overflow="ignore", end="")


_SHOWN = 6
"""So many names are told where nothing is typed yet."""


class ChoosingInput(PlainInput):
    """An input with names to choose from; ↑ and ↓ go through them, → completes."""

    DEFAULT_CSS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "choose(1)", "Next"),
        Binding("up", "choose(-1)", "Previous"),
    ]

    def __init__(
        self,
        value: str = "",
        names: "Sequence[str]" = (),
        *,
        hint: str = "",
        id: str | None = None,  # noqa: A002 - Textual's word
    ) -> None:
        super().__init__(value, id=id)
        self._hint = hint
        self.names: Sequence[str] = ()
        """What it may be; anything where there is nothing."""
        self.offer(names)

    def offer(self, names: "Sequence[str]") -> None:
        """Take other names; one that could act where it is drawn is not completed."""
        self.names = tuple(names)
        plain = [one for one in names if clean(one, one_line=True) == one]
        self.suggester = SuggestFromList(plain, case_sensitive=False) if plain else None
        told = ", ".join(plain[:_SHOWN]) + (" …" if len(plain) > _SHOWN else "")
        self.placeholder = f"↑↓ {told}" if told else clean(self._hint, one_line=True)

    def action_choose(self, by: int) -> None:
        """Put the name after, or before, what stands there."""
        if not self.names:
            return
        folded = [one.casefold() for one in self.names]
        typed = self.value.strip().casefold()
        if typed in folded:
            at = (folded.index(typed) + by) % len(folded)
        else:
            begun = (place for place, one in enumerate(folded) if typed and one.startswith(typed))
            at = next(begun, 0 if by > 0 else len(folded) - 1)
        self.value = self.names[at]
        self.cursor_position = len(self.value)
