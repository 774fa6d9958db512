"""Reading what the last shift left, and leaving something to the next."""

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input

from deskterm.domain.handovers import HandoverRow, Item, lines_of
from deskterm.domain.text import clean
from deskterm.screens.dialogs.ask import ReadDialog
from deskterm.screens.dialogs.base import Dialog
from deskterm.widgets.text_pane import TextPane
from deskterm.widgets.typed import PlainInput


class HandedDialog(ReadDialog):
    """What others left; Enter: it is read."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "accept", "Read")]
    HINT = "j k move · Enter: I have read it · Esc leaves it on the board"

    def __init__(self, rows: Sequence[HandoverRow]) -> None:
        super().__init__("Handed over", Content("\n\n").join(map(row_content, rows)))


class HandOverDialog(Dialog[str]):
    """What the next shift will find, and a line of words."""

    HINT = "Enter hands it over · PgDn reads on · Esc leaves"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("pagedown", "page(1)", "On", priority=True),
        Binding("pageup", "page(-1)", "Back", priority=True),
    ]

    def __init__(self, items: Sequence[Item]) -> None:
        super().__init__("Hand over", "The next shift finds this on its board:")
        self._items = items

    def fields(self) -> Iterable[Widget]:
        """Give the list, and a line of words."""
        yield TextPane()
        yield PlainInput(placeholder="your words to them", id="line")

    def on_mount(self) -> None:
        """Fill the list; keys go into the words."""
        pane = self.query_one(TextPane)
        pane.show(items_content(self._items) or Content("Nothing is open; your words are all."))
        self.query_one("#line", Input).focus()

    def action_page(self, by: int) -> None:
        """Move the list."""
        self.query_one(TextPane).move_page(by)

    def answer(self) -> str:
        """Give the words."""
        return self.query_one("#line", Input).value.strip()


def row_content(row: HandoverRow) -> Content:
    """Give a hand-over as it is read: who and when, the words, the list."""
    when = row.at.astimezone()
    head = clean(f"{row.login} · {when:%a} {when.day} {when:%b %H:%M}", one_line=True)
    parts = [Content.styled(head, "bold $accent")]
    parts += [Content(clean(row.words))] if row.words else []
    parts += [items_content(row.items)] if row.items else []
    return Content("\n").join(parts)


def items_content(items: Sequence[Item]) -> Content:
    """Give the parts of a list under their headings."""
    return Content("\n").join(
        Content.styled(line, "bold") if heading else Content(f"  {clean(line, one_line=True)}")
        for line, heading in lines_of(items)
    )
