"""The popup with the keys of a screen; it filters as you type."""

from collections.abc import Iterable, Mapping
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from deskterm.screens.action import Action
from deskterm.screens.actions import for_screen, key_label, keys_of
from deskterm.screens.dialogs.base import Dialog


class HelpDialog(Dialog[str]):
    """All keys of one screen under their headings. Enter runs the first one shown."""

    HINT = "type to filter · Enter runs the first · Esc leaves"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("f1", "dismiss_dialog", "Leave")]

    def __init__(self, screen_name: str, keymap: Mapping[str, str]) -> None:
        super().__init__("Keys")
        self._actions = for_screen(screen_name)
        self._keymap = keymap
        self._shown = self._actions

    def fields(self) -> Iterable[Widget]:
        """Give the filter and the list."""
        yield Input(placeholder="filter, e.g. escalate", id="filter")
        yield Static(self._listing(), id="keys")

    @on(Input.Changed, "#filter")
    def _filter(self, event: Input.Changed) -> None:
        words = event.value.lower().split()
        self._shown = [one for one in self._actions if _fits(one, words)]
        self.query_one("#keys", Static).update(self._listing())

    def answer(self) -> str | None:
        """Give the name of the first action shown; none fits: say so."""
        if not self._shown or not self.query_one("#filter", Input).value.strip():
            self.refuse("Type a word that is in the list.")
            return None
        return self._shown[0].id

    def _listing(self) -> Content:
        lines: list[Content] = []
        heading = ""
        groups = list(dict.fromkeys(one.group for one in self._shown))
        for action in sorted(self._shown, key=lambda one: groups.index(one.group)):
            if action.group != heading:
                heading = action.group
                lines.append(Content.styled(heading, "bold underline"))
            keys = " ".join(key_label(key) for key in keys_of(action, self._keymap)[:2])
            lines.append(
                Content.assemble("  ", (f"{keys:<9}", "bold $accent"), f"{action.label:<12} ",
                                 (action.help, "$text-muted"))
            )  # fmt: skip
        return Content("\n").join(lines) if lines else Content("No key fits.")


def _fits(action: Action, words: list[str]) -> bool:
    text = f"{action.keys} {key_label(action.keys.split(',')[0])} {action.label} {action.help}"
    return all(word in text.lower() for word in words)
