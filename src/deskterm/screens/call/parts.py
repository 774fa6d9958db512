"""The lines above and below the form of a call: the greeting with its clock, what is alike."""

from textual.reactive import var
from textual.widgets import Static

from deskterm.domain import clock
from deskterm.domain.greeting import Script
from deskterm.screens.call import known as words
from deskterm.screens.call.known import Alike


class ScriptLine(Static):
    """What to say and to ask, and how long the call takes already."""

    script: var[Script | None] = var(None)

    def __init__(self) -> None:
        super().__init__(id="script")
        self.began = clock.now()

    @property
    def seconds(self) -> int:
        """How long the call takes already."""
        return int((clock.now() - self.began).total_seconds())

    def begin(self) -> None:
        """Let a new call begin now."""
        self.began = clock.now()
        self.draw()

    def watch_script(self) -> None:
        """Draw the greeting."""
        if self.is_mounted:
            self.draw()

    def draw(self) -> None:
        """Draw greeting and clock."""
        self.update(words.script_lines(self.script, self.seconds, self.screen.size.width - 2))


class AlikeLine(Static):
    """What reads like the call: open tickets, problems, solutions, a category."""

    alike: var[Alike] = var(Alike())
    linked: var[str] = var("")
    """The problem or open ticket that the new one will be linked to: `P7`, `#12`."""

    def __init__(self) -> None:
        super().__init__(id="alike")

    def watch_alike(self) -> None:
        """Draw what is alike; a link to what is no longer alike is not kept."""
        if self.linked not in self.alike.links:
            self.linked = ""
        self._draw()

    def watch_linked(self) -> None:
        """Draw what will be linked."""
        self._draw()

    def _draw(self) -> None:
        if self.is_mounted:
            self.update(words.alike_words(self.alike, self.linked))
