"""What the verbs of solutions may ask of their screen."""

from typing import TYPE_CHECKING, Protocol

from deskterm.screens.flows import lists

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deskterm.domain.solutions import SolutionEdit, SolutionRow


class SolutionOwner(lists.ListOwner, Protocol):
    """The list of solutions with its reading pane."""

    ticket: int | None
    """The ticket that it was opened for."""
    stale: bool
    """Only those to look at again."""
    everything: bool
    """All of them, also those that do not fit the ticket."""
    edits: "Sequence[SolutionEdit] | None"
    """The history of the one in hand, while it is shown."""

    @property
    def solution(self) -> "SolutionRow | None":
        """The solution under the cursor."""

    @property
    def is_current(self) -> bool:
        """Whether the screen is on top."""

    def read_again(self) -> None:
        """Read the list anew."""

    def read_history(self) -> None:
        """Read the history of the one in hand."""

    def go_to(self, number: int) -> None:
        """Show a solution that was just written, among all."""
