"""A call as it goes: the caller found as you type, the greeting, what they say, what is alike."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from textual import on
from textual.containers import Horizontal
from textual.reactive import var
from textual.widget import Widget

from deskterm.domain import clock
from deskterm.domain.greeting import Script
from deskterm.screens.actions import footer, key_label, keys_of
from deskterm.screens.base import DeskScreen
from deskterm.screens.call import known as words
from deskterm.screens.call.caller import Caller
from deskterm.screens.call.form import CallForm, facts_of, from_text
from deskterm.screens.call.known import Alike, AlikeLine, Known, ScriptLine
from deskterm.screens.drafting import DraftKeeper
from deskterm.screens.order import Order
from deskterm.triage.urgency import judge
from deskterm.widgets.key_bar import KeyBar, KeyItem
from deskterm.widgets.status_line import StatusLine
from deskterm.widgets.text_pane import TextPane
from deskterm.widgets.typed import WordsArea

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from deskterm.domain.errors import DeskError
    from deskterm.domain.means import Canned
    from deskterm.domain.rows import PersonRow
    from deskterm.screens.desk import Desk

PAUSE = 0.35
"""Seconds without a key after which what they say is compared with what is open."""
TICKETS = 8
CURRENT, ASIDE = 0, 1
"""Where the draft of the call is kept, and one that was left before it."""


def _left_call(desk: "Desk") -> tuple[int, str]:
    """Give (where it is kept, its text) of the call that was left."""
    for slot in (CURRENT, ASIDE):
        if draft := desk.drafts.get("call", slot):
            return slot, draft
    return CURRENT, ""


def is_named(key: str) -> bool:
    """Tell whether a key is one that types nothing: Escape, F1 and so on."""
    return key == "escape" or (key[0] == "f" and key[1:].isdigit())


class Call(DeskScreen):
    """One call, kept as a draft until it is logged."""

    NAME = "call"

    known: var[Known | None] = var(None)
    left = False
    """True once the call is logged."""
    placed: tuple[object, Order] | None = None
    """What was asked for last, with its order: asking for the same again is safe."""

    waits: "tuple[str, Callable[[], None]] | None" = None
    """What is typed as the caller, and a way of saving that waits until it is known who that is."""

    def __init__(self) -> None:
        super().__init__()
        self.script, self.form, self.alike = ScriptLine(), CallForm(), AlikeLine()
        self.beside = TextPane(id="beside")
        self._compared = ""

    def body(self) -> Iterable[Widget]:
        """Give script, form, what is known, what is alike."""
        yield self.script
        with Horizontal(id="call-middle"):
            yield self.form
            yield self.beside
        yield self.alike

    # --- reading ----------------------------------------

    def on_mount(self) -> None:
        """Draw; the clock of the call runs."""
        self.beside.can_focus = False
        self.keeper = DraftKeeper(self, "call", CURRENT, self._kept)
        self._pause = self.set_timer(PAUSE, self._compare, pause=True)
        self.set_interval(1, self.tick)
        self.call_after_refresh(self._show_known)
        self.call_after_refresh(self.tick)

    def desk_opened(self) -> None:
        """Ask for the script, the categories, and a call that was left."""
        self._read_script(None)
        self.load(lambda desk: desk.calls.categories(), self.form.offer_categories, "categories")
        self.load(_left_call, self.bring_back, "draft")
        self._ask_fitting(None)

    def _read_script(self, person: int | None) -> None:
        """Ask what to say: a client may have a greeting and a mission of its own."""

        def show(script: Script) -> None:
            self.script.script = script

        now = clock.now().astimezone()
        self.load(lambda desk: desk.calls.script(now, person), show, "script")

    def _ask_fitting(self, person: int | None) -> None:
        """Ask which canned texts and which of the desk's own fields go with the caller."""
        self.load(lambda desk: desk.admin.fields_for(person), self.form.own.offer, "fields")

        def offer(texts: "Sequence[Canned]") -> None:
            self.form.query_one("#what", WordsArea).canned = texts

        self.load(lambda desk: desk.means.texts.for_person(person), offer, "texts")

    def desk_changed(self) -> None:
        """Compare anew: what is open right now may be another."""
        if self.desk_app.is_open and self.is_mounted and not self.left:
            self._compared = ""
            self._compare()

    def bring_back(self, left: tuple[int, str]) -> None:
        """Fill in the call that was left; where somebody types already it waits for the next."""
        slot, draft = left
        self.keeper.begin(draft if slot == CURRENT else "")
        if not draft:
            return
        if not self.form.values.is_empty:
            self.keep(lambda desk: desk.drafts.put("call", ASIDE, draft))
            self.say("The call that you left before comes back with the next n.")
            return
        values = from_text(draft)
        self.form.put(values)
        self.form.ask_what()
        self.say("The call that you left is back · ^n begins anew")
        if slot == ASIDE:
            self.keep(lambda desk: desk.drafts.drop("call", ASIDE))
        if values.person is not None:
            self._ask_person(values.person)

    @on(Caller.Typed)
    def _look_for(self, message: Caller.Typed) -> None:
        text = message.text

        def offer(people: "Sequence[PersonRow]") -> None:
            self.form.caller.picker.offer(words.picks(people, text), text)

        def failed(error: "DeskError") -> None:
            self.say(str(error), "warning")
            self.form.caller.picker.offer(words.picks((), text), text)

        if self.form.caller.person is None:
            self.load(lambda desk: desk.calls.people(text), offer, "people", failed)

    @on(Caller.Settled)
    def _go_on_saving(self) -> None:
        """Do what waited for the caller's name."""
        waiting, self.waits = self.waits, None
        if waiting is not None and waiting[0] == self.form.caller.typed:
            self.call_later(waiting[1])

    @on(Caller.Taken)
    def _picked(self, message: Caller.Taken) -> None:
        if message.person is None:
            self.known = None
            self._show_known()
            self._ask_fitting(None)
        else:
            self._ask_person(message.person)

    def _ask_person(self, number: int) -> None:
        def ask(desk: "Desk") -> Known:
            tickets = desk.calls.tickets_of(number, TICKETS)
            announced = desk.announcements.for_person(number)
            said = tuple(one.text for one in announced)
            return Known(desk.calls.person(number), tuple(tickets), said)

        def show(known: Known) -> None:
            if known.person.id == self.form.caller.person:
                self.known = known
                one = known.person
                name = one.name or (one.addresses[0] if one.addresses else "")
                self.form.fill_in(name, [device.name for device in one.devices])

        self.load(ask, show, "person")
        self._read_script(number)
        self._ask_fitting(number)

    @on(WordsArea.Inserted)
    def _inserted(self, message: WordsArea.Inserted) -> None:
        number = message.text.id
        self.keep(lambda desk: desk.means.texts.used([number]))
        if sentence := message.text.holes:
            self.say(sentence, "warning")

    # --- while it is written ----------------------------------------

    @on(CallForm.Changed)
    def _changed(self, message: CallForm.Changed) -> None:
        if self.left:
            return
        self.keeper.touch(message.values.to_text())
        now = clock.now()
        self.form.show_judged(judge(facts_of(message.values, now), now))
        self._pause.stop()
        self._pause = self.set_timer(PAUSE, self._compare)

    def _compare(self) -> None:
        values = self.form.values
        text = f"{values.what} {values.category}".strip()
        if text == self._compared or not self.desk_app.is_open:
            return
        self._compared = text

        def ask(desk: "Desk") -> Alike:
            return Alike(
                desk.calls.alike(values.what, person=values.person),
                desk.solutions.suggest_for(
                    values.what, values.category, limit=2, person=values.person
                ),
                desk.problems.fitting_words(
                    values.what, person=values.person, category=values.category
                ),
                ()
                if values.category
                else desk.triage.lacking_for(values.what, values.person, values.channel),
            )

        def show(alike: Alike) -> None:
            self.alike.alike = alike

        if values.what:
            self.load(ask, show, "alike")
        else:
            show(Alike())

    def _kept(self, at: "datetime | None") -> None:
        for line in self.query(StatusLine):
            line.facts = f"draft kept {at.astimezone():%H:%M}" if at else ""

    # --- drawing ----------------------------------------

    def watch_known(self) -> None:
        """Draw what is known."""
        self._show_known()

    def _show_known(self) -> None:
        if self.is_mounted:
            now = clock.now()
            caller = self.form.caller
            if caller.new_person:
                caller.show_known(words.somebody_new(caller.said))
                self.beside.show(words.somebody_new(caller.said))
            else:
                caller.show_known(words.short(self.known, now, caller.said))
                self.beside.show(words.whole(self.known, now, caller.said))

    def tick(self) -> None:
        """Draw the clock and the greeting."""
        if not self.is_mounted:
            return
        self.query_one(StatusLine).clock = clock.now().astimezone().strftime("%H:%M")
        self.script.draw()

    def show_keys(self) -> None:
        """Show the keys that work while typing."""
        items = []
        for action in footer(self.NAME):
            keys = keys_of(action, self.desk_app.keys)
            through = [key for key in keys if "+" in key or is_named(key)]
            items.append(KeyItem(action.id, key_label((through or keys)[0]), action.label))
        self.query_one(KeyBar).items = tuple(items)
