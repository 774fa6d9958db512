"""The words of letters: every letter at the left, at the right how it would look; edited here."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.content import Content
from textual.reactive import var

from deskterm.domain.errors import DeskError
from deskterm.domain.mail_rows import LetterWordsRow
from deskterm.screens.action import Flow
from deskterm.screens.actions import bindings
from deskterm.screens.listing import ListScreen, Read
from deskterm.screens.wording import verbs
from deskterm.screens.wording.lines import head_content, letter_content, lines
from deskterm.screens.wording.verbs import Shown
from deskterm.widgets.line_list import Line

if TYPE_CHECKING:
    from deskterm.screens.desk import Desk


class WordingScreen(ListScreen[LetterWordsRow]):
    """A list of letters and the one in hand; l goes through the languages, e edits."""

    NAME = "wording"
    FLOWS: ClassVar[Mapping[str, Flow]] = verbs.FLOWS
    KIND = "letter"
    KEY = "name"
    CSS_PATH = "screen.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("wording")]
    BESIDE = True

    shape: var[int] = var(0)
    """Of SHOWN: how the letter is shown."""
    language: var[str] = var("en")
    client: str = ""
    """To whose people the letters go; empty: to everybody."""
    ticket: int | None = None
    """Whose facts fill the letter; None: made-up ones."""
    letter: Shown | None = None
    """The letter in hand, read from the desk."""

    def read(self, desk: "Desk") -> Read[LetterWordsRow]:
        """Read which letters there are, and whose words they have."""
        return Read(desk.wording.list(client=self.client))

    @property
    def every(self) -> Sequence[LetterWordsRow]:
        """The letters in all languages."""
        return self.told.rows

    def fitting(self) -> Sequence[LetterWordsRow]:
        """Give the letters in the language shown."""
        return [row for row in self.told.rows if row.language == self.language]

    def lines(self, rows: Sequence[LetterWordsRow]) -> list[Line]:
        """Give a line a letter."""
        return lines(rows)

    def head(self) -> Content:
        """Say which letter it is, in which language, and whose words these are."""
        about = f"about #{self.ticket}" if self.ticket is not None else ""
        return head_content(self.in_hand, self.shape, about, self.client)

    def chosen_text(self) -> str:
        """Give what `Y` copies: the template."""
        return self.letter.template if self.letter else ""

    def taken_up(self, row: LetterWordsRow | None) -> None:
        """Read the letter in hand as it would look."""
        if row is None:
            return
        ticket, client = self.ticket, self.client

        def ask(desk: "Desk") -> Shown:
            words = desk.wording
            return Shown(
                row.name,
                words.preview(row.name, row.language, ticket, client=client),
                words.text(row.name, row.language, client),
            )

        def show(letter: Shown) -> None:
            if self.letter is not None and self.letter.name != letter.name:
                self.part.page.move_to_end(last=False)
            self.letter = letter
            self.watch_shape()

        def refuse(error: DeskError) -> None:
            self.ticket = None
            self.desk_app.say_error(error)

        self.load(ask, show, "letter", refuse)

    def watch_shape(self) -> None:
        """Draw the letter anew."""
        if self.letter is not None:
            self.part.tell("head", self.head())
            words = letter_content(self.shape, self.letter.preview, self.letter.template)
            self.part.page.show(words)
