"""The words of letters: every letter at the left, at the right how it would look; edited here."""

import os
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from textual import on
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.reactive import var
from textual.widget import Widget
from textual.widgets import OptionList, Static

from deskterm.domain import clock
from deskterm.domain.errors import DeskError
from deskterm.domain.mail_rows import LetterPreview, LetterWordsRow
from deskterm.domain.rows import Done
from deskterm.screens.actions import bindings
from deskterm.screens.listed import Listed
from deskterm.screens.words.lines import SHOWN, head_content, letter_content, lines
from deskterm.screens.work import Order, Seen
from deskterm.widgets.line_list import LineList
from deskterm.widgets.status_line import StatusLine
from deskterm.widgets.text_pane import TextPane

if TYPE_CHECKING:
    from deskterm.screens.desk import Desk


class Shown(NamedTuple):
    """The letter in hand, read from the desk."""

    preview: LetterPreview
    template: str


class WordsScreen(Listed):
    """A list of letters and the one in hand; l goes through the languages, e edits."""

    NAME = "words"
    CSS_PATH = "screen.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("words")]

    view: var[int] = var(0)
    """Of SHOWN."""
    language: var[str] = var("en")
    rows: Sequence[LetterWordsRow] = ()
    ticket: int | None = None
    """Whose facts fill the letter; None: made-up ones."""
    _shown: Shown | None = None

    def body(self) -> Iterable[Widget]:
        """Give what is shown, the list and the letter."""
        yield Static(id="head")
        with Horizontal(id="both"):
            yield LineList(id="list")
            yield TextPane(id="letter")

    # --- reading ----------------------------------------------------------------------

    def on_mount(self) -> None:
        """Keep the keys from the letter."""
        self.query_one("#letter", TextPane).can_focus = False

    def read(self) -> None:
        """Read which letters there are, and whose words they have."""
        self.load(lambda desk: desk.letter_words.list(), self._show_list, "list")

    def _show_list(self, rows: Sequence[LetterWordsRow]) -> None:
        self.rows = rows
        self.listing.show(lines(self._here))
        self.query_one(StatusLine).clock = clock.now().astimezone().strftime("%H:%M")
        self.read_letter()

    @property
    def _here(self) -> list[LetterWordsRow]:
        return [row for row in self.rows if row.language == self.language]

    @property
    def in_hand(self) -> LetterWordsRow | None:
        """The letter under the cursor, in the language shown."""
        name = self.name_in_hand
        return next((row for row in self._here if row.name == name), None)

    def read_letter(self) -> None:
        """Read the letter in hand as it would look."""
        row, ticket = self.in_hand, self.ticket
        if row is None:
            return

        def ask(desk: "Desk") -> Shown:
            words = desk.letter_words
            return Shown(
                words.preview(row.name, row.language, ticket), words.text(row.name, row.language)
            )

        self.load(ask, self._show_letter, "letter", self._no_letter)

    def _show_letter(self, shown: Shown) -> None:
        self._shown = shown
        self._draw()

    def _no_letter(self, error: DeskError) -> None:
        self.ticket = None
        self.desk_app.say_error(error)

    # --- drawing ------------------------------------------------------------------------

    def _draw(self) -> None:
        if not self.is_mounted or self._shown is None:
            return
        about = f"about #{self.ticket}" if self.ticket is not None else ""
        head = head_content(self.in_hand, self.view, about)
        self.query_one("#head", Static).update(head)
        letter = letter_content(self.view, self._shown.preview, self._shown.template)
        self.query_one("#letter", TextPane).show(letter)

    def watch_view(self) -> None:
        """Draw the letter anew."""
        self._draw()

    @on(OptionList.OptionHighlighted, "#list")
    def _moved(self) -> None:
        self.query_one("#letter", TextPane).move_to_end(last=False)
        self.read_letter()

    def chosen_text(self) -> str:
        """Give what `Y` copies: the template."""
        return self._shown.template if self._shown else ""

    # --- doing ----------------------------------------------------------------------------

    @on(OptionList.OptionSelected, "#list")
    def _clicked(self) -> None:
        self.listing.focus()

    def action_words_edit(self) -> None:
        """Write the letter in one's own words."""
        if self.in_hand is not None and self._shown is not None:
            self._edit(self.in_hand, self._shown.template)

    def _edit(self, row: LetterWordsRow, text: str, wrong: str = "") -> None:
        from deskterm.screens.words.editing import EditWords

        def written(new: str | None) -> None:
            if new is not None:
                self._try(row, new)

        self.app.push_screen(EditWords(row, text, wrong), written)

    def action_words_editor(self) -> None:
        """Write it in the technician's own editor."""
        from deskterm.screens.editing import edit_text, editor_command

        if self.in_hand is None or self._shown is None:
            return
        try:
            command = editor_command(str(self.desk_app.settings["editor"]), os.environ)
            text = edit_text(self.desk_app, command, self._shown.template)
        except DeskError as error:
            self.desk_app.say_error(error)
            return
        self._try(self.in_hand, text)

    def _try(self, row: LetterWordsRow, text: str) -> None:
        """Keep the words where they can be rendered; else go on writing with what is wrong."""
        if self._shown is not None and text.rstrip("\n") == self._shown.template.rstrip("\n"):
            self.say("Nothing was altered.")
            return

        def wrong(error: DeskError) -> None:
            self._edit(row, text, str(error))

        self.load(
            lambda desk: desk.letter_words.check(row.name, text, row.language),
            lambda _: self.write(_setting(row, text)),
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
                self.write(_setting(row, None))

        question = f"Take your words of {row.name} ({row.language}) away? u brings them back."
        self.app.push_screen(AskDialog("Reset", question), decided)

    def action_words_language(self) -> None:
        """To the next language."""
        known = list(dict.fromkeys(row.language for row in self.rows)) or [self.language]
        at = known.index(self.language) if self.language in known else -1
        self.language = known[(at + 1) % len(known)]
        self.listing.show(lines(self._here))
        self.read_letter()

    def action_words_show(self) -> None:
        """As it would look, the template, the HTML."""
        self.view = (self.view + 1) % len(SHOWN)

    def action_words_ticket(self) -> None:
        """Fill the letter with the facts of a ticket."""
        from deskterm.screens.dialogs.ask import LineDialog

        def chosen(text: str | None) -> None:
            digits = (text or "").strip().removeprefix("#")
            if text is not None:
                self.ticket = int(digits) if digits.isascii() and digits.isdigit() else None
                self.read_letter()

        question = "The number of a ticket; empty: a made-up one."
        self.app.push_screen(LineDialog("Fill the letter", question), chosen)

    def pager(self) -> TextPane:
        """Give the letter: the page keys scroll it."""
        return self.query_one("#letter", TextPane)


def _setting(row: LetterWordsRow, text: str | None) -> Order:
    """Give the order to keep words, or with None to go back to the first ones."""

    def run(desk: "Desk", operation: str, _: Seen) -> Done:
        desk.letter_words.set(row.name, text, row.language, op_id=operation)
        return Done(operation, "letter template", ())

    whose = "the first" if text is None else "your"
    return Order(f"Letter {row.name} ({row.language}) has {whose} words", run)
