"""A line that takes one of some names: typed, completed, or gone through with the arrows."""

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.suggester import SuggestFromList

from deskterm.domain.text import clean
from deskterm.widgets.typed import PlainInput

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
        names: Sequence[str] = (),
        *,
        hint: str = "",
        id: str | None = None,  # noqa: A002 - Textual's word
    ) -> None:
        super().__init__(value, id=id)
        self._hint = hint
        self.names: Sequence[str] = ()
        """What it may be; anything where there is nothing."""
        self.offer(names)

    def offer(self, names: Sequence[str]) -> None:
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
