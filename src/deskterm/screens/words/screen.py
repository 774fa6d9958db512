"""The words of letters: every letter at the left, at the right how it would look; edited here."""

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from textual.binding import BindingType
from textual.content import Content
from textual.reactive import var

from deskterm.domain.asking import How
from deskterm.domain.errors import DeskError
from deskterm.domain.mail_rows import LetterPreview, LetterWordsRow
from deskterm.domain.rows import Done
from deskterm.screens.actions import bindings
from deskterm.screens.listing import ListScreen, Read
from deskterm.screens.order import Order
from deskterm.screens.words.lines import SHOWN, head_content, letter_content, lines
from deskterm.widgets.line_list import Line

if TYPE_CHECKING:
    from deskterm.screens.desk import Desk


class Shown(NamedTuple):
    """The letter in hand, read from the desk."""

    name: str
    preview: LetterPreview
    template: str


class WordsScreen(ListScreen[LetterWordsRow]):
    """A list of letters and the one in hand; l goes through the languages, e edits."""

    NAME = "words"
    KIND = "letter"
    CSS_PATH = "screen.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("words")]
    BESIDE = True

    shape: var[int] = var(0)
    """Of SHOWN: how the letter is shown."""
    language: var[str] = var("en")
    ticket: int | None = None
    """Whose facts fill the letter; None: made-up ones."""
    _letter: Shown | None = None

    def read(self, desk: "Desk") -> Read[LetterWordsRow]:
        """Read which letters there are, and whose words they have."""
        return Read(desk.letter_words.list())

    def fitting(self) -> Sequence[LetterWordsRow]:
        """Give the letters in the language shown."""
        return [row for row in self.told.rows if row.language == self.language]

    def lines(self, rows: Sequence[LetterWordsRow]) -> list[Line]:
        """Give a line a letter."""
        return lines(rows)

    def name_of(self, row: LetterWordsRow) -> str:
        """Give its name."""
        return row.name

    def head(self) -> Content:
        """Say which letter it is, in which language, and whose words these are."""
        about = f"about #{self.ticket}" if self.ticket is not None else ""
        return head_content(self.in_hand, self.shape, about)

    def chosen_text(self) -> str:
        """Give what `Y` copies: the template."""
        return self._letter.template if self._letter else ""

    def taken_up(self, row: LetterWordsRow | None) -> None:
        """Read the letter in hand as it would look."""
        if row is None:
            return
        ticket = self.ticket

        def ask(desk: "Desk") -> Shown:
            words = desk.letter_words
            return Shown(
                row.name,
                words.preview(row.name, row.language, ticket),
                words.text(row.name, row.language),
            )

        self.load(ask, self._show_letter, "letter", self._no_letter)

    def _show_letter(self, shown: Shown) -> None:
        if self._letter is not None and self._letter.name != shown.name:
            self.part.page.move_to_end(last=False)
        self._letter = shown
        self.watch_shape()

    def _no_letter(self, error: DeskError) -> None:
        self.ticket = None
        self.desk_app.say_error(error)

    def watch_shape(self) -> None:
        """Draw the letter anew."""
        if self._letter is not None:
            self.part.tell("head", self.head())
            words = letter_content(self.shape, self._letter.preview, self._letter.template)
            self.part.page.show(words)

    # --- doing ----------------------------------------------------------------------------

    def action_words_edit(self) -> None:
        """Write the letter in one's own words."""
        if self.in_hand is not None and self._letter is not None:
            self._edit(self.in_hand, self._letter.template)

    def _edit(self, row: LetterWordsRow, text: str, wrong: str = "") -> None:
        from deskterm.screens.words.editing import EditWords

        def written(new: str | None) -> None:
            if new is not None:
                self._try(row, new)

        self.app.push_screen(EditWords(row, text, wrong), written)

    def action_words_editor(self) -> None:
        """Write it in the technician's own editor."""
        from deskterm.screens.editing import edit_text, editor_command

        if self.in_hand is None or self._letter is None:
            return
        try:
            command = editor_command(str(self.desk_app.settings["editor"]), os.environ)
            text = edit_text(self.app, command, self._letter.template)
        except DeskError as error:
            self.desk_app.say_error(error)
            return
        self._try(self.in_hand, text)

    def _try(self, row: LetterWordsRow, text: str) -> None:
        """Keep the words where they can be rendered; else go on writing with what is wrong."""
        if self._letter is not None and text.rstrip("\n") == self._letter.template.rstrip("\n"):
            self.say("Nothing was altered.")
            return

        def wrong(error: DeskError) -> None:
            self._edit(row, text, str(error))

        self.load(
            lambda desk: desk.letter_words.check(row.name, text, row.language),
            lambda _: self.desk_app.write(_setting(row, text)),
            "check",
            wrong,
        )

    def action_words_reset(self) -> None:
        """Go back to the first words, after asking."""
        from deskterm.screens.dialogs.ask import AskDialog

        row = self.in_hand
        if row is None:
            return
        if row.source != "desk":
            self.say(f"The letter {row.name} has the first words already.")
            return

        def decided(yes: bool | None) -> None:
            if yes:
                self.desk_app.write(_setting(row, None))

        question = f"Take your words of {row.name} ({row.language}) away? u brings them back."
        self.app.push_screen(AskDialog("Reset", question), decided)

    def action_words_language(self) -> None:
        """To the next language."""
        known = list(dict.fromkeys(row.language for row in self.told.rows)) or [self.language]
        at = known.index(self.language) if self.language in known else -1
        self.language = known[(at + 1) % len(known)]
        self.draw()

    def action_words_show(self) -> None:
        """As it would look, the template, the HTML."""
        self.shape = (self.shape + 1) % len(SHOWN)

    def action_words_ticket(self) -> None:
        """Fill the letter with the facts of a ticket."""
        from deskterm.screens.dialogs.ask import LineDialog

        def chosen(text: str | None) -> None:
            digits = (text or "").strip().removeprefix("#")
            if text is not None:
                self.ticket = int(digits) if digits.isascii() and digits.isdigit() else None
                self.taken_up(self.in_hand)

        question = "The number of a ticket; empty: a made-up one."
        self.app.push_screen(LineDialog("Fill the letter", question), chosen)


def _setting(row: LetterWordsRow, text: str | None) -> Order:
    """Give the order to keep words, or with None to go back to the first ones."""

    def run(desk: "Desk", how: How) -> Done:
        desk.letter_words.set(row.name, text, row.language, op_id=how.op_id)
        return Done(how.op_id or "", "letter template", ())

    whose = "the first" if text is None else "your"
    return Order(f"Letter {row.name} ({row.language}) has {whose} words", run)
