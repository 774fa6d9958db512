"""The form of a call: its fields, their values, and the draft that holds them."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, datetime

from textual import on
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.suggester import SuggestFromList
from textual.widget import Widget
from textual.widgets import Input, OptionList, Static, TextArea

from deskterm.domain.errors import UsageError
from deskterm.domain.text import clean
from deskterm.domain.vocabulary import Channel
from deskterm.screens.call.caller import Caller, labelled
from deskterm.triage.spans import later
from deskterm.triage.urgency import Facts, Judged
from deskterm.widgets.choice import Choice
from deskterm.widgets.own_fields import OwnFields
from deskterm.widgets.picker import Pick, Picker
from deskterm.widgets.telling import Telling
from deskterm.widgets.typed import PlainInput, WordsArea

AFFECTED = ("?", "one", "a few", "a team", "a site")
"""How many people have the trouble; `?` was not asked, anything else is stored as a field."""
PEOPLE = {"one": 1, "a few": 3, "a team": 10, "a site": 50}
"""How many people a word of AFFECTED stands for."""
CAN_WORK = {"?": None, "yes": False, "no": True}
"""The answer to "can they work?" → whether they cannot."""
NO_CATEGORY = Pick("", "none", "the desk decides later")


@dataclass(slots=True)
class CallValues:
    """What stands in the form."""

    who: str = ""
    person: int | None = None
    """The caller, where it is somebody known."""
    new_person: bool = False
    """Whoever is named is new here, whoever else the name fits."""
    what: str = ""
    urgent: bool = False
    affected: str = AFFECTED[0]
    can_work: str = "?"
    by: str = ""
    """By when it is needed, as typed."""
    channel: str = str(Channel.PHONE)
    category: str = ""
    device: str = ""
    own: dict[str, str] = field(default_factory=dict)
    """The desk's own fields, where something stands in them."""
    template: str = ""
    """The ticket template it was begun from: it fills in what the form has no field for."""

    @property
    def is_empty(self) -> bool:
        """True while nobody wrote anything."""
        return not (self.who.strip() or self.what.strip())

    def to_text(self) -> str:
        """Give the draft's text."""
        return "" if self.is_empty else json.dumps(asdict(self), sort_keys=True)


def from_text(text: str) -> CallValues:
    """Read a draft; what a newer or older version wrote otherwise is left out."""
    try:
        stored = json.loads(text) if text else {}
    except ValueError:
        stored = {"what": text}
    names = {one.name: one.type for one in fields(CallValues)}
    return CallValues(**{name: stored[name] for name in names if name in stored})


def facts_of(values: CallValues, now: datetime) -> Facts:
    """Give the facts; a time that is half typed counts as not asked."""
    needed_by = None
    if values.by:
        try:
            needed_by = later(values.by, now, now.astimezone().tzinfo or UTC)
        except UsageError:
            needed_by = None
    return Facts(PEOPLE.get(values.affected), CAN_WORK.get(values.can_work), needed_by)


