"""The footer: as many short items as fit, `?` first; what was said stands in their place."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, Literal, NamedTuple

from rich.cells import cell_len
from textual import events
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from deskterm.widgets.telling import Telling
from deskterm.widgets.wrapping import wrapped

Severity = Literal["information", "warning", "error"]
SIGNS: Final = {"information": "", "warning": "! ", "error": "✗ "}
"""What stands before a sentence, so that colour is not all that tells it is bad news."""
STYLES: Final = {
    "information": "bold $accent",
    "warning": "bold $warning",
    "error": "bold $error",
}
MOST = 4
"""Lines of a footer that what is said may take; the rest is in the list of what was said."""


class Told(NamedTuple):
    """One thing that was said; the text is clean."""

    text: str
    severity: Severity
    at: datetime


NARROW_ITEMS = 7
"""Items shown below 100 columns."""


class KeyItem(NamedTuple):
    """One item of the footer: the action's name, its key as shown, its label."""

    action: str
    key: str
    label: str
    enabled: bool = True


class KeyBar(Widget):
    """One line of keys. The last item (the palette) keeps its place at the right."""

    DEFAULT_CSS = """
    KeyBar { dock: bottom; height: 1; background: $panel; color: $foreground; }
    KeyBar.-quiet { display: none; }
    """

    items: reactive[tuple[KeyItem, ...]] = reactive(())
    trouble: reactive[str] = reactive("")
    """A sentence that replaces the keys' right end, e.g. that the connection is lost."""

    said: reactive[tuple[Told, ...]] = reactive(())
    """What was said and not yet read: it takes the place of the keys until one is pressed."""

    class Chosen(Telling):
        """An item was clicked."""

        action: str

    def __init__(self, *, only_said: bool = False) -> None:
        super().__init__()
        self._only_said = only_said
        """A dialog names its keys itself: its footer is there only while something is said."""
        self.set_class(only_said, "-quiet")

    def watch_said(self) -> None:
        """Take the lines that are needed, and no more."""
        lines = max(1, len(self._said_lines()))
        if self.styles.height is None or self.styles.height.value != lines:
            self.styles.height = lines
        self.set_class(self._only_said and not self.said, "-quiet")

    def on_resize(self) -> None:
        """Other columns may need other lines."""
        self.watch_said()

    def _said_lines(self) -> list[Content]:
        return said_lines(self.said, self.app.size.width - _room(self.trouble))

    def shown(self) -> list[KeyItem]:
        """Give the items that fit the width, in order."""
        room = self.size.width - _room(self.trouble)
        items = list(self.items)
        if self.size.width < 100 and len(items) > NARROW_ITEMS:
            items = [*items[: NARROW_ITEMS - 1], items[-1]]
        while len(items) > 1 and sum(map(_width, items)) > room:
            items.pop(-2 if len(items) > 2 else -1)
        return items

    def render(self) -> Content:
        """Give what was said, else the keys: bold, their labels plain."""
        parts: list[Content] = [
            Content("\n").join(self._said_lines()) if self.said else Content(" ")
        ]
        for item in () if self.said else self.shown():
            key, label = ("bold $accent", "") if item.enabled else ("dim", "dim")
            parts.append(Content.styled(f"{item.key} ", key))
            parts.append(Content.styled(f"{item.label}  ", label))
        if self.trouble:
            parts.append(Content.styled(f" {self.trouble} ", "bold $error"))
        return Content("").join(parts)

    def on_click(self, event: events.Click) -> None:
        """Run the clicked item; what was said is shown again with all that was said before."""
        if self.said:
            self.post_message(self.Chosen("messages"))
            return
        at = 1
        for item in self.shown():
            if at <= event.x < at + _width(item):
                self.post_message(self.Chosen(item.action))
                return
            at += _width(item)


def _width(item: KeyItem) -> int:
    return cell_len(item.key) + cell_len(item.label) + 3


def _room(trouble: str) -> int:
    return cell_len(trouble) + 3 if trouble else 0


def said_lines(said: Sequence[Told], width: int) -> list[Content]:
    """Give the lines for what stands, the newest last; what has no room is counted."""
    lines = [
        Content.styled(f" {line}", STYLES[one.severity])
        for one in said
        for line in wrapped(SIGNS[one.severity] + one.text, width - 2)
    ]
    if len(lines) <= MOST:
        return lines
    more = len(lines) - MOST + 1
    return [*lines[: MOST - 1], Content.styled(f" … {more} more lines · H shows them", "bold")]
