"""Why a ticket stands where it stands, from every screen that shows tickets."""

from typing import TYPE_CHECKING

from deskterm.screens.work import Working

if TYPE_CHECKING:
    from deskterm.domain.standing import Standing
    from deskterm.screens.dialogs.verb import Targets


class Standings(Working):
    """Actions that explain; the screen gives `targets`."""

    def targets(self) -> "Targets":
        """Give the tickets a verb acts on."""
        raise NotImplementedError

    def action_why(self) -> None:
        """Say why the ticket is where it is."""
        number = self.targets().ids[0]
        self.load(lambda desk: desk.tickets.why(number), self._show_standing, "why")

    def _show_standing(self, one: "Standing") -> None:
        from deskterm.domain.standing_words import standing_lines
        from deskterm.screens.dialogs.output import OutputDialog

        text = "\n".join(standing_lines(one, None))
        self.app.push_screen(OutputDialog(f"Why #{one.id} stands where it stands", text))