class CallForm(VerticalScroll, can_focus=False):
    """Who, what, and the rest in the order in which it is asked."""

    class Changed(Telling):
        """Something in the form is another value."""

        values: CallValues

    class Ended(Telling):
        """Enter was pressed in the last field."""

    def __init__(self) -> None:
        super().__init__()
        self.caller, self.own = Caller(), OwnFields()
        self._ours = "no"
        """What the form itself has set urgent to."""
        self.template = ""
        self._decided = False
        """True once a person has set urgent themselves."""

    def compose(self) -> Iterable[Widget]:
        """Give the fields."""
        yield self.caller
        yield labelled("What", WordsArea(id="what", tab_behavior="focus"))
        yield Horizontal(
            Static("Urgent", classes="label"),
            Choice(("no", "yes"), id="urgent"),
            Static("Affected", classes="label second"),
            Choice(AFFECTED, id="affected"),
            classes="line",
        )
        yield Horizontal(
            Static("Can work", classes="label"),
            Choice(tuple(CAN_WORK), id="can-work"),
            Static("Needed by", classes="label second"),
            PlainInput(placeholder="14:00, tomorrow", id="by"),
            classes="line",
        )
        yield Static(id="judged")
        yield labelled("Channel", Choice(tuple(Channel), id="channel"))
        yield labelled("Category", Picker([NO_CATEGORY], placeholder="none yet", id="category"))
        yield labelled("Device", PlainInput(placeholder="none", id="device"))
        yield self.own

    def on_mount(self) -> None:
        """Begin with who is calling."""
        for one in self.query(OptionList):
            one.can_focus = False
        self.caller.ask()

    # --- values --------------------------------------------------------------------------

    @property
    def values(self) -> CallValues:
        """What stands in the form."""
        return CallValues(
            who=self.caller.typed.strip(),
            person=self.caller.person,
            new_person=self.caller.new_person,
            what=self.query_one("#what", TextArea).text.strip(),
            urgent=self.query_one("#urgent", Choice).value == "yes",
            affected=self.query_one("#affected", Choice).value,
            can_work=self.query_one("#can-work", Choice).value,
            by=self.query_one("#by", Input).value.strip(),
            channel=self.query_one("#channel", Choice).value,
            category=self.category,
            device=self.query_one("#device", Input).value.strip(),
            own=self.own.known,
            template=self.template,
        )

    @property
    def category(self) -> str:
        """The category's path; empty where none is chosen."""
        picker = self.query_one("#category", Picker)
        return picker.exact if picker.typed.strip() else ""

    @property
    def wrong(self) -> str:
        """What is missing, as a sentence; the field gets the keys. Empty where all is well."""
        if sentence := self.caller.decide():
            self.caller.ask()
            return sentence
        if not self.query_one("#what", TextArea).text.strip():
            self.query_one("#what").focus()
            return "What do they say? A few words are enough."
        if self.query_one("#category", Picker).typed.strip() and not self.category:
            self.query_one("#category Input").focus()
            return "No category alone is like that; empty the field or choose one."
        return ""

    def put(self, values: CallValues) -> None:
        """Fill the form in."""
        self.template = values.template
        self.caller.put(values.who, values.person, values.new_person)
        self.query_one("#what", TextArea).load_text(values.what)
        self.query_one("#urgent", Choice).value = "yes" if values.urgent else "no"
        self.query_one("#by", Input).value = clean(values.by, one_line=True)
        chosen = (
            *(("affected", values.affected), ("channel", values.channel)),
            ("can-work", values.can_work),
        )
        for name, value in chosen:
            choice = self.query_one(f"#{name}", Choice)
            choice.value = value if value in choice.options else choice.options[0]
        self.query_one("#category Input", Input).value = clean(values.category, one_line=True)
        self.query_one("#device", Input).value = clean(values.device, one_line=True)
        self.own.put(values.own)

    def offer_categories(self, paths: Iterable[str]) -> None:
        """Give the categories to choose from."""
        picks = [NO_CATEGORY, *(Pick(path, path) for path in paths)]
        self.query_one("#category", Picker).offer(picks)

    def take_category(self, path: str) -> None:
        """Put a category into its line."""
        self.query_one("#category Input", Input).value = clean(path, one_line=True)
        self.call_after_refresh(self._tell)

    def fill_in(self, name: str, devices: list[str]) -> None:
        """Fill in what is known of the caller; a device only where there is one alone."""
        self.caller.call_them(name)
        line = self.query_one("#device", Input)
        line.suggester = SuggestFromList(devices, case_sensitive=False)
        line.placeholder = clean(", ".join(devices), one_line=True) or "none"
        if len(devices) == 1 and not line.value:
            line.value = clean(devices[0], one_line=True)

    def show_judged(self, judged: Judged | None) -> None:
        """Say what the asked facts propose; urgent follows until a person has set it."""
        line = self.query_one("#judged", Static)
        line.display = judged is not None
        if judged is None:
            return
        if not self._decided:
            self._ours = "yes" if judged.urgent else "no"
            self.query_one("#urgent", Choice).value = self._ours
        proposal = "urgent" if judged.urgent else "not urgent"
        differs = (self.query_one("#urgent", Choice).value == "yes") != judged.urgent
        kept = " (you decided otherwise)" if differs else ""
        line.update(Content(f"          {proposal}: {judged.reason}{kept}"))

    @on(Caller.Named)
    def ask_what(self) -> None:
        """Let keys go to what they say."""
        self.query_one("#what").focus()

    def next_choice(self, name: str) -> None:
        """Go to the next word of a choice."""
        self.query_one(f"#{name}", Choice).action_step(1)

    # --- what is typed ------------------------------------------------------------------------

    def on_descendant_focus(self) -> None:
        """Show a list only below the line that has the keys."""
        for picker in self.query(Picker):
            picker.set_class(picker.query_one(Input).has_focus, "-open")

    @on(Picker.Picked, "#category")
    def _category_picked(self, message: Picker.Picked) -> None:
        message.stop()
        self.query_one("#category Input", Input).value = message.value
        self.query_one("#device").focus()
        self._tell()

    @on(Input.Submitted, "#device")
    @on(Input.Submitted, "#own Input")
    def _last(self, message: Input.Submitted) -> None:
        message.stop()
        if not self.own.go_on(message.input):
            self.post_message(self.Ended())

    @on(Choice.Changed, "#urgent")
    def _urgent_set(self) -> None:
        self._decided = self._decided or self.query_one("#urgent", Choice).value != self._ours

    @on(Caller.Typed)
    @on(Caller.Taken)
    def _caller_changed(self) -> None:
        self._tell()

    @on(TextArea.Changed)
    @on(Choice.Changed)
    @on(Input.Changed)
    def _other(self, message: Message) -> None:
        message.stop()
        self._tell()

    def _tell(self) -> None:
        if self.is_mounted:
            self.own.fit(self.category, "")
            self.post_message(self.Changed(self.values))
