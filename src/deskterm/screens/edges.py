"""What head and foot of every screen say: notices, jobs, a database that is lost, what was done."""

from collections import deque

from textual.app import App
from textual.dom import DOMNode

from deskterm.domain import clock
from deskterm.domain.text import clean
from deskterm.widgets.key_bar import KeyBar, Severity, Told
from deskterm.widgets.status_line import StatusLine

KEPT = 200
"""So much of what was said can be seen again."""


class Edges:
    """The edges of all screens of an app; a screen that comes later takes what was said."""

    def __init__(self, app: App[None]) -> None:
        self._app = app
        self._jobs, self._trouble = "", False
        self._notices = ""
        self.lost = ""
        """What is wrong with the database; empty: nothing is."""
        self.reasons: set[str] = set()
        """Why, as was said since it answered last."""
        self.said: deque[Told] = deque(maxlen=KEPT)
        """What was said since the start, the newest last."""
        self._standing: tuple[Told, ...] = ()
        """What was said since the last key."""

    def dress(self, screen: DOMNode) -> None:
        """Let a new screen or dialog say what the others do."""
        for line in screen.query(StatusLine):
            line.jobs, line.trouble, line.notices = self._jobs, self._trouble, self._notices
        for bar in screen.query(KeyBar):
            bar.trouble, bar.said = self.lost, self._standing

    def say(self, text: str, severity: Severity) -> None:
        """Say something until the next key; once, however often it comes meanwhile."""
        one = Told(clean(text).strip(), severity, clock.now())
        if one.text not in {other.text for other in self._standing}:
            self.said.append(one)
            self._stand((*self._standing, one))

    def read(self) -> None:
        """Take away what was said: a key was pressed after it."""
        if self._standing:
            self._stand(())

    def _stand(self, said: tuple[Told, ...]) -> None:
        self._standing = said
        for bar in self._feet():
            bar.said = said

    def show_jobs(self, status: str, trouble: bool = False) -> None:
        """Show how inbox and outbox stand, and whether a person should look."""
        self._jobs, self._trouble = status, trouble
        for line in self._heads():
            line.jobs, line.trouble = status, trouble

    def show_notices(self, words: str) -> None:
        """Show how the notices stand."""
        self._notices = words
        for line in self._heads():
            line.notices = words

    def lose(self, why: str, text: str) -> None:
        """Show that the database does not answer, and say each reason once until it does.

        A login that is shut meanwhile is told only by the server's answer to the next try.
        """
        if why not in self.reasons:
            self.reasons.add(why)
            self.say(why, "error")
        self.show_trouble(text)

    def show_trouble(self, text: str) -> None:
        """Show what is wrong with the database; empty: nothing is."""
        if not text:
            self.reasons.clear()
        if text != self.lost:
            self.lost = text
            for bar in self._feet():
                bar.trouble = text

    def _heads(self) -> list[StatusLine]:
        return [line for screen in self._app.screen_stack for line in screen.query(StatusLine)]

    def _feet(self) -> list[KeyBar]:
        return [bar for screen in self._app.screen_stack for bar in screen.query(KeyBar)]
