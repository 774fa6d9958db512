"""Where people type and paste: what stands there is exact, what is drawn can never act."""

from typing import TYPE_CHECKING, Any, ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.suggester import SuggestFromList
from textual.widgets import Input, TextArea

from deskterm.domain.patterns import pattern
from deskterm.domain.text import clean, visible

if TYPE_CHECKING:
    from collections.abc import Sequence


class PlainArea(TextArea):
    """A text area that draws control and bidirectional characters as signs."""

    DEFAULT_CSS = ""

    def get_line(self, line_index: int) -> Text:
        """Give a line as it is drawn."""
        return Text(visible(self.document.get_line(line_index)), end="", no_wrap=True)


_BEGUN = pattern(r"(?<![\w.@+-])@([A-Za-z0-9._-]{0,63})\Z")


class MentionArea(PlainArea):
    """A text area that completes `@login`; the right arrow takes what it suggests."""

    DEFAULT_CSS = ""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.logins: Sequence[str] = ()
        """Who can be named, the likelier first."""

    def update_suggestion(self) -> None:
        """Suggest the rest of the login that is being written."""
        row, column = self.cursor_location
        line = self.document.get_line(row)
        begun = _BEGUN.search(line[max(0, column - 70) : column])
        self.suggestion = ""
        if begun and line[column : column + 1].strip() == "":
            typed = begun[1].lower()
            found = (one for one in self.logins if one.lower().startswith(typed))
            self.suggestion = next((one[len(typed) :] for one in found), "")


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
