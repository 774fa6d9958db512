"""Where a reply or an internal note is written, below what was said."""

from collections.abc import Iterable

from textual import on
from textual.containers import Vertical
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Static, TextArea

from deskterm.domain.text import clean
from deskterm.widgets.telling import Telling
from deskterm.widgets.typed import MentionArea


class ReplyBox(Vertical):
    """A line that says to whom and whether it is kept, and the text. Hidden until it is opened."""

    DEFAULT_CSS = """
    ReplyBox { height: 10; max-height: 60%; display: none; background: $surface; }
    ReplyBox.-open { display: block; }
    ReplyBox > Static { height: 1; background: $success 25%; padding: 0 1; }
    ReplyBox.-internal > Static { background: $warning 25%; }
    ReplyBox > Static:ansi { background: ansi_default; text-style: bold reverse; }
    ReplyBox > TextArea, ReplyBox > TextArea:focus {
        border: none; padding: 0 1; height: 1fr; background: $surface;
    }
    """

    to: reactive[str] = reactive("")
    kept: reactive[str] = reactive("")
    """`draft kept 22:52`, or what is under way."""
    internal: reactive[bool] = reactive(False)

    class Typed(Telling):
        """The text is another one."""

        text: str

    def compose(self) -> Iterable[Widget]:
        """Give title and text."""
        yield Static()
        yield MentionArea(tab_behavior="focus", highlight_cursor_line=False)

    @property
    def area(self) -> MentionArea:
        """Where the text is written."""
        return self.query_one(MentionArea)

    @property
    def text(self) -> str:
        """The text as it stands."""
        return self.area.text

    def put(self, text: str) -> None:
        """Replace the text; the cursor goes to its end."""
        self.area.load_text(text)
        self.area.move_cursor(self.area.document.end)

    def open(self, to: str, internal: bool) -> None:
        """Show the box and let keys go into it."""
        self.internal, self.to = internal, to
        self.set_class(internal, "-internal")
        self.add_class("-open")
        self.area.focus()

    def close(self) -> None:
        """Hide the box and empty it."""
        self.remove_class("-open")
        self.kept = ""
        with self.prevent(TextArea.Changed):
            self.area.load_text("")

    @property
    def is_open(self) -> bool:
        """True while the box is shown."""
        return self.has_class("-open")

    @on(TextArea.Changed)
    def _typed(self, event: TextArea.Changed) -> None:
        event.stop()
        self.post_message(self.Typed(self.text))

    def watch_to(self) -> None:
        """Draw the title."""
        self._draw()

    def watch_kept(self) -> None:
        """Draw the title."""
        self._draw()

    def watch_internal(self) -> None:
        """Draw the title."""
        self._draw()

    def _draw(self) -> None:
        if self.is_mounted:
            side = "┊ internal note" if self.internal else f"┃ reply to {self.to}"
            who = "the customer never sees it" if self.internal else "public"
            kept = f" · {self.kept}" if self.kept else ""
            words = clean(f"{side} · {who}{kept}", one_line=True)
            self.query_one(Static).update(Content(words))
