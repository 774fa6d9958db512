"""The header: program, who works here, counts, marks, jobs and mail, the time."""

from textual import events
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from deskterm.domain.patterns import pattern
from deskterm.domain.text import clean

FACTS = 28
"""Cells that what is wrong with the mail leaves to the facts: a period is whole then."""
TROUBLE = 18
"""Cells that say what is wrong, even where there is little room."""

_NOUN = pattern(r" notices?\b")
_FINE = pattern(r"\b\w+ ✓(?: \([^)]{0,40}\))? ")
"""What is well: it gives way to what is not."""


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
    trouble: reactive[bool] = reactive(False)
    """Whether a person should look at what `jobs` says."""
    clock: reactive[str] = reactive("")

    async def on_click(self, event: events.Click) -> None:
        """Show the notices, or the mail queue, where they were clicked."""
        _, news, jobs, clock = self._parts()
        end = self.size.width - clock.cell_length
        begin = end - jobs.cell_length
        if begin <= event.x < end:
            await self.run_action("screen.run_named('letters')")
        elif self.notices and begin - news.cell_length <= event.x < begin:
            await self.run_action("screen.run_named('notices')")

    def render(self) -> Content:
        """Give the line."""
        left, news, jobs, clock = self._parts()
        news = news.stylize("bold $warning")
        if self.trouble:
            return Content("").join([left, news, jobs.stylize("bold $error"), clock.stylize("dim")])
        return Content("").join([left, news, (jobs + clock).stylize("dim")])

    def _parts(self) -> tuple[Content, Content, Content, Content]:
        """Give who and facts, notices, jobs, clock.

        Facts give way to the right end, but not all of them to what is wrong with the mail: where
        there is no room for both, the notices are a number without its noun.
        """
        left = Content.assemble(
            " ", ("deskterm  ", "bold $accent"), clean(self.who, one_line=True), "  "
        )
        clock = Content(clean(f"   {self.clock} ", one_line=False))
        facts = Content(clean(self.facts, one_line=True))
        room = self.size.width - left.cell_length - clock.cell_length
        tight = self.trouble and room < _news(self.notices).cell_length + FACTS + TROUBLE
        news = _news(_NOUN.sub("", self.notices) if tight else self.notices)
        room -= news.cell_length
        jobs = Content(clean(_FINE.sub("", self.jobs) if tight else self.jobs, one_line=True))
        if self.trouble:
            most = max(TROUBLE, room - min(FACTS, facts.cell_length) - 1)
            jobs = jobs.truncate(min(most, max(0, room)), ellipsis=True)
        facts = facts.truncate(max(0, room - jobs.cell_length), ellipsis=True, pad=True)
        return left + facts, news, jobs, clock


def _news(words: str) -> Content:
    return Content(clean(f"{words}  " if words else "", one_line=False))
