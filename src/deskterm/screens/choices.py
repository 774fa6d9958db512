"""Remedies as choices (B6), from every screen that shows tickets: offer them, record the choice."""

from typing import TYPE_CHECKING

from deskterm.domain.verbs import Choose, Offer
from deskterm.screens.work import OnTickets, Order, Working
from deskterm.widgets.picker import Pick

if TYPE_CHECKING:
    from deskterm.domain.remedies import Offer as Offered
    from deskterm.screens.dialogs.verb import Targets

_MORE = "offer"
_HOW = "How did they agree? By phone, by mail, in person."


class Choices(Working):
    """Actions on what a ticket's customer may choose from; the screen gives `targets`."""

    def targets(self) -> "Targets":
        """Give the tickets a verb acts on."""
        raise NotImplementedError

    def action_remedies(self) -> None:
        """Offer remedies; where some are offered, record which one the customer chose."""
        targets = self.targets()
        number = targets.ids[0]

        def go_on(offer: "Offered | None") -> None:
            if offer is None or offer.chosen is not None:
                self._offer_remedies(targets)
            else:
                self._choose_remedy(targets, offer)

        self.load(lambda desk: desk.solutions.offered(number), go_on, "remedies")

    def _offer_remedies(self, targets: "Targets") -> None:
        from deskterm.domain.errors import UsageError
        from deskterm.domain.remedies import read_remedy
        from deskterm.screens.dialogs.form import Field, ValuesForm

        label = "One a line: remedy | how long | cost | side effects"
        fields = (Field("remedies", label, "long", required="Say what can be done."),)

        def offered(values: dict[str, str] | None) -> None:
            if not values:
                return
            lines = [line for line in values["remedies"].splitlines() if line.strip()]
            try:
                remedies = [read_remedy(line) for line in lines]
            except UsageError as error:
                self.desk_app.say_error(error)
                return
            asked = OnTickets(targets.ids[:1], Offer(tuple(remedies)))
            self.desk_app.write(Order("Offered remedies on", asked, targets.seen or None))

        self.app.push_screen(ValuesForm("Offer remedies", targets, 1, fields), offered)

    def _choose_remedy(self, targets: "Targets", offer: "Offered") -> None:
        from deskterm.domain.remedies import remedy_words
        from deskterm.screens.dialogs.ask import LineDialog
        from deskterm.screens.dialogs.pick import PickDialog

        picks = [
            Pick(str(at), f"{at}. {remedy_words(one)}") for at, one in enumerate(offer.remedies, 1)
        ]
        picks.append(Pick(_MORE, "offer something else"))

        def chosen(what: str | None) -> None:
            if what == _MORE:
                self._offer_remedies(targets)
            elif what is not None:
                self.app.push_screen(
                    LineDialog("The customer chose", _HOW),
                    lambda means: self._chosen(targets, int(what), means),
                )

        self.app.push_screen(PickDialog("Which did the customer choose?", picks), chosen)

    def _chosen(self, targets: "Targets", number: int, means: str | None) -> None:
        if means is None:
            return
        asked = OnTickets(targets.ids[:1], Choose(number, means=means))
        self.desk_app.write(Order("Recorded the choice on", asked, targets.seen or None))
