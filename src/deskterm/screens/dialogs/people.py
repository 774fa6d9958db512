"""Forms about people on a ticket: who hears of it, and whose it is."""

from collections.abc import Mapping

from deskterm.screens.dialogs.form import Field, FormDialog, TellingForm
from deskterm.screens.dialogs.verb import Targets


def watchers_form(targets: Targets, limit: int) -> FormDialog:
    """Give the form for who hears of tickets."""
    fields = (
        Field("add", "Hears of it from now on", hint="an address, or Name <address>"),
        Field("drop", "Hears of it no more", hint="an address or a name"),
    )
    return FormDialog("Watchers", targets, limit, fields, _somebody)


def _somebody(values: Mapping[str, str]) -> str:
    return "" if values["add"] or values["drop"] else "Name somebody."


def requester_form(targets: Targets, limit: int, who: str) -> FormDialog:
    """Give the form for whose a forwarded ticket is; as it stands it confirms `who`."""
    field = Field("who", "The requester, who is then written to", value=who,
                  required="Name the requester.")  # fmt: skip
    return TellingForm("Requester", targets, limit, (field,))
