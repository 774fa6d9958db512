"""Call intake: find the caller as you type, say the greeting, note what they say, save."""

from collections.abc import Mapping
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType

from deskterm.screens.action import Flow
from deskterm.screens.actions import bindings
from deskterm.screens.call import form_keys, saving
from deskterm.screens.call.call import Call, is_named
from deskterm.screens.call.form import CallForm
from deskterm.screens.flows import general


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
    FLOWS: ClassVar[Mapping[str, Flow]] = {**general.FLOWS, **saving.FLOWS, **form_keys.FLOWS}
    BINDINGS: ClassVar[list[BindingType]] = typed_through()

    @on(CallForm.Ended)
    def _ended(self) -> None:
        saving.save(self)
