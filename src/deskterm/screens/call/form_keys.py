"""Keys into the form of a call from every field: functions with the call as their owner."""

from typing import TYPE_CHECKING

from deskterm.screens.call.form import CallValues

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deskterm.screens.action import Flow
    from deskterm.screens.call.call import Call


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
    "call_anew": call_anew,
}
