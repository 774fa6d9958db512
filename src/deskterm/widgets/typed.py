"""Where people type and paste: what stands there is exact, what is drawn can never act."""

from typing import TYPE_CHECKING, Any

from rich.text import Text
from textual.widgets import Input, TextArea

from deskterm.domain.patterns import pattern
from deskterm.domain.text import visible

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
