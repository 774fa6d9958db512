"""A text to the customer or an internal note; the draft is kept in the database."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from textual import on
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static, TextArea

from deskterm.domain.text import clean
from deskterm.screens.dialogs.verb import Targets, VerbDialog
from deskterm.screens.drafting import DraftKeeper, nameable
from deskterm.widgets.typed import MentionArea, WordsArea

if TYPE_CHECKING:
    from deskterm.domain.means import Canned


class TextDialog(VerbDialog[str]):
    """A text area. Esc keeps the draft; ^s sends."""

    HINT = "^s accepts · Esc leaves, the draft is kept"

    def __init__(self, kind: str, verb: str, targets: Targets, limit: int) -> None:
        self.TELLS = kind == "reply"
        super().__init__(verb, targets, limit)
        self._kind = kind
        self._subject = targets.ids[0]

    def verb_fields(self) -> Iterable[Widget]:
        """Give the text area."""
        words = "to the customer" if self.TELLS else "internal; the customer never sees it"
        yield MentionArea(id="text", tab_behavior="focus", placeholder=words)
        warning = Static(id="unread")
        warning.display = False
        yield warning

    def on_mount(self) -> None:
        """Bring back a draft."""
        kind, subject = self._kind, self._subject
        self._keeper = DraftKeeper(self, kind, subject, lambda _: None)
        self.load(lambda desk: desk.drafts.get(kind, subject), self._bring_back, "draft")
        self.load(nameable, self._can_name, "logins")
        if len(self.targets.ids) == 1:
            self.load(lambda desk: desk.means.texts.for_ticket(subject), self._can_insert, "texts")
        if self.TELLS:
            ids = self.targets.ids
            self.load(lambda desk: desk.tickets.unread(ids), self._warn, "unread")
        self.query_one(TextArea).focus()

    def _warn(self, unread: tuple[str, ...]) -> None:
        """Say before anything is sent where it would reach nobody."""
        warning = self.query_one("#unread", Static)
        warning.display = bool(unread)
        words = f"! {', '.join(unread[:3])}: nobody reads it, by its own word"
        warning.update(Content(clean(words, one_line=True)))

    def _can_name(self, logins: list[str]) -> None:
        self.query_one(MentionArea).logins = logins

    def _can_insert(self, texts: "list[Canned]") -> None:
        self.query_one(MentionArea).canned = texts

    @on(WordsArea.Inserted)
    def _inserted(self, message: WordsArea.Inserted) -> None:
        number = message.text.id
        self.keep(lambda desk: desk.means.texts.used([number]))
        if sentence := message.text.holes:
            self.desk_app.say(sentence, "warning")

    def _bring_back(self, draft: str | None) -> None:
        self._keeper.begin(draft or "")
        area = self.query_one(TextArea)
        if draft and not area.text:
            area.load_text(draft)
            area.move_cursor(area.document.end)

    @on(TextArea.Changed)
    def _typed(self) -> None:
        text = self.query_one(TextArea).text
        if text.strip():
            self._keeper.touch(text)

    def action_dismiss_dialog(self) -> None:
        """Leave; what was written is kept."""
        self._keeper.keep()
        super().action_dismiss_dialog()

    def answer(self) -> str | None:
        """Give the text."""
        text = self.query_one(TextArea).text.strip()
        if not text:
            self.refuse("Write something first, or leave with Esc.")
            return None
        return text
