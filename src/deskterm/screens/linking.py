"""Linking tickets: to the known problem that is shown for one, or to what is asked for."""

from typing import TYPE_CHECKING

from deskterm.domain.verbs import Join
from deskterm.screens.dialogs.verb import Targets
from deskterm.screens.verbs import TicketVerbs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deskterm.domain.problems import ProblemFit


class Linking(TicketVerbs):
    """The action `link` of every screen that shows tickets."""

    def action_link(self) -> None:
        """Link to the known problem that is shown for it, else to what is asked for."""
        targets = self.targets()
        if len(targets.ids) != 1:
            self._link_to(targets)
            return

        def found(fits: "Sequence[ProblemFit]") -> None:
            if not fits or any(one.linked for one in fits):
                self._link_to(targets)
                return
            problem = fits[0].id
            self.order(f"Linked to P{problem}:", targets, Join(problem))

        self.load(lambda desk: desk.problems.fitting(targets.ids[0], 1), found, "link")

    def _link_to(self, targets: Targets) -> None:
        from deskterm.screens.dialogs.other import LinkDialog

        self.ask(LinkDialog(targets, self.limit), "Linked")
