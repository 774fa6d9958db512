"""The head of a walk: ticket, guide and version; how far; how long."""

from datetime import datetime

from rich.cells import cell_len
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from deskterm.domain.text import clean
from deskterm.guides.view import RunView


class GuideHead(Widget):
    """One line; the count of steps and the time at the right are never cut."""

    DEFAULT_CSS = """
    GuideHead { height: 1; background: $surface; color: $foreground; }
    """

    view: reactive[RunView | None] = reactive(None)
    now: reactive[datetime | None] = reactive(None)
    begun: reactive[datetime | None] = reactive(None)
    """When this sitting began."""

    def render(self) -> Content:
        """Give the line."""
        view = self.view
        if view is None:
            return Content.styled(" Opening the guide …", "$text-muted")
        right = f"{step_words(view)}   {self._time()} "
        number = f" #{view.ticket} · " if view.ticket is not None else " Rehearsal · "
        title = clean(view.title, one_line=True)
        through = f" › {clean(view.through, one_line=True)}" if view.through else ""
        left = Content.assemble(
            (number, "bold $accent"),
            (title, "bold"),
            through,
            (f", version {view.guide_version}", "$text-muted"),
        )
        room = max(1, self.size.width - cell_len(right))
        return Content.assemble(left.truncate(room, ellipsis=True, pad=True), right)

    def _time(self) -> str:
        if self.now is None or self.begun is None:
            return "0:00:00"
        seconds = max(0, int((self.now - self.begun).total_seconds()))
        return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def step_words(view: RunView) -> str:
    """Give how far the walk is."""
    if view.conclusion is not None:
        return f"the end, after {view.step} answers"
    return f"step {view.step} of about {max(view.about, view.step)}"
