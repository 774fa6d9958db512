"""The line below a list in which words are typed that lines must have."""

from dataclasses import dataclass

from textual import on
from textual.message import Message
from textual.widgets import Input

from deskterm.widgets.typed import PlainInput


class FilterLine(PlainInput):
    """Has the keys only while it is written in; is seen while it has words or the keys."""

    DEFAULT_CSS = """
    FilterLine { border: none; height: 1; padding: 0 1; background: $surface; display: none; }
    FilterLine:focus { border: none; background: $panel; }
    FilterLine.-open { display: block; }
    """

    @dataclass
    class Left(Message):
        """The words are written: the keys go back to the list."""

    def __init__(self, asks: str) -> None:
        super().__init__(placeholder=asks, id="filter", select_on_focus=False)
        self.can_focus = False

    def begin(self) -> None:
        """Take the keys."""
        self.add_class("-open")
        self.can_focus = True
        self.focus()

    @on(Input.Submitted)
    def end(self) -> None:
        """Give the keys back; the words stay in force."""
        self.post_message(self.Left())
        self.can_focus = False
        self.set_class(bool(self.value), "-open")

    def step_back(self) -> bool:
        """Give the keys back, else forget the words; False where there is nothing to take back."""
        if self.has_focus:
            self.end()
        elif self.value:
            self.value = ""
            self.remove_class("-open")
        else:
            return False
        return True
