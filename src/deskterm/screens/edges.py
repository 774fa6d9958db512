"""What head and foot of every screen say: notices, jobs and mail, a database that is lost."""

from textual.app import App

from deskterm.widgets.key_bar import KeyBar
from deskterm.widgets.status_line import StatusLine


class Edges:
    """The edges of all screens of an app; a screen that comes later takes what was said."""

    def __init__(self, app: App[None]) -> None:
        self._app = app
        self._jobs, self._trouble = "", False
        self._notices = ""
        self.lost = ""
        """What is wrong with the database; empty: nothing is."""

    def dress(self, line: StatusLine) -> None:
        """Let a new head say what the others do."""
        line.jobs, line.trouble, line.notices = self._jobs, self._trouble, self._notices

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

    def show_trouble(self, text: str) -> None:
        """Show what is wrong with the database; empty: nothing is."""
        if text != self.lost:
            self.lost = text
            for screen in self._app.screen_stack:
                for bar in screen.query(KeyBar):
                    bar.trouble = text

    def _heads(self) -> list[StatusLine]:
        return [line for screen in self._app.screen_stack for line in screen.query(StatusLine)]
