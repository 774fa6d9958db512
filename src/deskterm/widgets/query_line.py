"""The filter line: a query with completion, how many it finds, and what is wrong below it."""

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.suggester import Suggester
from textual.widgets import Input, Static

from deskterm.domain.text import clean
from deskterm.widgets.telling import Telling

TYPING_PAUSE = 0.03
"""Seconds without a key after which the query is asked."""


ERROR_PAUSE = 0.5
"""Seconds without a key after which a mistake is named."""


class WordSuggester(Suggester):
    """Completes the last word of a query from the words the language knows."""

    def __init__(self, words: Sequence[str]) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._words = tuple(words)

    async def get_suggestion(self, value: str) -> str | None:
        """Give the whole query with its last word completed."""
        start = max(value.rfind(" "), value.rfind("("), value.rfind("-")) + 1
        begun = value[start:].lower()
        if len(begun) < 2:
            return None
        fits = next((word for word in self._words if word.startswith(begun)), None)
        return None if fits is None or fits == begun else value[:start] + fits


class QueryLine(Vertical):
    """One line; it grows by an error's lines while a query cannot be read."""

    DEFAULT_CSS = """
    QueryLine { height: auto; background: $surface; }
    QueryLine Horizontal { height: 1; }
    QueryLine Input { border: none; height: 1; padding: 0 1; background: $surface; width: 1fr; }
    QueryLine Input:focus { background: $panel; border: none; }
    QueryLine .found { width: 34; text-align: right; color: $text-muted; padding: 0 1; }
    QueryLine .wrong { height: auto; color: $error; display: none; padding: 0 1; }
    QueryLine.-wrong .wrong { display: block; }
    """

    class Asked(Telling):
        """The query was altered (and typing paused) or confirmed with Enter."""

        query: str
        confirmed: bool

    def __init__(self, words: Sequence[str], *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._suggester = WordSuggester(words)

    def compose(self) -> ComposeResult:
        """Give the input, the count and the place for an error."""
        with Horizontal():
            yield Input(
                placeholder="filter, e.g. is:open urgent:yes vpn",
                suggester=self._suggester,
                select_on_focus=False,
                validate_on=(),  # being valid is a class of its own, by which all is styled again
            )
            yield Static(classes="found")
        yield Static(classes="wrong")

    def on_mount(self) -> None:
        """Ask only when typing pauses."""
        self._pause = self.set_timer(TYPING_PAUSE, self._ask, pause=True)
        self._error = self.set_timer(ERROR_PAUSE, lambda: None, pause=True)
        self.query_one(Input).can_focus = False

    @property
    def query_text(self) -> str:
        """The query as it stands in the line."""
        return self.query_one(Input).value.strip()

    @property
    def has_keys(self) -> bool:
        """True while keys go into the line."""
        return self.query_one(Input).has_focus

    def show_query(self, query: str) -> None:
        """Put a query into the line without asking it."""
        line = self.query_one(Input)
        with line.prevent(Input.Changed):
            line.value = clean(query, one_line=True)
        self.show_error("")

    def begin(self) -> None:
        """Let keys go into the line, after what stands there."""
        line = self.query_one(Input)
        line.can_focus = True
        line.focus()
        if line.value and not line.value.endswith(" "):
            with line.prevent(Input.Changed):
                line.value += " "
        line.cursor_position = len(line.value)

    def end(self) -> None:
        """Give the keys back."""
        self.query_one(Input).can_focus = False

    def show_found(self, words: str) -> None:
        """Show how many there are."""
        found, content = self.query_one(".found", Static), Content(clean(words, one_line=True))
        if found.content != content:
            found.update(content, layout=False)

    def show_error(self, sentence: str) -> None:
        """Show what is wrong with the query, with its caret; empty takes it away.

        While somebody types it waits: a half-typed word is no mistake yet.
        """
        self._error.stop()
        if sentence and self.has_keys:
            self._error = self.set_timer(ERROR_PAUSE, lambda: self._put_error(sentence))
        else:
            self._put_error(sentence)

    def _put_error(self, sentence: str) -> None:
        if bool(sentence) == self.has_class("-wrong") and not sentence:
            return
        self.query_one(".wrong", Static).update(Content(clean(sentence)))
        self.set_class(bool(sentence), "-wrong")

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self._error.stop()
        self._pause.stop()
        self._pause = self.set_timer(TYPING_PAUSE, self._ask)

    @on(Input.Submitted)
    def _confirmed(self, event: Input.Submitted) -> None:
        event.stop()
        self._pause.stop()
        self.post_message(self.Asked(self.query_text, True))

    def _ask(self) -> None:
        self.post_message(self.Asked(self.query_text, False))
