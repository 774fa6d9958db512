"""Where people type and paste: what stands there is exact, what is drawn can never act."""

from rich.text import Text
from textual.widgets import Input, TextArea

from deskterm.domain.text import visible


class PlainArea(TextArea):
    """A text area that draws control and bidirectional characters as signs."""

    DEFAULT_CSS = ""

    def get_line(self, line_index: int) -> Text:
        """Give a line as it is drawn."""
        return Text(visible(self.document.get_line(line_index)), end="", no_wrap=True)


class PlainInput(Input):
    """An input that draws control and bidirectional characters as signs."""

    DEFAULT_CSS = ""

    @property
    def _value(self) -> Text:
        return Text(visible(self.value), no_wrap=True, overflow="ignore", end="")
