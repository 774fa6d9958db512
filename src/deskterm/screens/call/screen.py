"""Call intake: find the caller as you type, say the greeting, note what they say, save.

Keys into the form work from every field: functions with the call as their owner.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType

from deskterm.screens.action import Flow, Named
from deskterm.screens.actions import bindings
from deskterm.screens.call import saving
from deskterm.screens.call.call import Call, is_named
from deskterm.screens.call.form import CallForm, CallValues
from deskterm.screens.dialogs.ask import PickDialog
from deskterm.screens.flows import general
from deskterm.screens.flows.means import pick
from deskterm.screens.work import look_up
from deskterm.widgets.picker import Pick
from deskterm.widgets.typed import WordsArea

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deskterm.domain.means import TemplateRow


def call_urgent(owner: "Call") -> None:
    """Switch urgent."""
    owner.form.next_choice("urgent")


def call_channel(owner: "Call") -> None:
    """Go to the next channel."""
    owner.form.next_choice("channel")


def call_category(owner: "Call") -> None:
    """Take the category that triage proposes."""
    if not owner.alike.alike.proposals:
        owner.say("No category is proposed for these words.")
        return
    owner.form.take_category(owner.alike.alike.proposals[0].value)


def call_same(owner: "Call") -> None:
    """Link to what reads the same, or not."""
    if not owner.alike.alike.links:
        owner.say("Nothing open reads like this.")
        return
    choices = [*owner.alike.alike.links, ""]
    at = choices.index(owner.alike.linked)
    owner.alike.linked = choices[(at + 1) % len(choices)]


def call_text(owner: "Call") -> None:
    """Choose a canned text and put it into what they say."""
    person, area = owner.form.caller.person, owner.form.query_one("#what", WordsArea)
    look_up(
        owner,
        lambda desk: desk.means.texts.for_person(person),
        lambda found: pick(owner, area, found),
        "texts-to-pick",
    )


def call_template(owner: "Call") -> None:
    """Choose a ticket template: it fills in what is not said yet."""

    def offer(found: "Sequence[TemplateRow]") -> None:
        by_name = {one.name: one for one in found}
        if not by_name:
            owner.say("There is no template yet: `deskterm ticket-template add`, or F3.")
            return
        picks = [Pick(one.name, one.name, one.subject) for one in found]

        def chosen(name: str | None) -> None:
            if name:
                _begin_from(owner, by_name[name])

        owner.app.push_screen(PickDialog("Template", picks), chosen)

    look_up(owner, lambda desk: desk.means.templates.list(), offer, "templates")


def template_named(owner: "Call", name: str) -> None:
    """Begin from the template of that name."""
    look_up(
        owner,
        lambda desk: desk.means.templates.named(name),
        lambda row: _begin_from(owner, row),
        "templates",
        owner.desk_app.say_error,
    )


def _begin_from(owner: "Call", row: "TemplateRow") -> None:
    form, values = owner.form, owner.form.values
    form.put(
        replace(
            values,
            template=row.name,
            what=values.what or row.body or row.subject,
            urgent=values.urgent or row.urgent,
            category=values.category or row.category,
        )
    )
    items = f", checklist {row.checklist}" if row.checklist else ""
    owner.say(f"Template {row.name}: {row.subject or row.name}{items}.")


def call_anew(owner: "Call") -> None:
    """Empty the form."""
    owner.form.put(CallValues())
    owner.known = None
    owner.keeper.drop()
    owner.form.caller.ask()
    owner.script.begin()


def leave(owner: "Call") -> None:
    """Leave; what is written is kept."""
    owner.keeper.touch(owner.form.values.to_text())
    owner.keeper.keep()
    owner.action_back()


FLOWS: "Mapping[str, Flow]" = {
    "escape": leave,
    "call_urgent": call_urgent,
    "call_channel": call_channel,
    "call_category": call_category,
    "call_same": call_same,
    "call_text": call_text,
    "call_template": call_template,
    "call_anew": call_anew,
}


def typed_through() -> list[BindingType]:
    """The bindings of this screen without letters and signs: those belong to the form."""
    found: list[BindingType] = []
    for binding in bindings("call"):
        keys = [key for key in binding.key.split(",") if "+" in key or is_named(key)]
        if keys:
            found.append(
                Binding(",".join(keys), binding.action, binding.description, id=binding.id)
            )
    return found


class CallScreen(Call):
    """A call. Three keys beyond the text: n, Enter on the caller, ^s."""

    CSS_PATH = "screen.tcss"
    FLOWS: ClassVar[Mapping[str, Flow]] = {**general.FLOWS, **saving.FLOWS, **FLOWS}
    NAMED: ClassVar[Mapping[str, Named]] = {"template": Named("", template_named)}
    BINDINGS: ClassVar[list[BindingType]] = typed_through()

    def __init__(self, template: str = "") -> None:
        super().__init__()
        self._template = template
        """What it is to be filled in with, once a call that was left is back."""

    def bring_back(self, left: tuple[int, str]) -> None:
        """Fill in the call that was left, then what the template says that it was opened with."""
        super().bring_back(left)
        if self._template:
            template_named(self, self._template)

    @on(CallForm.Ended)
    def _ended(self) -> None:
        saving.save(self)
