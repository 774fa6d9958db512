"""What is done with the words of a letter on their screen; what cannot be rendered stays open."""

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar, NamedTuple, Protocol

from textual.widget import Widget
from textual.widgets import TextArea

from deskterm.domain.asking import How
from deskterm.domain.errors import DeskError
from deskterm.domain.mail_rows import LetterPreview, LetterWordsRow
from deskterm.domain.rows import Done
from deskterm.screens.dialogs.base import Dialog
from deskterm.screens.flows import lists
from deskterm.screens.order import Order
from deskterm.screens.wording.lines import SHOWN
from deskterm.screens.work import look_up
from deskterm.widgets.typed import PlainArea

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from deskterm.screens.action import Flow
    from deskterm.screens.desk import Desk


class Shown(NamedTuple):
    """A letter as it would look, and its template."""

    name: str
    preview: LetterPreview
    template: str


class WordsOwner(lists.ListOwner, Protocol):
    """The screen of letters."""

    shape: int
    language: str
    client: str
    ticket: int | None
    letter: Shown | None

    @property
    def every(self) -> "Sequence[LetterWordsRow]":
        """The letters in all languages."""

    @property
    def in_hand(self) -> LetterWordsRow | None:
        """The letter under the cursor."""

    def draw(self) -> None:
        """Draw everything anew."""


def edit(owner: WordsOwner) -> None:
    """Write the letter in one's own words."""
    if owner.in_hand is not None and owner.letter is not None:
        _edit(owner, owner.in_hand, owner.letter.template)


def _edit(owner: WordsOwner, row: LetterWordsRow, text: str, wrong: str = "") -> None:

    def written(new: str | None) -> None:
        if new is not None:
            _try(owner, row, new)

    owner.app.push_screen(EditWords(row, text, wrong), written)


def elsewhere(owner: WordsOwner) -> None:
    """Write it in the technician's own editor."""
    from deskterm.screens.editing import edit_text, editor_command

    if owner.in_hand is None or owner.letter is None:
        return
    try:
        command = editor_command(str(owner.desk_app.settings["editor"]), os.environ)
        text = edit_text(owner.app, command, owner.letter.template)
    except DeskError as error:
        owner.desk_app.say_error(error)
        return
    _try(owner, owner.in_hand, text)


def _try(owner: WordsOwner, row: LetterWordsRow, text: str) -> None:
    """Keep the words where they can be rendered; else go on writing with what is wrong."""
    if owner.letter is not None and text.rstrip("\n") == owner.letter.template.rstrip("\n"):
        owner.desk_app.say("Nothing was altered.")
        return

    def wrong(error: DeskError) -> None:
        _edit(owner, row, text, str(error))

    look_up(
        owner,
        lambda desk: desk.wording.check(row.name, text, row.language),
        lambda _: owner.desk_app.write(_setting(row, text, owner.client)),
        "check",
        wrong,
    )


def reset(owner: WordsOwner) -> None:
    """Go back to the first words, after asking."""
    from deskterm.screens.dialogs.ask import AskDialog

    row = owner.in_hand
    if row is None:
        return
    client = owner.client
    if row.source != ("client" if client else "desk"):
        whose = f"no words of its own for {client}" if client else "the first words already"
        owner.desk_app.say(f"The letter {row.name} has {whose}.")
        return

    def decided(yes: bool | None) -> None:
        if yes:
            owner.desk_app.write(_setting(row, None, client))

    whose = f"the words for {client}" if client else "your words"
    question = f"Take {whose} of {row.name} ({row.language}) away? u brings them back."
    owner.app.push_screen(AskDialog("Reset", question), decided)


def next_language(owner: WordsOwner) -> None:
    """To the next language."""
    known = list(dict.fromkeys(row.language for row in owner.every)) or [owner.language]
    at = known.index(owner.language) if owner.language in known else -1
    owner.language = known[(at + 1) % len(known)]
    owner.draw()


def next_shape(owner: WordsOwner) -> None:
    """As it would look, the template, the HTML."""
    owner.shape = (owner.shape + 1) % len(SHOWN)


def fill(owner: WordsOwner) -> None:
    """Fill the letter with the facts of a ticket."""
    from deskterm.screens.dialogs.ask import LineDialog

    def chosen(text: str | None) -> None:
        digits = (text or "").strip().removeprefix("#")
        if text is not None:
            owner.ticket = int(digits) if digits.isascii() and digits.isdigit() else None
            owner.draw()

    question = "The number of a ticket; empty: a made-up one."
    owner.app.push_screen(LineDialog("Fill the letter", question), chosen)


def choose_client(owner: WordsOwner) -> None:
    """Show letters as a client's people get them; what is edited then is that client's own."""
    from deskterm.screens.dialogs.ask import PickDialog
    from deskterm.widgets.picker import Pick

    def ask(names: "Sequence[str]") -> None:
        def chosen(name: str | None) -> None:
            if name is not None:
                owner.client = "" if name == _EVERYBODY else name
                owner.draw()

        if not names:
            owner.desk_app.say("No organisation is a client that is kept apart (F3).", "warning")
            return
        picks = [Pick(one, one) for one in (_EVERYBODY, *names)]
        question = "To whose people? Words that are edited then are theirs alone."
        owner.app.push_screen(PickDialog("Letters to a client", picks, question), chosen)

    look_up(owner, _clients, ask, "clients")


_EVERYBODY = "everybody"


def _clients(desk: "Desk") -> "Sequence[str]":
    return [str(one["name"]) for one in desk.records.list("organisation") if one["client"]]


def _setting(row: LetterWordsRow, text: str | None, client: str) -> Order:
    """Give the order to keep words, the desk's or a client's; None: back to what was before."""

    def run(desk: "Desk", how: How) -> Done:
        return desk.wording.set(row.name, text, row.language, how, client)

    whose = f"own words for {client}" if client else "your words"
    if text is None:
        whose = f"no words of its own for {client}" if client else "the first words"
    return Order(f"Letter {row.name} ({row.language}) has {whose}", run)


FLOWS: "Mapping[str, Flow]" = {
    **lists.PAGED,
    "wording_edit": edit,
    "wording_editor": elsewhere,
    "wording_reset": reset,
    "wording_language": next_language,
    "wording_client": choose_client,
    "wording_show": next_shape,
    "wording_ticket": fill,
}


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
