"""The footer: at most as many short items as fit, `?` first; an item can be clicked."""

from dataclasses import dataclass

from rich.cells import cell_len
from textual import events
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

NARROW_ITEMS = 7
"""Items shown below 100 columns."""


@dataclass(frozen=True, slots=True)
class KeyItem:
    """One item of the footer: the action's name, its key as shown, its label."""

    action: str
    key: str
    label: str
    enabled: bool = True


class KeyBar(Widget):
    """One line of keys. The last item (the palette) keeps its place at the right."""

    DEFAULT_CSS = """
    KeyBar { dock: bottom; height: 1; background: $panel; color: $foreground; }
    """

    items: reactive[tuple[KeyItem, ...]] = reactive(())
    trouble: reactive[str] = reactive("")
    """A sentence that replaces the keys' right end, e.g. that the connection is lost."""

    @dataclass
    class Chosen(Message):
        """An item was clicked."""

        action: str

    def shown(self) -> list[KeyItem]:
        """Give the items that fit the width, in order."""
        room = self.size.width - (cell_len(self.trouble) + 3 if self.trouble else 0)
        items = list(self.items)
        if self.size.width < 100 and len(items) > NARROW_ITEMS:
            items = [*items[: NARROW_ITEMS - 1], items[-1]]
        while len(items) > 1 and sum(map(_width, items)) > room:
            items.pop(-2 if len(items) > 2 else -1)
        return items

    def render(self) -> Content:
        """Give the line: keys bold, labels plain."""
        parts: list[Content] = [Content(" ")]
        for item in self.shown():
            key, label = ("bold $accent", "") if item.enabled else ("dim", "dim")
            parts.append(Content.styled(f"{item.key} ", key))
            parts.append(Content.styled(f"{item.label}  ", label))
        if self.trouble:
            parts.append(Content.styled(f" {self.trouble} ", "bold $error"))
        return Content("").join(parts)

    def on_click(self, event: events.Click) -> None:
        """Run the clicked item."""
        at = 1
        for item in self.shown():
            if at <= event.x < at + _width(item):
                self.post_message(self.Chosen(item.action))
                return
            at += _width(item)


def _width(item: KeyItem) -> int:
    return cell_len(item.key) + cell_len(item.label) + 3
