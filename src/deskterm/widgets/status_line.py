"""The header: program, who works here, counts, marks, jobs and mail, the time."""

from rich.cells import cell_len
from textual.content import Content
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

    def render(self) -> Content:
        """Give the line; facts give way to the right end."""
        left = Content.assemble(
            " ", ("deskterm  ", "bold $accent"), clean(self.who, one_line=True), "  "
        )
        right = clean(f"{self.jobs}   {self.clock} ", one_line=False)
        news = clean(f"{self.notices}  " if self.notices else "", one_line=False)
        room = max(0, self.size.width - left.cell_length - cell_len(news + right))
        facts = Content(clean(self.facts, one_line=True)).truncate(room, ellipsis=True, pad=True)
        parts = [left, facts, Content.styled(news, "bold $warning"), Content.styled(right, "dim")]
        return Content("").join(parts)
