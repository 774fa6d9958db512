"""Accepting what triage proposes, from every screen that shows tickets (C2)."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from deskterm.domain.proposals import Proposal
from deskterm.domain.verbs import Accept
from deskterm.screens.dialogs.verb import ConfirmDialog
from deskterm.screens.standings import Standings
from deskterm.screens.work import OnTickets, Order

if TYPE_CHECKING:
    from deskterm.domain.rows import Done

Shown = Mapping[int, Mapping[str, str]]
"""Ticket → kind → value, as it stands on the screen."""


class Accepting(Standings):
    """The action `accept`: what is seen is set; of several marked tickets each gets its own."""

    def proposed(self) -> Shown:
        """Give what is proposed on this screen."""
        return {}

    def written(self, done: "Done") -> None:
        """Called after a verb was done, e.g. to take the marks away."""

    def action_accept(self) -> None:
        """Set what triage proposes for what the ticket lacks."""
        targets, shown = self.targets(), self.proposed()
        if len(targets.ids) == 1 and targets.ids[0] in shown and not shown[targets.ids[0]]:
            self.desk_app.say("Nothing is proposed that it lacks.")
            return

        asked = OnTickets(targets.ids, Accept(shown))

        def confirmed(yes: bool | None) -> None:
            if yes:
                order = Order("Accepted on", asked, targets.seen or None, self.written)
                self.desk_app.write(order)

        if len(targets.ids) > 1:
            self.app.push_screen(ConfirmDialog("Accept", targets, self.limit), confirmed)
        else:
            confirmed(True)


def to_accept(proposals: Iterable[Proposal]) -> dict[str, str]:
    """Give what one key sets: everything but the hint at urgency."""
    return {one.kind: one.value for one in proposals if one.kind != "urgent"}


def proposal_lines(proposals: Iterable[Proposal]) -> list[tuple[str, str, str]]:
    """Give (label, words, key) of each proposal; the key stands at the first that it sets."""
    lines, key = [], "= accept"
    for one in proposals:
        if one.kind == "urgent":
            lines.append(("Urgent?", f"rather yes, {one.percent} ({one.reason})", "!"))
        else:
            lines.append((one.kind.capitalize(), one.line, key))
            key = ""
    return lines
