"""The header: program, who works here, counts, marks, jobs and mail, the time."""

from dataclasses import dataclass

from rich.cells import cell_len
from textual import events
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from deskterm.domain.text import clean


class StatusLine(Widget):
    """One line at the top; the screen pushes what it knows."""

    DEFAULT_CSS = """
    StatusLine { dock: top; height: 1; background: $panel; color: $foreground; }
    """

    who: reactive[str] = reactive("")
    facts: reactive[str] = reactive("")
    """What the screen wants said: `42 open  2 marked` or a ticket's title."""
    notices: reactive[str] = reactive("")
    """`✉ 3 notices`: what the one who sits here is told of."""
    jobs: reactive[str] = reactive("")
    """`work ✓ mail ✓` and what is wrong with them."""
    clock: reactive[str] = reactive("")

    @dataclass
    class NoticesAsked(Message):
        """The count of notices was clicked."""

    def on_click(self, event: events.Click) -> None:
        """Tell that the notices were clicked."""
        end = self.size.width - cell_len(self._right)
        if self.notices and end - cell_len(self.notices) - 2 <= event.x < end:
            self.post_message(self.NoticesAsked())

    @property
    def _right(self) -> str:
        return clean(f"{self.jobs}   {self.clock} ", one_line=False)

    def render(self) -> Content:
        """Give the line; facts give way to the right end."""
        left = Content.assemble(
            " ", ("deskterm  ", "bold $accent"), clean(self.who, one_line=True), "  "
        )
        right = self._right
        news = clean(f"{self.notices}  " if self.notices else "", one_line=False)
        room = max(0, self.size.width - left.cell_length - cell_len(news + right))
        facts = Content(clean(self.facts, one_line=True)).truncate(room, ellipsis=True, pad=True)
        parts = [left, facts, Content.styled(news, "bold $warning"), Content.styled(right, "dim")]
        return Content("").join(parts)
