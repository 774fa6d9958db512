"""Who is calling: found as it is typed, taken or said to be somebody new, and what is known."""

from collections.abc import Iterable

from textual import on
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from deskterm.domain.text import clean
from deskterm.widgets.picker import Pick, Picker
from deskterm.widgets.telling import Telling


class Caller(Vertical):
    """The caller's line, with what is known of them below it."""

    DEFAULT_CSS = """
    Caller { height: auto; }
    """

    class Typed(Telling):
        """Somebody is looked for."""

        text: str

    class Taken(Telling):
        """Somebody was taken: the number of a known person; None: somebody new, or nobody yet."""

        person: int | None

    class Named(Telling):
        """Enter was pressed: keys go on to what they say, also while it is looked up who it is."""

    class Settled(Telling):
        """It is known who may be meant by what is typed."""

    def __init__(self) -> None:
        super().__init__()
        self.picker = Picker(remote=True, placeholder="who is calling?", id="who")
        self.person: int | None = None
        """The number of somebody known."""
        self.new_person = False
        self.said = ""
        """What was typed to find the caller who was taken."""
        self._name = ""
        """What the line said when they were taken."""

    def compose(self) -> Iterable[Widget]:
        """Give the line, and room for what is known."""
        yield labelled("Who", self.picker)
        yield Static(id="known")

    # --- who it is -----------------------------------------------------------------------

    @property
    def typed(self) -> str:
        """What stands in the line."""
        return self.picker.typed

    @property
    def is_taken(self) -> bool:
        """Whether it is decided who it is."""
        return self.person is not None or self.new_person

    @property
    def is_settled(self) -> bool:
        """False while it is still looked up who may be meant by what is typed."""
        return self.is_taken or self.picker.is_settled

    def decide(self) -> str:
        """Take who it is where that is sure; else give what is missing, as a sentence."""
        typed = self.typed.strip()
        if not typed:
            return "Who is calling? A name is enough."
        if self.is_taken:
            return ""
        known = [pick for pick in self.picker.fits if pick.value.isdecimal()]
        whole = [pick for pick in known if typed.casefold() in known_as(pick)]
        if len(whole) != 1 and known:
            count = "1 person fits" if len(known) == 1 else f"{len(known)} people fit"
            return f"{count} {typed!r}: choose with ↑↓ and Enter, or take the last line: new."
        self._take(whole[0].value if whole else "")
        return ""

    def _take(self, value: str) -> None:
        """Take somebody known by number, or whoever is typed as somebody new."""
        self.person = int(value) if value.isdecimal() else None
        self.new_person = self.person is None
        self.said = self._name = self.typed.strip()
        self.post_message(self.Taken(self.person))

    def put(self, who: str, person: int | None, new_person: bool) -> None:
        """Fill in who it was."""
        self.person, self.new_person, self.said = person, new_person, ""
        self.call_them(who)

    def call_them(self, name: str) -> None:
        """Write the name of whoever was taken."""
        self._name = clean(name, one_line=True).strip()
        self.query_one(Input).value = clean(name, one_line=True)

    def ask(self) -> None:
        """Let keys go into the line."""
        self.query_one(Input).focus()

    def show_known(self, content: Content) -> None:
        """Show what is known below the name."""
        self.query_one("#known", Static).update(content)

    # --- what is typed ------------------------------------------------------------------------

    @on(Picker.Typed)
    def _looked_for(self, message: Picker.Typed) -> None:
        message.stop()
        if self.is_taken and message.text.strip() != self._name:
            self.person, self.new_person = None, False
            self.post_message(self.Taken(None))
        self.post_message(self.Typed(message.text))

    @on(Picker.Entered)
    def _entered(self, message: Picker.Entered) -> None:
        message.stop()
        self.post_message(self.Named())

    @on(Picker.Settled)
    def _settled(self, message: Picker.Settled) -> None:
        message.stop()
        self.post_message(self.Settled())

    @on(Picker.Picked)
    def _picked(self, message: Picker.Picked) -> None:
        message.stop()
        if self.typed.strip():
            self._take(message.value)
            self.post_message(self.Named())


def known_as(pick: Pick) -> set[str]:
    """Give what somebody is called in full, folded: name and address."""
    return {pick.line.casefold().removesuffix(" (vip)"), *pick.detail.casefold().split(" · ")}


def labelled(label: str, widget: Widget) -> Horizontal:
    """Give a field with its label before it."""
    return Horizontal(Static(Content(label), classes="label"), widget, classes="line")
