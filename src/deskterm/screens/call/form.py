"""The form of a call: its fields, their values, and the draft that holds them."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields

from textual import on
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.suggester import SuggestFromList
from textual.widget import Widget
from textual.widgets import Input, OptionList, Static, TextArea

from deskterm.domain.text import clean
from deskterm.domain.vocabulary import Channel
from deskterm.triage.urgency import Judged
from deskterm.widgets.choice import Choice
from deskterm.widgets.picker import Pick, Picker
from deskterm.widgets.typed import PlainArea, PlainInput

AFFECTED = ("?", "one", "a few", "a team", "a site")
"""How many people have the trouble; `?` was not asked, anything else is stored as a field."""
AFFECTED_FIELD = "affected"
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
    names = {field.name: field.type for field in fields(CallValues)}
    return CallValues(**{name: stored[name] for name in names if name in stored})


class CallForm(Vertical):
    """Who, what, and the rest in the order in which it is asked."""

    @dataclass
    class Changed(Message):
        """Something in the form is another value."""

        values: CallValues

    @dataclass
    class CallerTyped(Message):
        """Somebody is looked for."""

        text: str

    @dataclass
    class CallerPicked(Message):
        """Somebody was taken: the number of a known person, or None for somebody new."""

        person: int | None

    @dataclass
    class Ended(Message):
        """Enter was pressed in the last field."""

    @dataclass
    class Settled(Message):
        """It is known who may be meant by what is typed."""

    def __init__(self) -> None:
        super().__init__()
        self.person: int | None = None
        self._ours = "no"
        """What the form itself has set urgent to."""
        self._decided = False
        """True once a person has set urgent themselves."""
        self.new_person = False
        self.said = ""
        """What was typed to find the caller who was taken."""
        self._name = ""
        """What the caller's line said when they were taken."""

    def compose(self) -> Iterable[Widget]:
        """Give the fields."""
        yield _labelled("Who", Picker(remote=True, placeholder="who is calling?", id="who"))
        yield Static(id="known")
        yield _labelled("What", PlainArea(id="what", tab_behavior="focus"))
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
        yield _labelled("Channel", Choice(tuple(Channel), id="channel"))
        yield _labelled("Category", Picker([NO_CATEGORY], placeholder="none yet", id="category"))
        yield _labelled("Device", PlainInput(placeholder="none", id="device"))

    def on_mount(self) -> None:
        """Begin with who is calling."""
        for one in self.query(OptionList):
            one.can_focus = False
        self.query_one("#who Input").focus()

    # --- values --------------------------------------------------------------------------

    @property
    def values(self) -> CallValues:
        """What stands in the form."""
        return CallValues(
            who=self.typed_who.strip(),
            person=self.person,
            new_person=self.new_person,
            what=self.query_one("#what", TextArea).text.strip(),
            urgent=self.query_one("#urgent", Choice).value == "yes",
            affected=self.query_one("#affected", Choice).value,
            can_work=self.query_one("#can-work", Choice).value,
            by=self.query_one("#by", Input).value.strip(),
            channel=self.query_one("#channel", Choice).value,
            category=self.category,
            device=self.query_one("#device", Input).value.strip(),
        )

    @property
    def category(self) -> str:
        """The category's path; empty where none is chosen."""
        picker = self.query_one("#category", Picker)
        return picker.exact if picker.typed.strip() else ""

    @property
    def typed_who(self) -> str:
        """What stands in the caller's line."""
        return self.query_one("#who", Picker).typed

    @property
    def is_settled(self) -> bool:
        """False while it is still looked up who may be meant by what is typed."""
        is_known = self.person is not None or self.new_person
        return is_known or self.query_one("#who", Picker).is_settled

    @property
    def wrong(self) -> str:
        """What is missing, as a sentence; the field gets the keys. Empty where all is well."""
        if not self.typed_who.strip():
            self.query_one("#who Input").focus()
            return "Who is calling? A name is enough."
        if sentence := self._unsure():
            self.query_one("#who Input").focus()
            return sentence
        if not self.query_one("#what", TextArea).text.strip():
            self.query_one("#what").focus()
            return "What do they say? A few words are enough."
        if self.query_one("#category", Picker).typed.strip() and not self.category:
            self.query_one("#category Input").focus()
            return "No category alone is like that; empty the field or choose one."
        return ""

    def _unsure(self) -> str:
        """Say that a caller who was typed and never taken may be several; else take who it is."""
        if self.person is not None or self.new_person:
            return ""
        picker = self.query_one("#who", Picker)
        known = [pick for pick in picker.fits if pick.value.isdecimal()]
        typed = picker.typed.strip()
        whole = [pick for pick in known if typed.casefold() in known_as(pick)]
        if len(whole) == 1:
            self._take(whole[0].value)
        elif known:
            count = "1 person fits" if len(known) == 1 else f"{len(known)} people fit"
            return f"{count} {typed!r}: choose with ↑↓ and Enter, or take the last line: new."
        else:
            self._take("")
        return ""

    def _take(self, value: str) -> None:
        """Take somebody known by number, or whoever is typed as somebody new."""
        self.person = int(value) if value.isdecimal() else None
        self.new_person = self.person is None
        self.said = self._name = self.typed_who.strip()
        self.post_message(self.CallerPicked(self.person))

    def put(self, values: CallValues) -> None:
        """Fill the form in."""
        self.person, self.new_person = values.person, values.new_person
        self.said = ""
        self._name = clean(values.who, one_line=True).strip()
        self.query_one("#who Input", Input).value = clean(values.who, one_line=True)
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

    def offer_people(self, picks: list[Pick], text: str) -> None:
        """Show who may be meant by what was typed."""
        self.query_one("#who", Picker).offer(picks, text)

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
        self._name = clean(name, one_line=True).strip()
        self.query_one("#who Input", Input).value = self._name
        line = self.query_one("#device", Input)
        line.suggester = SuggestFromList(devices, case_sensitive=False)
        line.placeholder = clean(", ".join(devices), one_line=True) or "none"
        if len(devices) == 1 and not line.value:
            line.value = clean(devices[0], one_line=True)

    def show_known(self, content: Content) -> None:
        """Show what is known below the name."""
        self.query_one("#known", Static).update(content)

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
        kept = " (you decided otherwise)" if self._differs(judged) else ""
        line.update(Content(f"          {proposal}: {judged.reason}{kept}"))

    def _differs(self, judged: Judged) -> bool:
        return (self.query_one("#urgent", Choice).value == "yes") != judged.urgent

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

    @on(Picker.Typed, "#who")
    def _who_typed(self, message: Picker.Typed) -> None:
        message.stop()
        if (self.person is not None or self.new_person) and message.text.strip() != self._name:
            self.person, self.new_person = None, False
            self.post_message(self.CallerPicked(None))
        self.post_message(self.CallerTyped(message.text))
        self._tell()

    @on(Picker.Entered)
    def _go_on(self, message: Picker.Entered) -> None:
        """Let what is typed next go to the next field while the caller is still looked up."""
        message.stop()
        if message.picker.id == "who":
            self.ask_what()

    @on(Picker.Settled, "#who")
    def _settled(self, message: Picker.Settled) -> None:
        message.stop()
        self.post_message(self.Settled())

    @on(Picker.Picked, "#who")
    def _who_picked(self, message: Picker.Picked) -> None:
        message.stop()
        if self.typed_who.strip():
            self._take(message.value)
            self.ask_what()
        self._tell()

    @on(Picker.Picked, "#category")
    def _category_picked(self, message: Picker.Picked) -> None:
        message.stop()
        self.query_one("#category Input", Input).value = message.value
        self.query_one("#device").focus()
        self._tell()

    @on(Input.Submitted, "#device")
    def _last(self, message: Input.Submitted) -> None:
        message.stop()
        self.post_message(self.Ended())

    @on(Choice.Changed, "#urgent")
    def _urgent_set(self) -> None:
        self._decided = self._decided or self.query_one("#urgent", Choice).value != self._ours

    @on(TextArea.Changed)
    @on(Choice.Changed)
    @on(Input.Changed)
    def _other(self, message: Message) -> None:
        message.stop()
        self._tell()

    def _tell(self) -> None:
        if self.is_mounted:
            self.post_message(self.Changed(self.values))


def known_as(pick: Pick) -> set[str]:
    """Give what somebody is called in full, folded: name and address."""
    return {pick.line.casefold().removesuffix(" (vip)"), *pick.detail.casefold().split(" · ")}


def _labelled(label: str, widget: Widget) -> Horizontal:
    return Horizontal(Static(Content(label), classes="label"), widget, classes="line")
