"""Forms about people on a ticket: who hears of it, and whose it is."""

from deskterm.domain.asking import Request
from deskterm.domain.verbs import Change, Confirm, Watch
from deskterm.screens.dialogs.form import Field, RequestForm, TellingForm, Values
from deskterm.screens.dialogs.verb import Targets


def watchers_form(targets: Targets, limit: int) -> RequestForm:
    """Give the form for who hears of tickets."""
    fields = (
        Field("add", "Hears of it from now on", hint="an address, or Name <address>"),
        Field("drop", "Hears of it no more", hint="an address or a name"),
    )
    return RequestForm("Watchers", targets, limit, fields, _watch)


def _watch(values: Values) -> Request:
    add, drop = ((values[name],) if values[name] else () for name in ("add", "drop"))
    return Watch(add, drop)


def requester_form(targets: Targets, limit: int, who: str) -> RequestForm:
    """Give the form for whose a forwarded ticket is; as it stands it confirms `who`."""
    field = Field("who", "The requester, who is then written to", value=who,
                  required="Name the requester.")  # fmt: skip
    return TellingForm(
        "Requester",
        targets,
        limit,
        (field,),
        lambda said: Confirm() if said["who"] == who else Change(requester=said["who"]),
    )
