"""Writing a letter's words on the screen: a text area; what cannot be rendered keeps it open."""

from collections.abc import Iterable
from typing import ClassVar

from textual.widget import Widget
from textual.widgets import TextArea

from deskterm.domain.mail_rows import LetterWordsRow
from deskterm.screens.dialogs.base import Dialog
from deskterm.widgets.typed import PlainArea


class EditWords(Dialog[str]):
    """Gives the new words."""

    HINT: ClassVar[str] = "^s keeps them · Esc leaves, nothing is kept"

    def __init__(self, row: LetterWordsRow, text: str, wrong: str = "") -> None:
        super().__init__(f"Letter {row.name} ({row.language})")
        self._text = text
        self._wrong = wrong

    def fields(self) -> Iterable[Widget]:
        """Give the text area."""
        yield PlainArea(self._text, id="text", tab_behavior="focus")

    def on_mount(self) -> None:
        """Say what was wrong with what was written."""
        self.query_one(TextArea).focus()
        if self._wrong:
            self.refuse(self._wrong)

    def answer(self) -> str | None:
        """Give the words."""
        text = self.query_one(TextArea).text
        if not text.strip():
            self.refuse("A letter needs words; x on the list goes back to the first ones.")
            return None
        return text
