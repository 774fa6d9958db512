"""Remedies as choices (B6): offer them, record which one the customer chose."""

from typing import TYPE_CHECKING

from deskterm.domain.verbs import Choose, Offer
from deskterm.screens.order import OnTickets, Order
from deskterm.screens.work import look_up
from deskterm.widgets.picker import Pick

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deskterm.domain.remedies import Offer as Offered
    from deskterm.screens.action import Flow
    from deskterm.screens.dialogs.verb import Targets
    from deskterm.screens.flows.owner import TicketOwner

_MORE = "offer"
_HOW = "How did they agree? By phone, by mail, in person."


def remedies(owner: "TicketOwner") -> None:
    """Offer remedies; where some are offered, record which one the customer chose."""
    targets = owner.targets()
    number = targets.ids[0]

    def go_on(offer: "Offered | None") -> None:
        if offer is None or offer.chosen is not None:
            _offer(owner, targets)
        else:
            _choose(owner, targets, offer)

    look_up(owner, lambda desk: desk.solutions.offered(number), go_on, "remedies")


def _offer(owner: "TicketOwner", targets: "Targets") -> None:
    from deskterm.domain.errors import UsageError
    from deskterm.domain.remedies import read_remedy
    from deskterm.screens.dialogs.form import Field, FormDialog, as_given

    label = "One a line: remedy | how long | cost | side effects | visit"
    fields = (Field("remedies", label, "long", required="Say what can be done."),)

    def offered(values: dict[str, str] | None) -> None:
        if not values:
            return
        lines = [line for line in values["remedies"].splitlines() if line.strip()]
        try:
            read = [read_remedy(line) for line in lines]
        except UsageError as error:
            owner.desk_app.say_error(error)
            return
        asked = OnTickets(targets.ids[:1], Offer(tuple(read)))
        owner.desk_app.write(Order("Offered remedies on", asked, targets.seen or None))

    owner.app.push_screen(FormDialog("Offer remedies", targets, 1, fields, as_given), offered)


def _choose(owner: "TicketOwner", targets: "Targets", offer: "Offered") -> None:
    from deskterm.domain.remedies import remedy_words
    from deskterm.screens.dialogs.ask import LineDialog, PickDialog

    picks = [
        Pick(str(at), f"{at}. {remedy_words(one)}") for at, one in enumerate(offer.remedies, 1)
    ]
    picks.append(Pick(_MORE, "offer something else"))

    def chosen(what: str | None) -> None:
        if what == _MORE:
            _offer(owner, targets)
        elif what is not None:
            owner.app.push_screen(
                LineDialog("The customer chose", _HOW),
                lambda means: _chosen(owner, targets, int(what), means),
            )

    owner.app.push_screen(PickDialog("Which did the customer choose?", picks), chosen)


def _chosen(owner: "TicketOwner", targets: "Targets", number: int, means: str | None) -> None:
    if means is None:
        return
    asked = OnTickets(targets.ids[:1], Choose(number, means=means))
    owner.desk_app.write(Order("Recorded the choice on", asked, targets.seen or None))


FLOWS: "Mapping[str, Flow]" = {
    "remedies": remedies,
}
"""Action → what it does."""
